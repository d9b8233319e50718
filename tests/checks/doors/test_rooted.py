import os

import pytest

from checks.doors import files, rooted
from checks.errors import CheckError


@pytest.fixture
def machine(tmp_path):
    """A root directory, and beside it a file of the host that must stay unread."""
    (tmp_path / "secret").write_text("the host's")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/name").write_text("the machine's")
    return root


@pytest.fixture
def read(machine):
    descriptor = os.open(machine, os.O_PATH)
    opener = rooted.opener(descriptor)
    yield lambda path: files.read(opener, path, 1000).decode()
    os.close(descriptor)


def test_a_path_begins_at_the_root(read):
    assert read("/etc/name") == "the machine's"


def test_an_absolute_link_stays_inside(machine, read):
    (machine / "link").symlink_to("/etc/name")

    assert read("/link") == "the machine's"


def test_an_absolute_link_to_a_host_file_finds_nothing(machine, read):
    (machine / "link").symlink_to(machine.parent / "secret")

    with pytest.raises(FileNotFoundError):
        read("/link")


def test_an_absolute_link_to_a_host_path_finds_the_one_inside(machine, read):
    inside = machine / str(machine.parent).lstrip("/")
    inside.mkdir(parents=True)
    (inside / "secret").write_text("the machine's own secret")
    (machine / "link").symlink_to(machine.parent / "secret")

    assert read("/link") == "the machine's own secret"


def test_a_linked_directory_stays_inside(machine, read):
    (machine / "run").symlink_to(machine.parent)

    with pytest.raises(FileNotFoundError):
        read("/run/secret")


def test_a_relative_link_cannot_climb_out(machine, read):
    (machine / "etc/link").symlink_to("../../secret")

    with pytest.raises(FileNotFoundError):
        read("/etc/link")


def test_dots_end_at_the_root(read):
    assert read("/../../../etc/name") == "the machine's"
    with pytest.raises(FileNotFoundError):
        read("/../secret")


def test_a_link_to_an_open_file_is_not_followed(machine, read):
    with (machine.parent / "secret").open() as held:
        (machine / "link").symlink_to(f"/proc/self/fd/{held.fileno()}")

        with pytest.raises(FileNotFoundError):
            read("/link")


def test_a_null_byte_is_in_no_path(read):
    with pytest.raises(CheckError, match="null byte"):
        read("/etc/name\0.txt")


def test_what_the_system_refuses_is_told_with_its_reason(machine, read):
    (machine / "loop").symlink_to("loop")

    with pytest.raises(CheckError, match=r"`/loop` cannot be read: .*symbolic links"):
        read("/loop")
