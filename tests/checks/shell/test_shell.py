import json
import os

import pytest

from checks import spec
from checks.doors.files import Stat
from checks.doors.machine import PATH, Local
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, TimedOut, ToolMissing
from checks.shell.shell import RECORDED, Shell
from checks.testing import FakeMachine
from checks.verdict import Status

PROGRAM = Stat("file", 0o755, 0, 0, 10)
PASSWD = b"ann:x:1000:100::/home/ann:/bin/sh\n"
AS_ANN = "setpriv --reuid=1000 --regid=100 --init-groups --reset-env bash -c true"


def fake(commands, bash="/usr/bin/bash"):
    stats = {f"{folder}/bash": None for folder in PATH.split(":")}
    return FakeMachine(
        commands=commands,
        stats={**stats, bash: PROGRAM} if bash else stats,
        files={"/etc/passwd": PASSWD},
    )


def check(command, **keys):
    return spec.build("shell", Shell, {"shell": command, **keys})


def run(command, **keys):
    return check(command, **keys).run(Local())


def test_a_command_that_succeeds_passes():
    verdict = run("echo hello; echo note >&2")

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`echo hello; echo note >&2` ended with exit code 0"
    assert tuple(verdict.facts) == Shell.FACTS
    assert verdict.facts == {"exit": 0, "stdout": "hello\n", "stderr": "note\n"}


def test_a_command_that_fails_is_told_with_its_last_words():
    verdict = run("echo first >&2; echo last >&2; exit 3")

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`echo first >&2; echo last >&2; exit 3` ended with exit code 3: last"
    )
    assert (verdict.expected, verdict.actual) == ("exit code 0", "exit code 3")


def test_a_command_that_fails_may_say_why_on_its_output():
    assert run("echo why; false").summary == (
        "`echo why; false` ended with exit code 1: why"
    )


def test_a_command_that_fails_may_say_nothing():
    assert run("false").summary == "`false` ended with exit code 1"


def test_another_exit_code_may_be_wanted():
    assert run("exit 3", exit="3").status is Status.PASSED
    assert run("exit 3", exit={"not": "0"}).status is Status.PASSED
    assert run("true", exit="3").summary == "`true` ended with exit code 0"


def test_a_command_that_is_not_found_is_an_exit_code():
    verdict = run("no-such-program")

    assert verdict.status is Status.FAILED
    assert "exit code 127: " in verdict.summary


def test_a_signal_is_an_exit_code():
    assert run("kill -KILL $$", exit="137").status is Status.PASSED


def test_a_newline_at_the_end_does_not_count():
    assert run("printf 'a\\nb\\n'", stdout="a\nb").status is Status.PASSED
    assert run("printf 'a\\nb'", stdout="a\nb\n").status is Status.PASSED


def test_output_may_be_wanted_empty():
    assert run("true", stdout="").status is Status.PASSED
    assert run("echo a", stdout="").status is Status.FAILED


@pytest.mark.parametrize(
    ("command", "keys", "summary"),
    [
        ("echo a", {"stdout": "b"}, "`echo a` printed `a` on stdout, not `b`"),
        (
            "echo 'a '",
            {"stdout": "a"},
            "`echo 'a '` printed `a \\n` on stdout, not `a`",
        ),
        (
            "true",
            {"stdout": {"contains": "b"}},
            "`true` printed nothing on stdout, expected containing b",
        ),
        (
            "echo a >&2",
            {"stderr": {"matches": "^b"}},
            "`echo a >&2` printed `a` on stderr, expected matching ^b",
        ),
    ],
)
def test_what_is_printed_is_compared(command, keys, summary):
    verdict = run(command, **keys)

    assert verdict.status is Status.FAILED
    assert verdict.summary == summary
    assert verdict.facts["exit"] == 0


def test_what_is_told_and_recorded_is_bounded():
    verdict = run("head -c 100000 /dev/zero | tr '\\0' x" + " #" * 100, stdout="a")

    assert len(verdict.summary) < 300
    assert len(verdict.facts["stdout"]) == RECORDED
    assert len(json.dumps(verdict.facts)) < 2 * RECORDED


def test_output_too_large_to_be_kept_is_not_compared():
    command = "yes | head -c 3000000"

    assert run(command).status is Status.PASSED
    with pytest.raises(CheckError, match="printed too much to be compared"):
        run(command, stdout={"not": {"contains": "x"}})


def test_a_command_that_does_not_end_is_an_error():
    machine = Local()
    machine.allow(0.3)

    with pytest.raises(TimedOut):
        check("sleep 60").run(machine)


def test_bash_runs_the_command():
    assert run("[[ -n $BASH_VERSION ]]").status is Status.PASSED


def test_without_bash_the_command_is_run_by_sh():
    machine = fake({"sh -c true": Result(0, "", "")}, bash="")

    assert check("true").run(machine).status is Status.PASSED


def test_without_any_shell_nothing_can_be_told():
    with pytest.raises(ToolMissing, match="there is no `sh`"):
        check("true").run(fake({"sh -c true": None}, bash=""))


def test_another_user_runs_the_command_without_a_session():
    machine = fake({AS_ANN: Result(3, "", "setprivileges failed\n")})

    assert check("true", user="ann", exit="3").run(machine).status is Status.PASSED


def test_a_user_that_is_not_there_is_told():
    machine = fake({"getent passwd eve": Result(2, "", "")})

    verdict = check("true", user="eve").run(machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "There is no user `eve`"
    assert verdict.hint == "adduser eve"


def test_who_may_not_become_another_cannot_tell():
    refused = "setpriv: setresuid failed: Operation not permitted\n"

    with pytest.raises(NotPermitted) as caught:
        check("true", user="ann").run(fake({AS_ANN: Result(127, "", refused)}))

    assert caught.value.message == (
        "nothing can be run as `ann`: "
        "setpriv: setresuid failed: Operation not permitted"
    )
    assert caught.value.remedy == "run with `sudo`"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_another_user_has_his_own_rights_and_home():
    verdict = run("id -un; echo $HOME; test -r /etc/shadow", user="nobody", exit="1")

    assert verdict.facts["stdout"] == "nobody\n/nonexistent\n"
