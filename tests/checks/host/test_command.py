import pytest

from checks import spec
from checks.doors.files import Stat
from checks.doors.machine import PATH, Local
from checks.errors import NotPermitted, SpecError
from checks.host.command import Command
from checks.host.missing_command import ELSEWHERE, PROFILES
from checks.testing import FakeMachine
from checks.verdict import Status

PROGRAM = Stat("file", 0o755, 0, 0, 10)
PLAIN = Stat("file", 0o644, 0, 0, 10)
NOT_THERE = "`ctr` is not on the PATH"
FOLDER = Stat("directory", 0o755, 0, 0, 10)


def machine(*names, **stats):
    """A machine on which only the given paths are there, of all that may be asked."""
    found = {f"/{path.replace('_', '/')}": stat for path, stat in stats.items()}
    return bare(*names, stats=found)


def bare(*names, stats=(), files=(), folders=()):
    """A machine with nothing of these names but what is given."""
    places = [*PATH.split(":"), *ELSEWHERE]
    nothing = {f"{folder.format(name)}/{name}" for folder in places for name in names}
    return FakeMachine(
        stats={**dict.fromkeys(nothing), **dict(stats)},
        files={**dict.fromkeys(PROFILES), **dict(files)},
        folders={**dict.fromkeys(PATH.split(":")), **dict(folders)},
    )


def check(*names, **keys):
    return spec.build("command", Command, {"command": list(names), **keys})


def test_a_program_on_the_path_passes():
    verdict = check("ctr").run(machine("ctr", usr_bin_ctr=PROGRAM))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`ctr` is `/usr/bin/ctr`"
    assert tuple(verdict.facts) == Command.FACTS
    assert verdict.facts == {"name": "ctr", "path": "/usr/bin/ctr"}


def test_the_first_on_the_path_is_the_one():
    both = machine("ctr", usr_local_bin_ctr=PROGRAM, usr_bin_ctr=PROGRAM)

    assert check("ctr").run(both).facts["path"] == "/usr/local/bin/ctr"


def test_one_of_several_names_is_enough():
    verdict = check("docker", "podman").run(
        machine("docker", "podman", usr_bin_podman=PROGRAM)
    )

    assert verdict.summary == "`podman` is `/usr/bin/podman`"


def test_a_command_that_is_not_there_fails():
    verdict = check("ctr").run(machine("ctr"))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`ctr` is not on the PATH"


def test_when_no_name_is_found_all_are_told():
    verdict = check("docker", "podman").run(machine("docker", "podman"))

    assert verdict.summary == "Neither `docker` nor `podman` is on the PATH"


def test_a_file_that_may_not_be_executed_is_told():
    verdict = check("ctr").run(machine("ctr", usr_local_bin_ctr=PLAIN))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`/usr/local/bin/ctr` is there but may not be executed"
    assert verdict.hint == "chmod +x /usr/local/bin/ctr"


def test_a_file_in_the_way_of_a_program_is_passed_over():
    verdict = check("ctr").run(
        machine("ctr", usr_local_bin_ctr=PLAIN, usr_bin_ctr=PROGRAM)
    )

    assert verdict.facts["path"] == "/usr/bin/ctr"


def test_a_directory_is_no_command():
    verdict = check("ctr").run(machine("ctr", usr_bin_ctr=FOLDER))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`/usr/bin/ctr` is a directory, not a program"


@pytest.mark.parametrize(
    ("options", "summary", "hint"),
    [
        (
            {"stats": {"/opt/cni/bin/ctr": PROGRAM}},
            "`ctr` is `/opt/cni/bin/ctr`, and `/opt/cni/bin` is not on the PATH",
            'export PATH="$PATH:/opt/cni/bin"',
        ),
        (
            {"stats": {"/opt/ctr/bin/ctr": PROGRAM}},
            "`ctr` is `/opt/ctr/bin/ctr`, and `/opt/ctr/bin` is not on the PATH",
            'export PATH="$PATH:/opt/ctr/bin"',
        ),
        (
            {"files": {"/root/.bashrc": b"x=1\n alias ctr='ctr -n green'\n"}},
            "`ctr` is an alias in `/root/.bashrc`, it is no program",
            "",
        ),
        (
            {"files": {"/etc/profile": b"ctr () {\n"}},
            "`ctr` is a function in `/etc/profile`, it is no program",
            "",
        ),
        (
            {"folders": {"/usr/bin": ["CTR", "cat"]}},
            "`ctr` is not on the PATH, but `CTR` is",
            "",
        ),
        ({"files": {"/root/.bashrc": NotPermitted("no")}}, NOT_THERE, ""),
    ],
)
def test_what_there_is_in_place_of_a_command_is_told(options, summary, hint):
    verdict = check("ctr").run(bare("ctr", **options))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


def test_what_is_built_into_the_shell_is_told():
    assert check("alias").run(bare("alias")).summary == (
        "`alias` is built into the shell, it is no program"
    )


def test_a_link_that_leads_nowhere_is_told(tmp_path, monkeypatch):
    (tmp_path / "no-such-program").symlink_to("/opt/gone")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin")

    assert check("no-such-program").run(Local()).summary == (
        f"`{tmp_path}/no-such-program` is a link to `/opt/gone`, which does not exist"
    )


def test_the_path_of_the_program_is_compared():
    verdict = check("ctr", path="/usr/bin/ctr").run(
        machine("ctr", usr_local_bin_ctr=PROGRAM, usr_bin_ctr=PROGRAM)
    )

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`ctr` has path `/usr/local/bin/ctr`, not `/usr/bin/ctr`"


def test_among_several_the_one_at_the_wanted_path_decides():
    both = machine("a", "b", usr_bin_a=PROGRAM, usr_local_bin_b=PROGRAM)

    verdict = check("a", "b", path={"contains": "local"}).run(both)

    assert verdict.summary == "`b` is `/usr/local/bin/b`"


def test_a_command_that_should_not_be_there_is_not():
    verdict = check("ctr", exists="false").run(machine("ctr"))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`ctr` is not on the PATH"


def test_a_command_that_should_not_be_there_is():
    verdict = check("ctr", exists="false").run(machine("ctr", usr_bin_ctr=PROGRAM))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`ctr` is `/usr/bin/ctr`"


def test_a_directory_that_cannot_be_seen_leaves_it_open():
    hidden = machine("ctr", usr_local_sbin_ctr=NotPermitted("`/x` may not be read"))

    for exists in ("true", "false"):
        with pytest.raises(NotPermitted):
            check("ctr", exists=exists).run(hidden)


def test_a_directory_that_cannot_be_seen_does_not_hide_the_others():
    hidden = machine("ctr", usr_local_sbin_ctr=NotPermitted("no"), usr_bin_ctr=PROGRAM)

    assert check("ctr").run(hidden).status is Status.PASSED


def test_a_path_is_no_command():
    with pytest.raises(SpecError) as caught:
        check("/usr/bin/ctr")

    assert caught.value.message == "`command`: `/usr/bin/ctr` is a path, not a name"


def test_a_command_of_this_machine_is_found(tmp_path, monkeypatch):
    (tmp_path / "own").write_text("#!/bin/sh\n")
    (tmp_path / "own").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin")

    assert check("own").run(Local()).facts["path"] == f"{tmp_path}/own"
