import time

import pytest

from checks import spec
from checks.errors import CheckError, SpecError
from checks.shell.ran import Ran
from checks.testing import FakeMachine
from checks.verdict import Status

SHOWN = time.time() - 60


class Watched:
    """A witness that has seen lines: line, exit code, directory, seconds since shown."""

    since = SHOWN

    def __init__(self, *seen):
        self._seen = seen

    def witnessed(self, kind):
        if kind == "event":
            return None
        return [
            {"command": line, "exit": code, "directory": where, "start": SHOWN + after}
            for line, code, where, after in self._seen
        ]


class Unwatched(Watched):
    def witnessed(self, kind):
        return None


class Kernel(Watched):
    """A witness whom the kernel told of programs, watched from `began` on."""

    def __init__(self, *seen, began=-1.0, reason=""):
        super().__init__(*seen)
        mark = {"watching": not reason, "reason": reason, "time": SHOWN + began}
        self._mark = {"source": "kernel", "address": "", **mark}

    def witnessed(self, kind):
        if kind == "command":
            return None
        told = {"source": "kernel", "address": "", "topic": "exec"}
        return [self._mark] + [
            {
                **told,
                "time": SHOWN + after,
                "fields": {"command": line, "exit": code, "directory": where},
            }
            for line, code, where, after in self._seen
        ]


def seen(line, code=0, directory="/root", after=1.0):
    return line, code, directory, after


def judged(*lines, **entry):
    machine = FakeMachine()
    machine.witness = Watched(*lines)
    return spec.build("ran", Ran, entry).run(machine)


def test_a_command_that_was_run_passes_with_its_facts():
    verdict = judged(seen("sudo ctr images ls -q 'a b'"), ran="ctr images ls")
    assert verdict.status is Status.PASSED
    assert verdict.summary == "`ctr images ls -q a b` was run with exit code 0"
    assert tuple(verdict.facts) == Ran.FACTS
    assert verdict.facts == {
        "command": "ctr images ls -q 'a b'",
        "exit": 0,
        "directory": "/root",
        "time": SHOWN + 1,
    }


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("ctr images ls | grep busybox", {"ran": "ctr images ls"}),
        ("/usr/bin/ctr images ls", {"ran": "ctr images ls"}),
        ("ctr --debug images ls", {"ran": "ctr images ls"}),
        ("mkdir a && cd a && ctr images ls", {"ran": "ctr images ls"}),
        ("ctr images ls", {"ran": "sudo ctr images ls"}),
        ("ctr -n k8s.io i ls", {"ran": {"matches": "^ctr .* ls$"}}),
        ("ctr images ls", {"ran": "ctr images ls", "directory": "/root"}),
    ],
)
def test_a_command_counts_wherever_it_stands_in_a_line(line, entry):
    assert judged(seen(line), **entry).status is Status.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "ctr image ls",
        "ctr images",
        "ctr -n k8s.io images ls",
        "docker run ctr images ls",
        "echo 'ctr images ls'",
        "echo; # ctr images ls",
        "./ctr-images ls",
    ],
)
def test_what_only_resembles_a_command_does_not_count(line):
    assert judged(seen(line), ran="ctr images ls").status is Status.FAILED


@pytest.mark.parametrize(
    ("lines", "entry", "said"),
    [
        ([], {}, "`ctr images ls` was not run since the step began"),
        (
            [seen("ctr image ls")],
            {},
            "`ctr images ls` was not run since the step began, but `ctr image ls` was",
        ),
        (
            [seen("ctr images ls", 1)],
            {},
            "`ctr images ls` was run and ended with exit code 1",
        ),
        (
            [seen("ctr images ls", 0)],
            {"exit": "3"},
            "`ctr images ls` was run and ended with exit code 0",
        ),
        (
            [seen("ctr images ls")],
            {"directory": "/srv"},
            "`ctr images ls` was run in `/root`, not `/srv`",
        ),
        (
            [seen("ctr images ls", after=-200_000)],
            {},
            "`ctr images ls` was run 2 days ago, before the step began",
        ),
    ],
)
def test_a_near_miss_is_told(lines, entry, said):
    verdict = judged(*lines, ran="ctr images ls", **entry)
    assert verdict.status is Status.FAILED
    assert verdict.summary == said


