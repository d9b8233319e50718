import subprocess
import time

import pytest

from checks import spec
from checks.doors.machine import Local
from checks.errors import CheckError, NotPermitted, TimedOut
from checks.host import processes
from checks.host.process import Process
from checks.testing import FakeMachine
from checks.verdict import Status

ROOT = b"root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\n"
INIT = (1, "systemd", ["/sbin/init"])


def machine(*processes, gone=(), **options):
    """A machine with processes of (pid, comm, words, uid=0, parent=1, state=S)."""
    files = {"/etc/passwd": ROOT}
    for pid, comm, words, *more in processes:
        uid, parent, state = (*more, *(0, 1, "S")[len(more) :])
        files[f"/proc/{pid}/comm"] = f"{comm}\n".encode()
        files[f"/proc/{pid}/cmdline"] = b"".join(w.encode() + b"\0" for w in words)
        files[f"/proc/{pid}/status"] = (
            f"Name:\t{comm}\nState:\t{state} (sleeping)\n"
            f"PPid:\t{parent}\nUid:\t7\t{uid}\t7\t7\n"
        ).encode()
    files.update((f"/proc/{pid}/comm", None) for pid in gone)
    names = [str(pid) for pid, *_ in processes] + [str(pid) for pid in gone]
    folders = {"/proc": ["self", "sys", *names]}
    return FakeMachine(**{"files": files, "folders": folders, **options})


def check(name="sleep", **keys):
    return spec.build("process", Process, {"process": name, **keys})


def test_a_running_process_passes():
    verdict = check().run(machine(INIT, (12, "sleep", ["sleep", "60"])))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`sleep` is running (PID 12)"
    assert tuple(verdict.facts) == Process.FACTS
    assert verdict.facts == {"name": "sleep", "pids": [12], "count": 1}


@pytest.mark.parametrize(
    ("comm", "words"),
    [
        ("sleep", []),
        ("sleep", ["[renamed]"]),
        ("main", ["/usr/bin/sleep", "60"]),
        ("sleep", ["-sleep"]),
    ],
)
def test_a_name_is_the_kernels_or_that_of_the_program(comm, words):
    assert check().run(machine(INIT, (12, comm, words))).status is Status.PASSED


def test_a_name_longer_than_the_kernel_keeps_is_found():
    shim = (12, "containerd-shim", ["/usr/bin/containerd-shim-runc-v2", "-id", "a"])

    verdict = check("containerd-shim-runc-v2").run(machine(INIT, shim))

    assert verdict.summary == "`containerd-shim-runc-v2` is running (PID 12)"


@pytest.mark.parametrize(
    "other",
    [
        (12, "sleeper", ["/usr/bin/sleeper"]),
        (12, "slee", ["slee"]),
        (12, "grep", ["grep", "sleep"]),
    ],
)
def test_only_the_exact_name_counts(other):
    verdict = check().run(machine(INIT, other))

    assert verdict.status is Status.FAILED
    assert verdict.summary.startswith("`sleep` is not running")


@pytest.mark.parametrize(
    ("other", "near"),
    [
        ((12, "sleepd", ["sleepd"]), ", but `sleepd` is"),
        ((12, "SLEEP", ["SLEEP"]), ", but `SLEEP` is"),
        (
            (12, "python3", ["python3", "/srv/sleep.py"]),
            " under this name, but `python3` runs it as a script (PID 12)",
        ),
        (
            (12, "bash", ["bash", "/usr/bin/sleep"]),
            " under this name, but `bash` runs it as a script (PID 12)",
        ),
        ((12, "cat", ["cat", "/usr/bin/sleep"]), ""),
    ],
)
def test_what_runs_in_place_of_a_process_is_told(other, near):
    verdict = check().run(machine(INIT, other))

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`sleep` is not running{near}"


def test_a_process_that_ends_meanwhile_is_left_out():
    found = machine(INIT, (14, "sleep", ["sleep"]), gone=[12, 13])

    assert check().run(found).facts["pids"] == [14]


def test_everything_asked_may_hold():
    found = machine(
        INIT, (11, "bash", ["-bash"]), (12, "sleep", ["sleep", "60"], 1000, 11)
    )

    verdict = check(arguments="sleep 60", user="ann", parent="bash", count="1").run(
        found
    )

    assert verdict.status is Status.PASSED


