"""One sshd for all tests of the ssh door, and doors to it."""

import os
import socket

import pytest
from ssh_doors import door_to, open_folder, own_temporary_folder
from sshd import Sshd


@pytest.fixture(scope="session")
def running():
    """A server for all tests, which none of them changes."""
    if os.geteuid() != 0:
        pytest.skip("needs root to start sshd")
    with open_folder() as folder:
        server = Sshd(folder).start()
        yield server
        server.stop()


@pytest.fixture
def sshd(running, monkeypatch):
    """The server for all tests, and the ssh that knows it."""
    monkeypatch.setenv("PATH", running.client.path)
    with own_temporary_folder():
        yield running


@pytest.fixture
def own(monkeypatch):
    """A server of the test's own, which it starts and may change."""
    with open_folder() as folder:
        server = Sshd(folder)
        monkeypatch.setenv("PATH", server.client.path)
        yield server
        server.stop()


@pytest.fixture(scope="session")
def root(running):
    """A door for all tests, as root."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", running.client.path)
        with door_to(running.url()) as door:
            yield door


@pytest.fixture(params=["root", "admin", "plain"])
def door(sshd, request):
    with door_to(sshd.url(request.param)) as door:
        yield door


@pytest.fixture(params=["local", "ssh"])
def either(request, local, root):
    """Both doors: what is asked of them must be answered alike."""
    chosen = {"local": local, "ssh": root}[request.param]
    chosen.allow(20)
    return chosen


@pytest.fixture
def things():
    """One of each kind of thing that can lie in the way of a check."""
    with open_folder() as folder:
        (folder / "file").write_bytes(b"a\0\xff\n")
        (folder / "empty").touch()
        (folder / "odd\n'\udcff").write_text("odd")
        (folder / "link").symlink_to("file")
        (folder / "dangling").symlink_to("nowhere\n")
        (folder / "loop").symlink_to("loop")
        (folder / "folder").mkdir(mode=0o1770)
        os.mkfifo(folder / "fifo")
        os.mknod(folder / "zero", 0o20666, os.makedev(1, 5))
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(folder / "socket"))
        yield folder
