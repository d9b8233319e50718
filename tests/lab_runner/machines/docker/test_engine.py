import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.docker import boot, engine


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    """A client whose engine is not there."""
    client = tmp_path / "docker"
    client.write_text("#!/bin/sh\necho Cannot connect >&2; exit 1\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_an_engine_that_does_not_run_is_told_with_the_command_that_starts_it(no_engine):
    with pytest.raises(MachineError) as refused:
        engine.require()

    assert refused.value.message == "Docker does not answer"
    assert refused.value.remedy == "sudo systemctl start docker"


def test_a_machine_without_an_engine_has_nothing_to_end(no_engine):
    boot.end("m", None)


def test_the_container_of_a_machine_is_named_after_its_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    one = engine.container("m")
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "other"))

    assert one.startswith("labrun-")
    assert one.endswith("-m")
    assert engine.container("m") != one


def test_a_container_that_cannot_be_started_is_told_with_what_docker_said(
    no_engine, tmp_path
):
    with (
        pytest.raises(MachineError, match="cannot start the machine: Cannot connect"),
        engine.waiting("m", [], tmp_path / "log"),
    ):
        pass
