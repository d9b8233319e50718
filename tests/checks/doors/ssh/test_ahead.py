import os
import subprocess
import threading
from pathlib import Path

import pytest

from checks.doors.ssh import ahead
from checks.host import processes


def printed(sizes, pieces):
    return dict(ahead.files("MARK", f"{sizes}MARK{pieces}".encode()))


def test_files_are_told_apart_whatever_stands_in_them():
    found = printed(
        "3 /proc/1/comm\n 21 /proc/1/cmdline\n0 /proc/2/cmdline\n24 total\n",
        "/proc/1/comm:sh\n\0/proc/1/cmdline:a:\0/proc/1/cmdline:/proc/2/cmdline:x\n\0",
    )

    assert found == {
        "/proc/1/comm": b"sh\n",
        "/proc/1/cmdline": b"a:\0/proc/2/cmdline:x\n\0"[:21],
        "/proc/2/cmdline": b"",
    }


def test_a_file_that_changed_meanwhile_is_left_out():
    assert printed("5 /proc/1/comm\n", "/proc/1/comm:sh\n\0") == {}


pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


def test_processes_are_found_as_here(root, local):
    argument = "odd\n/proc/1/comm:\udcff"
    with subprocess.Popen(["sleep", "30", "0", argument][:3]) as one:
        here, there = (list(processes.named(door, "sleep")) for door in (local, root))
        one.kill()

    assert one.pid in {found.pid for found in there}
    assert {f.pid for f in there} <= {f.pid for f in here} | {one.pid}


def test_what_was_read_ahead_is_what_would_be_read(root):
    root.allow(10)
    root.names("/proc")
    own = f"/proc/{os.getpid()}"

    for name in ("comm", "cmdline"):
        assert f"{own}/{name}" in root._ahead
        assert root.read(f"{own}/{name}") == Path(own, name).read_bytes()
        assert f"{own}/{name}" not in root._ahead


def test_the_next_check_reads_anew(root):
    root.allow(10)
    root.names("/proc")

    root.allow(10)

    assert root._ahead == {}


def test_processes_that_come_and_go_hold_up_no_list(root):
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            subprocess.run(["true"])

    churning = threading.Thread(target=churn)
    churning.start()
    root.allow(60)
    lists = [root.names("/proc") for _ in range(30)]
    stop.set()
    churning.join()

    assert all("1" in names for names in lists)
