import pytest

from lab_runner.machines import checkpoints, folder, locks
from lab_runner.machines.checkpoints import Checkpoint


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))


@pytest.fixture
def kept():
    checkpoint = Checkpoint("abc", "lab", "step", ("step/task",))
    checkpoints.keep(checkpoint, {})
    return checkpoint


def test_a_checkpoint_is_found_as_it_was_kept(kept):
    assert checkpoints.find("abc") == kept
    assert checkpoints.find("other") is None


def test_what_was_found_out_of_a_checkpoint_is_remembered(kept):
    checkpoints.judge(kept, survives=False)

    assert checkpoints.find("abc").survives is False


def test_a_checkpoint_that_was_pruned_meanwhile_is_not_missed(kept):
    folder.remove(folder.root() / "checkpoints/abc")

    checkpoints.judge(kept, survives=True)

    assert checkpoints.find("abc") is None


def test_what_was_left_half_kept_is_removed_unless_somebody_is_at_it(kept):
    for name in (".dead", ".alive"):
        (folder.root() / "checkpoints" / name).mkdir()

    with locks.held(folder.locks() / "checkpoint-alive", "at work"):
        checkpoints.sweep()

    left = {path.name for path in (folder.root() / "checkpoints").iterdir()}
    assert left == {"abc", ".alive"}