def test_a_failure_may_be_asked_for():
    verdict = judged(seen("cat /nothing", 1), ran="cat /nothing", exit="1")
    assert verdict.status is Status.PASSED


def test_the_run_that_holds_counts_however_others_went():
    lines = [seen("runc list", 1), seen("runc list", 0), seen("runc list", 1)]
    assert judged(*lines, ran="runc list").status is Status.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "",
        "true || ctr images ls",
        "(ctr images ls)",
        "for i in 1 2; do ctr images ls; done",
    ],
)
@pytest.mark.parametrize("exists", ["true", "false"])
def test_what_the_shell_does_not_tell_proves_nothing(line, exists):
    with pytest.raises(CheckError, match="cannot be told"):
        judged(seen(line), ran="ctr images ls", exists=exists)


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("runc list | cat", {"exit": "0"}),
        ("cd /srv; runc list", {"directory": "/srv"}),
    ],
)
def test_an_end_or_a_directory_that_is_not_known_proves_nothing(line, entry):
    with pytest.raises(CheckError, match="cannot be told"):
        judged(seen(line), ran="runc list", **entry)


def test_a_hidden_command_does_not_matter_once_it_was_run_in_sight():
    verdict = judged(seen(""), seen("runc list"), ran="runc list")
    assert verdict.status is Status.PASSED


def test_a_command_that_must_not_be_run():
    absent = judged(seen("ls"), ran="rm", exists="false")
    there = judged(seen("rm -r /srv"), ran="rm", exists="false")
    assert absent.status is Status.PASSED
    assert there.status is Status.FAILED
    assert there.summary == "`rm -r /srv` was run with exit code 0 since the step began"


@pytest.mark.parametrize(
    ("witness", "said"),
    [(None, "step that was shown"), (Unwatched(), "nobody recorded")],
)
@pytest.mark.parametrize("exists", [True, False])
def test_without_a_recorded_shell_nothing_is_proven(witness, said, exists):
    machine = FakeMachine()
    machine.witness = witness
    check = spec.build("ran", Ran, {"ran": "ls", "exists": exists})
    with pytest.raises(CheckError, match=said):
        check.run(machine)


@pytest.mark.parametrize("asked", ["ls | cat", "a; b", "X=1", "echo $(ls)", "'"])
def test_what_is_not_one_command_is_a_fault_of_the_check(asked):
    with pytest.raises(SpecError, match="is not one command"):
        spec.build("ran", Ran, {"ran": asked})


def judged_by(witness, **entry):
    machine = FakeMachine()
    machine.witness = witness
    return spec.build("ran", Ran, entry).run(machine)


def test_a_program_that_the_kernel_told_of_passes():
    verdict = judged_by(Kernel(seen("ctr images ls -q")), ran="ctr images ls")
    assert verdict.status is Status.PASSED
    assert verdict.facts["directory"] == "/root"


def test_a_program_that_the_kernel_would_have_told_of_was_not_run():
    verdict = judged_by(Kernel(seen("ctr image ls")), ran="ctr images ls")
    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("but `ctr image ls` was")


@pytest.mark.parametrize("exists", ["true", "false"])
@pytest.mark.parametrize(
    ("witness", "asked", "said"),
    [
        (Kernel(began=2.0), "ls", "the step began before"),
        (Kernel(reason="no root"), "ls", "cannot be watched: no root"),
        (Kernel(seen("")), "ls", "ended before it could be looked at"),
        (Kernel(), "cd /srv", "a command of the shell itself"),
        (Kernel(), {"matches": "^cd"}, "a command of the shell itself"),
    ],
)
def test_what_the_kernel_may_not_have_told_is_not_guessed(witness, asked, said, exists):
    with pytest.raises(CheckError, match=said):
        judged_by(witness, ran=asked, exists=exists)
