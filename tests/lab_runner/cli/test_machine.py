import pytest

from lab_runner.cli.main import main
from lab_runner.cli.waiting import ProgressLine


@pytest.mark.parametrize(
    ("argv", "message", "remedy"),
    [
        (["down"], "which machine?", "labrun machine down NAME, or --all"),
        (
            ["exec", "lab"],
            "there is no command to run",
            "labrun machine exec lab -- CMD",
        ),
        (
            ["exec", "lab", "--"],
            "there is no command",
            "labrun machine exec lab -- CMD",
        ),
        (
            ["up", "local"],
            "`local` cannot be the name of a machine",
            "up to 31 letters",
        ),
        (["up", "Web"], "`Web` cannot be the name of a machine", "up to 31 letters"),
        (["up", "a" * 32], "cannot be the name of a machine", "up to 31 letters"),
        (["up", "a-"], "`a-` cannot be the name of a machine", "no hyphen last"),
        (["up", "--cpus", "0"], "`--cpus 0`: a machine needs some", "`0.5`"),
        (["up", "--disk", "1K"], "`--disk 1K`: `1K` is out of range", "16M to 8T"),
        (["down", "--all", "a"], "`--all` goes without names", "labrun machine down"),
        (["shel"], "there is no command `shel`, did you mean `shell`?", "--help"),
    ],
)
def test_a_wrong_command_line_says_what_to_write_instead(capsys, argv, message, remedy):
    assert main(["machine", *argv]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert remedy in err


def test_without_a_terminal_progress_is_a_line_for_each_stage(capsys):
    with ProgressLine() as progress:
        for line in ("x: downloading 0 %", "x: downloading 50 %", "x: unpacking"):
            progress(line)

    assert capsys.readouterr().err == "x: downloading\nx: unpacking\n"
