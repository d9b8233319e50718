import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import folder


def test_a_folder_in_memory_is_refused_and_says_what_to_do(monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", "/dev/shm/labrun-test")

    with pytest.raises(MachineError, match="is on tmpfs") as refused:
        folder.prepare()

    assert "LABRUN_MACHINE_DIR=" in refused.value.remedy


@pytest.mark.parametrize("name", ["a:b", "a,b", "a\\b"])
def test_a_name_that_mount_would_misread_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / name))

    with pytest.raises(MachineError, match="cannot hold machines"):
        folder.prepare()


def test_a_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "file/machines"))

    with pytest.raises(MachineError, match="cannot be made: Not a directory"):
        folder.prepare()


def test_two_folders_have_two_tags(monkeypatch):
    tags = set()
    for path in ("/var/lib/labrun", "/srv/labrun"):
        monkeypatch.setenv("LABRUN_MACHINE_DIR", path)
        tags.add(folder.tag())

    assert len(tags) == 2
    # Followed by a hyphen and a number up to 254 it names a network interface.
    assert all(len(tag) == len("labrun-0123") for tag in tags)


def test_a_file_is_written_whole(tmp_path):
    folder.write(tmp_path / "record", "old")
    folder.write(tmp_path / "record", "new")

    assert (tmp_path / "record").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["record"]
