import pytest

from lab_runner.errors import MachineError, UsageError
from lab_runner.machines import backends


@pytest.fixture
def no_programs(monkeypatch):
    monkeypatch.setattr(backends.nspawn, "TOOLS", {"no-such-nspawn": "container"})
    monkeypatch.setattr(backends.docker.engine, "TOOLS", {"no-such-docker": "docker"})


def test_a_host_that_there_is_not_is_named_with_the_nearest():
    with pytest.raises(UsageError) as refused:
        backends.choose("dokcer")

    assert (
        refused.value.message
        == "machines do not run under `dokcer`, did you mean `docker`?"
    )
    assert refused.value.remedy == "--host, or LABRUN_MACHINE_HOST: nspawn or docker"


def test_the_environment_asks_where_the_command_line_does_not(monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_HOST", "vm")

    with pytest.raises(UsageError, match="`vm`"):
        backends.choose()


def test_what_is_asked_for_and_lacks_something_gives_way_to_nothing(no_programs):
    with pytest.raises(MachineError) as refused:
        backends.choose("docker")

    assert "`no-such-docker`" in refused.value.message
    assert "`no-such-nspawn`" not in refused.value.message


def test_without_any_host_one_error_names_both_ways(no_programs):
    with pytest.raises(MachineError) as refused:
        backends.choose()

    assert refused.value.message == (
        "lab machines need `no-such-nspawn`, not found on this host; "
        "lab machines need `no-such-docker`, not found on this host"
    )
    assert refused.value.remedy == (
        "sudo apt-get install -y container, or sudo apt-get install -y docker"
    )
