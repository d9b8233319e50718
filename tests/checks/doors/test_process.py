import os
import threading
import time
from pathlib import Path

import pytest

from checks.doors import process
from checks.errors import CheckError, NotPermitted, TimedOut, ToolMissing

ENV = {"PATH": "/usr/bin:/bin"}


def run(*argv, timeout=10.0, env=ENV, asked=()):
    return process.run(argv, env, timeout, process.Running(), asked=asked)


def shell(script, **options):
    return run("sh", "-c", script, **options)


def test_a_program_leaves_its_exit_code_and_output():
    result = shell("echo out; echo err >&2; exit 3")

    assert (result.exit, result.stdout, result.stderr) == (3, "out\n", "err\n")
    assert not result.cut


def test_a_signal_is_an_exit_code_above_128():
    assert shell("kill -KILL $$").exit == 137


def test_bytes_that_are_no_text_are_replaced():
    assert shell(r"printf 'a\377b'").stdout == "a\N{REPLACEMENT CHARACTER}b"


def test_only_the_given_environment_is_seen():
    assert run("env", env={"PATH": "/usr/bin", "A": "b"}).stdout.splitlines() == [
        "PATH=/usr/bin",
        "A=b",
    ]


def test_there_is_nothing_to_read_on_the_input():
    assert run("cat").stdout == ""


def test_a_program_that_is_not_there_is_missing():
    with pytest.raises(ToolMissing) as caught:
        run("no-such-program")

    assert caught.value.message == "there is no `no-such-program` on this machine"
    assert caught.value.remedy == "install `no-such-program`"


def test_a_file_that_may_not_be_run_is_not_permitted(tmp_path):
    (tmp_path / "f").write_text("#!/bin/sh\n")

    with pytest.raises(NotPermitted, match=r"`.*/f` may not be run"):
        run(str(tmp_path / "f"))


def test_a_program_that_is_no_program_cannot_be_run(tmp_path):
    (tmp_path / "f").write_bytes(b"\x7fELF nothing")
    (tmp_path / "f").chmod(0o755)

    with pytest.raises(CheckError, match=r"`.*/f` cannot be run: .*Exec format error"):
        run(str(tmp_path / "f"))


def test_a_program_that_takes_too_long_is_ended():
    began = time.monotonic()

    with pytest.raises(TimedOut) as caught:
        run("sleep", "60", timeout=0.2)

    assert time.monotonic() - began < 5
    assert caught.value.message == "`sleep 60` did not end within 0.2 s"


def test_its_children_are_ended_with_it(tmp_path):
    with pytest.raises(TimedOut):
        shell(f"sleep 60 & echo $! >{tmp_path}/child; wait", timeout=0.5)

    child = int((tmp_path / "child").read_text())
    assert _ends(child)


def test_an_error_names_what_was_asked_for():
    with pytest.raises(TimedOut, match=r"^`sleep 60` did not end"):
        run("env", "sleep", "60", timeout=0.2, asked=["sleep", "60"])


def test_a_long_command_line_is_cut_in_an_error():
    with pytest.raises(TimedOut) as caught:
        shell("sleep 60 #" + "x" * 200, timeout=0.2)

    assert len(caught.value.message) < 120
    assert "xxx...` did not end" in caught.value.message


def test_a_program_that_closes_its_output_is_still_waited_for():
    assert shell("exec >&- 2>&-; sleep 0.2; exit 4").exit == 4


def test_a_program_that_closes_its_output_is_still_ended():
    with pytest.raises(TimedOut):
        shell("exec >&- 2>&-; sleep 60", timeout=0.2)


def test_a_background_child_is_not_waited_for():
    began = time.monotonic()

    result = shell("sleep 60 & echo $!")

    os.kill(int(result.stdout), 9)
    assert time.monotonic() - began < 5


def test_a_background_child_that_writes_for_ever_is_not_waited_for():
    began = time.monotonic()

    result = shell("yes >&2 & echo $!")

    os.kill(int(result.stdout), 9)
    assert time.monotonic() - began < 5


def test_all_that_was_written_before_the_end_is_kept():
    assert shell("head -c 60000 /dev/zero | tr '\\0' x").stdout == "x" * 60_000


def test_output_beyond_the_limit_is_dropped_and_said_to_be_cut():
    result = shell("head -c 3000000 /dev/zero | tr '\\0' x")

    assert result.exit == 0
    assert len(result.stdout) == process.OUTPUT_LIMIT
    assert result.cut


def test_what_runs_can_be_ended_from_another_thread():
    running, left = process.Running(), []
    worker = threading.Thread(
        target=lambda: left.append(process.run(["sleep", "60"], ENV, 30, running))
    )
    worker.start()
    while worker.is_alive():
        running.kill()
        worker.join(0.05)

    assert left[0].exit == 137


def _ends(pid):
    for _ in range(100):
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
