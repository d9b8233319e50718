import pytest

from lab_runner.errors import UsageError
from lab_runner.machines.image import layers
from lab_runner.model import MachineSpec


@pytest.fixture(autouse=True)
def own_machines(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "never-made"))


def test_an_image_that_does_not_exist_is_named_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean `debian-12`") as refused:
        layers.ensure(MachineSpec("debian-21"), print)

    assert refused.value.remedy == "images: debian-12"


@pytest.mark.parametrize("name", ["--allow-downgrades", "a b", "", "Containerd", "x;y"])
def test_what_cannot_be_a_package_never_reaches_apt(name):
    with pytest.raises(UsageError, match="is not the name of a Debian package"):
        layers.ensure(MachineSpec(packages=(name,)), print)
