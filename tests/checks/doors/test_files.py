import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from checks.doors import files
from checks.errors import CheckError, NotPermitted

LIMIT = 1 << 20


def read(path, limit=LIMIT):
    return files.read(os.open, str(path), limit)


def describe(path, *, follow=True):
    return files.stat(os.open, str(path), follow=follow)


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "f").write_bytes(b"a\n" * 50_000)

    assert read(tmp_path / "f") == b"a\n" * 50_000


def test_a_file_that_claims_to_be_empty_is_read():
    assert read("/proc/self/comm")


def test_a_file_as_large_as_the_limit_is_read(tmp_path):
    (tmp_path / "f").write_bytes(b"12345")

    assert read(tmp_path / "f", limit=5) == b"12345"


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    (tmp_path / "f").write_bytes(b"123456")

    with pytest.raises(CheckError, match="larger than 5 bytes"):
        read(tmp_path / "f", limit=5)


def test_a_huge_sparse_file_costs_no_more_than_the_limit(tmp_path):
    with (tmp_path / "f").open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(CheckError, match="larger than 5 bytes"):
        read(tmp_path / "f", limit=5)


def test_a_fifo_without_a_writer_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "f")

    with pytest.raises(CheckError, match=r"`.*/f` is a fifo, not a file"):
        read(tmp_path / "f")


def test_an_endless_device_is_refused():
    with pytest.raises(CheckError, match="`/dev/zero` is a character, not a file"):
        read("/dev/zero")


def test_a_directory_cannot_be_read(tmp_path):
    with pytest.raises(CheckError, match="is a directory, not a file"):
        read(tmp_path)


def test_a_file_that_is_not_there_is_told_by_its_path(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path / "nothing")

    assert caught.value.filename == str(tmp_path / "nothing")


def test_below_a_file_there_is_nothing(tmp_path):
    (tmp_path / "f").touch()

    with pytest.raises(FileNotFoundError):
        read(tmp_path / "f" / "below")


def test_a_loop_of_links_cannot_be_looked_at(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    with pytest.raises(CheckError, match=r"`[^`]*` cannot be read: Too many levels"):
        describe(tmp_path / "a")


def test_a_null_byte_is_in_no_path():
    with pytest.raises(CheckError, match="cannot be read"):
        read("/etc/passwd\0.txt")


def test_a_file_of_others_is_not_permitted(tmp_path, as_nobody):
    path = "/etc/shadow"

    with as_nobody(), pytest.raises(NotPermitted) as caught:
        read(path)

    assert caught.value.message == "`/etc/shadow` may not be read"
    assert caught.value.remedy == "run with `sudo`"


def test_a_process_that_ends_while_it_is_read_is_not_there():
    process = subprocess.Popen(["sleep", "60"])

    def open_just_before_its_end(path, flags):
        descriptor = os.open(path, flags)
        process.kill()
        process.wait()
        return descriptor

    with pytest.raises(FileNotFoundError):
        files.read(open_just_before_its_end, f"/proc/{process.pid}/comm", LIMIT)


def test_an_inode_is_described(tmp_path):
    path = tmp_path / "f"
    path.write_text("hello")
    path.chmod(0o4750)

    found = describe(path)

    assert (found.type, oct(found.mode), found.size) == ("file", "0o4750", 5)
    assert (found.uid, found.gid) == (os.geteuid(), os.getegid())


def test_a_link_is_followed_or_looked_at_itself(tmp_path):
    (tmp_path / "f").touch()
    (tmp_path / "link").symlink_to("f")

    assert describe(tmp_path / "link").type == "file"
    link = describe(tmp_path / "link", follow=False)
    assert (link.type, link.target) == ("symlink", "f")


def test_every_type_has_its_word(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))

        found = [describe(p).type for p in (tmp_path / "fifo", tmp_path / "socket")]

    assert found == ["fifo", "socket"]
    assert describe("/dev/null").type == "character"
    assert describe(tmp_path).type == "directory"


def test_a_directory_lists_its_names(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).touch()

    assert sorted(files.names(os.open, str(tmp_path))) == ["a", "b"]


def test_a_file_lists_no_names(tmp_path):
    (tmp_path / "f").touch()

    with pytest.raises(FileNotFoundError):
        files.names(os.open, str(tmp_path / "f"))


def test_a_socket_is_held_through_a_swap_of_its_path(tmp_path):
    path = str(tmp_path / "s")
    with (
        socket.socket(socket.AF_UNIX) as first,
        socket.socket(socket.AF_UNIX) as second,
        socket.socket(socket.AF_UNIX) as caller,
    ):
        first.bind(path)
        first.listen()
        held = files.hold_socket(os.open, path)
        Path(path).unlink()
        second.bind(path)
        second.listen()
        second.setblocking(False)

        caller.connect(held.path)

        first.accept()[0].close()
        with pytest.raises(BlockingIOError):
            second.accept()
        held.close()


def test_only_a_socket_is_held(tmp_path):
    (tmp_path / "f").touch()

    with pytest.raises(CheckError, match=r"`.*/f` is a file, not a socket"):
        files.hold_socket(os.open, str(tmp_path / "f"))


def test_a_held_socket_is_let_go_once(tmp_path):
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s"))
        held = files.hold_socket(os.open, str(tmp_path / "s"))

    held.close()
    held.close()

    assert held.path == "/proc/self/fd/-1"


def test_no_descriptor_is_left_open(tmp_path):
    (tmp_path / "f").touch()
    before = len(os.listdir("/proc/self/fd"))

    read(tmp_path / "f")
    describe(tmp_path / "f")
    files.names(os.open, str(tmp_path))
    with pytest.raises(CheckError):
        files.hold_socket(os.open, str(tmp_path / "f"))

    assert len(os.listdir("/proc/self/fd")) == before


def test_the_words_cover_every_type_of_inode_on_linux():
    elsewhere = {"S_IFMT", "S_IFDOOR", "S_IFPORT", "S_IFWHT"}
    types = {name for name in dir(stat) if name.startswith("S_IF")} - elsewhere

    assert set(files.TYPES) == {getattr(stat, name) for name in types}