def test_a_parent_has_its_whole_name():
    shim = (11, "containerd-shim", ["/usr/bin/containerd-shim-runc-v2", "-id", "a"])
    found = machine(INIT, shim, (12, "sleep", ["sleep"], 0, 11))

    verdict = check(parent="containerd-shim-runc-v2").run(found)

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("keys", "summary"),
    [
        (
            {"arguments": {"contains": "90"}},
            "`sleep` (PID 12) has arguments `sleep 60`, expected containing 90",
        ),
        ({"user": "ann"}, "`sleep` (PID 12) has user `root`, not `ann`"),
        ({"parent": "bash"}, "`sleep` (PID 12) has parent `systemd`, not `bash`"),
    ],
)
def test_what_differs_is_told(keys, summary):
    verdict = check(**keys).run(machine(INIT, (12, "sleep", ["sleep", "60"])))

    assert verdict.status is Status.FAILED
    assert verdict.summary == summary
    assert verdict.facts["pids"] == [12]


def test_a_process_without_a_parent_is_told():
    found = machine(INIT, (12, "sleep", ["sleep"], 0, 0))
    found._files["/proc/0/comm"] = None

    verdict = check(parent="bash").run(found)

    assert verdict.summary == "`sleep` (PID 12) has no parent, not `bash`"


def test_one_that_is_as_asked_is_enough():
    found = machine(
        INIT, (12, "sleep", ["sleep", "60"]), (13, "sleep", ["sleep", "90"])
    )

    verdict = check(arguments={"contains": "90"}).run(found)

    assert verdict.summary == "`sleep` is running (PID 13)"


def test_processes_are_counted():
    found = machine(INIT, *((pid, "sleep", ["sleep"]) for pid in range(11, 18)))

    verdict = check(count={"at_least": 7}).run(found)
    assert verdict.status is Status.PASSED
    assert verdict.summary == (
        "`sleep` is running 7 times (PIDs 11, 12, 13, 14, 15 and 2 more)"
    )

    verdict = check(count="1").run(found)
    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("count 1", "count 7")


def test_none_may_be_asked_for_as_a_count():
    assert check(count="0").run(machine(INIT)).status is Status.PASSED


def test_a_zombie_does_not_run():
    found = machine(INIT, (12, "sleep", [], 0, 1, "Z"))

    verdict = check().run(found)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`sleep` has ended and waits for its parent to collect it (zombie, PID 12)"
    )
    assert check(exists="false").run(found).status is Status.PASSED


def test_a_process_that_should_not_be_there_is_not():
    verdict = check(exists="false").run(machine(INIT))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`sleep` is not running"


def test_a_process_that_should_not_be_there_is():
    found = machine(INIT, (12, "sleep", ["sleep"]), (13, "sleep", ["sleep"]))

    verdict = check(exists="false").run(found)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`sleep` is running 2 times (PIDs 12, 13)"
    assert verdict.hint == "kill 12 13"


def test_all_of_many_that_should_not_be_there_are_to_be_killed():
    found = machine(INIT, *((pid, "sleep", ["sleep"]) for pid in range(11, 18)))

    verdict = check(exists="false").run(found)

    assert verdict.hint == "kill 11 12 13 14 15 16 17"


def test_a_process_that_should_not_be_there_may_run_otherwise():
    found = machine(INIT, (12, "sleep", ["sleep", "60"]))

    verdict = check(exists="false", arguments={"contains": "90"}).run(found)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`sleep` is not running as asked"


@pytest.mark.parametrize("keys", [{}, {"exists": "false"}, {"count": "0"}])
@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        (None, CheckError, "there is no /proc on this machine"),
        (
            ["77", "self"],
            NotPermitted,
            "the processes of other users are hidden on this machine",
        ),
    ],
)
def test_processes_that_cannot_be_seen_are_an_error(keys, names, error, message):
    with pytest.raises(error) as caught:
        check(**keys).run(FakeMachine(folders={"/proc": names}))

    assert caught.value.message == message


def test_a_process_that_may_not_be_read_is_an_error():
    found = machine(INIT)
    found._files["/proc/1/comm"] = NotPermitted("no")

    with pytest.raises(NotPermitted):
        check(exists="false").run(found)


def test_many_processes_take_no_longer_than_allowed():
    found = machine(INIT)
    found.allow(0)

    with pytest.raises(TimedOut):
        check().run(found)


def test_a_process_of_this_machine_is_found():
    process = subprocess.Popen(["sleep", "61.5"])
    try:
        verdict = check(arguments="sleep 61.5").run(Local())
    finally:
        process.kill()
        process.wait()

    assert verdict.facts["pids"] == [process.pid]


def test_a_process_of_this_machine_that_has_ended_is_a_zombie():
    process = subprocess.Popen(["true"], stdout=subprocess.PIPE)
    process.stdout.read()  # to the end of its output, which its end is
    time.sleep(0.1)

    found = [p for p in processes.named(Local(), "true") if p.pid == process.pid]

    process.wait()
    process.stdout.close()
    assert [each.is_zombie for each in found] == [True]
