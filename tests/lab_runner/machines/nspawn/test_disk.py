import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import state
from lab_runner.machines.nspawn import disk
from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec

MIB = 1 << 20
formats = pytest.mark.skipif(bool(disk.lacking()), reason=disk.lacking() or "formats")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    path = state.path("m")
    path.mkdir(parents=True)
    return path


@formats
def test_an_empty_disk_takes_next_to_nothing_of_the_host(folder):
    disk.make(folder, 10 << 30, None)

    assert (folder / disk.IMAGE).stat().st_size == 10 << 30
    assert disk.usage("m") < MIB


def test_a_saved_disk_keeps_its_size_and_its_holes(folder, tmp_path):
    saved = tmp_path / "saved"
    with saved.open("wb") as file:
        file.truncate(10 * MIB)
        file.write(b"kept")
    disk.make(folder, 10 << 30, saved)

    assert (folder / disk.IMAGE).stat().st_size == 10 * MIB
    assert (folder / disk.IMAGE).read_bytes()[:4] == b"kept"
    assert disk.usage("m") < MIB


def test_a_disk_that_was_a_folder_is_one_again(folder, tmp_path):
    saved = tmp_path / "saved"
    (saved / "upper").mkdir(parents=True)
    (saved / "upper/file").write_text("kept")
    disk.make(folder, 10 << 30, saved)

    assert (folder / disk.MOUNTED / "upper/file").read_text() == "kept"
    assert not (folder / disk.IMAGE).exists()
    assert 0 < disk.usage("m") < MIB


def test_the_disk_of_a_machine_that_does_not_run_is_not_saved(folder, tmp_path):
    record = MachineRecord("m", "starting", MachineSpec())

    with pytest.raises(MachineError, match="machine `m` is not running"):
        disk.save(record, tmp_path / "saved")
