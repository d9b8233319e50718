import pytest

from lab_runner import course
from lab_runner.errors import UsageError
from lab_runner.machines.image import layers, systems
from lab_runner.model import MachineSpec


@pytest.fixture(autouse=True)
def own_machines(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "never-made"))


def test_there_is_a_recipe_for_every_system_and_no_other():
    assert list(systems.SYSTEMS) == list(course.SYSTEMS)


@pytest.mark.parametrize("name", ["--allow-downgrades", "a b", "", "Containerd", "x;y"])
def test_what_cannot_be_a_package_never_reaches_apt(name):
    with pytest.raises(UsageError, match="is not the name of a Debian package"):
        layers.ensure(MachineSpec(packages=(name,)), print)
