import hashlib
import os
from pathlib import Path

import pytest

from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats import native

TEXT = "# A lab\n\n## A step\n\nProse.\n"


def read(path):
    return native.read(path, b"seed").lab


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "labs" / "my-lab"
    home.mkdir(parents=True)
    (home / "lab.md").write_text(TEXT)
    return home


def test_a_folder_stands_for_its_lab_md(folder):
    assert read(folder) == read(folder / "lab.md")


def test_a_lab_md_is_named_after_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)

    assert read(folder / "lab.md").id == "my-lab"


def test_any_other_file_is_named_after_itself(tmp_path):
    file = tmp_path / "How to Ctr!.md"
    file.write_text(TEXT)

    assert read(file).id == "how-to-ctr"


def test_the_digest_is_that_of_the_bytes_as_written(folder):
    file = folder / "lab.md"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode())

    assert read(file).digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_places_are_shown_from_the_current_folder(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert read(folder).source.path == "labs/my-lab/lab.md"


def test_places_elsewhere_are_shown_as_given(folder, monkeypatch):
    monkeypatch.chdir("/")

    assert read(folder).source.path == str(folder / "lab.md").removeprefix("/")


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_lines_may_end_as_on_other_systems(folder, ends):
    (folder / "lab.md").write_text(TEXT.replace("\n", ends), newline="")

    assert read(folder).steps[0].source.line == 3


def test_a_file_that_is_not_there_is_a_mistake_in_usage(tmp_path):
    with pytest.raises(UsageError, match=r"there is no file `.*nowhere.md`"):
        read(tmp_path / "nowhere.md")


def test_a_folder_without_a_lab_says_so(tmp_path):
    with pytest.raises(UsageError, match=r"there is no lab.md in"):
        read(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")

    with pytest.raises(UsageError, match="is not a file"):
        read(tmp_path / "pipe.md")


def test_a_device_is_not_read():
    with pytest.raises(UsageError, match="is not a file"):
        read(Path("/dev/zero"))


def test_a_link_in_a_circle_cannot_be_read(tmp_path):
    (tmp_path / "loop.md").symlink_to("loop.md")

    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "loop.md")


def test_a_file_of_unusual_size_is_not_read(tmp_path):
    (tmp_path / "huge.md").write_bytes(b"x" * (257 << 10))

    with pytest.raises(LabBroken, match=r"huge.md:1:1: error: the file is larger than"):
        read(tmp_path / "huge.md")


def test_escapes_in_a_path_are_shown_harmlessly(tmp_path):
    with pytest.raises(UsageError) as error:
        read(tmp_path / "\x1b[31m.md")

    assert "\x1b" not in error.value.message
