import json
import os

import pytest

from lab_runner.machines import state
from lab_runner.machines.processes import Process
from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec


@pytest.fixture(autouse=True)
def own_machines(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))


def record(**values):
    given = {
        "name": "web",
        "state": "running",
        "spec": MachineSpec(packages=("jq",)),
    }
    return MachineRecord(**given, number=2, address="10.213.0.2", created=1.5, **values)


def test_a_record_is_read_as_it_was_written():
    written = record(keeper=Process.of(os.getpid()), trees=("/images/one/tree",))
    state.create(written)

    assert state.load("web") == written
    assert state.names() == ["web"]


def test_there_is_no_record_of_a_machine_that_is_not_there():
    assert state.load("web") is None
    assert state.names() == []


@pytest.mark.parametrize("text", [None, "", "{", "{}", '{"name": "web"}'])
def test_a_machine_whose_making_was_cut_off_has_no_record(text):
    folder = state.path("web")
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "machine.json").write_text(text)

    assert state.load("web") is None
    assert state.names() == ["web"]


def test_what_a_newer_labrun_wrote_besides_is_passed_over():
    state.create(record())
    path = state.path("web") / "machine.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "red"}))

    assert state.load("web") == record()


def test_a_machine_is_alive_as_long_as_its_keeper():
    mine = Process.of(os.getpid())

    assert record(keeper=mine).alive
    assert not record(keeper=Process(mine.pid, 1, mine.boot)).alive
    assert not record().alive


def test_a_deleted_machine_leaves_no_folder():
    state.create(record())

    state.delete("web")

    assert not state.path("web").exists()
