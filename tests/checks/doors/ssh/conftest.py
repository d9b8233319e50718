"""One sshd for all tests of the ssh door, and doors to it."""

import os
import socket

import pytest
from ssh_doors import door_to, own_temporary_folder
from sshd import Sshd


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """A server for all tests, which none of them changes."""
    if os.geteuid() != 0:
        pytest.skip("needs root to start sshd")
    folder = tmp_path_factory.mktemp("sshd")
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)  # its users have their homes there
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
def own(tmp_path, monkeypatch):
    """A server of the test's own, which it starts and may change."""
    server = Sshd(tmp_path)
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
def things(tmp_path):
    """One of each kind of thing that can lie in the way of a check."""
    (tmp_path / "file").write_bytes(b"a\0\xff\n")
    (tmp_path / "empty").touch()
    (tmp_path / "odd\n'\udcff").write_text("odd")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nowhere\n")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir(mode=0o1770)
    os.mkfifo(tmp_path / "fifo")
    os.mknod(tmp_path / "zero", 0o20666, os.makedev(1, 5))
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
    return tmp_path
