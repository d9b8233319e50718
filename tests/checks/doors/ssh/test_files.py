"""Files over there, whatever lies in the way."""

import os
import threading
from pathlib import Path

import pytest
from ssh_doors import door_to, outcome

from checks.errors import CheckError, NotPermitted, TimedOut

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


NAMES = [
    *("file", "empty", "odd\n'\udcff", "link", "dangling", "loop", "folder", "fifo"),
    *("zero", "socket", "nothing", "file/inside", "folder/nothing", ".", "a\0b"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_path_is_read_and_described_as_here(local, root, things, name):
    path = f"{things}/{name}"

    for ask in (
        lambda door: door.stat(path),
        lambda door: door.stat(path, follow=False),
        lambda door: door.read(path),
        lambda door: sorted(door.names(path)),
    ):
        here, there = outcome(lambda: ask(local)), outcome(lambda: ask(root))  # noqa: B023
        if isinstance(here, tuple) and here[0] is CheckError and "Errno" in here[1]:
            assert there[0] is CheckError  # its words are the system's
        else:
            assert there == here


def test_a_file_of_the_kernel_is_read_whole(root):
    assert root.read("/proc/1/cmdline") == Path("/proc/1/cmdline").read_bytes()
    assert root.read("/proc/sys/kernel/ostype") == b"Linux\n"


def test_a_large_file_arrives_byte_for_byte(root, tmp_path):
    data = os.urandom(5 << 20)
    (tmp_path / "large").write_bytes(data)

    assert root.read(f"{tmp_path}/large") == data


def test_a_file_beyond_the_limit_is_refused(either, tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 101)

    assert len(either.read(f"{tmp_path}/large", 101)) == 101
    with pytest.raises(CheckError, match="is larger than 100 bytes, too large to read"):
        either.read(f"{tmp_path}/large", 100)


def test_what_may_not_be_read_is_not_taken_for_absent(sshd, things):
    (things / "closed").mkdir(mode=0o700)
    (things / "closed/file").touch()
    with door_to(sshd.url("plain")) as door:
        for ask in (door.read, door.stat, door.names):
            with pytest.raises(NotPermitted):
                ask(f"{things}/closed/file")
        with pytest.raises(NotPermitted):
            door.names(f"{things}/closed")


def test_a_file_that_stops_being_one_cannot_hold_a_check_up(root, things):
    """As it does when it is swapped between the look and the reading."""
    (things / "swapped").write_text("x")
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            (things / "swapped").rename(things / "aside")
            (things / "fifo").rename(things / "swapped")
            (things / "swapped").rename(things / "fifo")
            (things / "aside").rename(things / "swapped")

    swapper = threading.Thread(target=swap)
    swapper.start()
    root.allow(1)
    found = [outcome(lambda: root.read(f"{things}/swapped")) for _ in range(30)]
    stop.set()
    swapper.join()

    root.allow(10)
    allowed = (b"x", FileNotFoundError, CheckError, TimedOut)
    assert {f if isinstance(f, bytes) else f[0] for f in found} <= set(allowed)
    assert root.run(["echo", "on"]).stdout == "on\n"
