import pytest

from checks.docker.docker_volume import DockerVolume
from checks.errors import CheckError
from checks.matchers import equals
from checks.verdict import Status


def test_a_volume_passes_with_its_facts(engine, machine):
    engine.has_volume("data", ["web", "job"])
    verdict = DockerVolume("data").run(machine)
    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == DockerVolume.FACTS
    assert verdict.facts == {
        "name": "data",
        "driver": "local",
        "mountpoint": "/var/lib/docker/volumes/data/_data",
        "used_by": ["job", "web"],
        "labels": {},
    }


@pytest.mark.parametrize(
    ("asked", "summary"),
    [
        ({"driver": equals("nfs")}, "Volume `data` has driver `local`"),
        (
            {"mountpoint": equals("/srv")},
            "Volume `data` has mountpoint `/var/lib/docker/volumes/data/_data`",
        ),
        ({"used_by": ("web", "db")}, "Volume `data` has no use by container `db`"),
        ({"labels": {"keep": equals("yes")}}, "Volume `data` has no label `keep`"),
    ],
)
def test_what_is_not_as_asked_is_told(engine, machine, asked, summary):
    engine.has_volume("data", ["web"])
    verdict = DockerVolume("data", **asked).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == summary


def test_all_containers_asked_for_must_use_it(engine, machine):
    engine.has_volume("data", ["web", "db"])
    check = DockerVolume("data", used_by=("web", "db"))
    assert check.run(machine).status is Status.PASSED


def test_a_container_with_another_volume_on_such_a_path_is_no_user(engine, machine):
    engine.has_volume("data", ["web"], mounted_too=["db"])
    assert DockerVolume("data").run(machine).facts["used_by"] == ["web"]


def test_an_absent_volume_fails_with_the_command_that_makes_it(machine):
    verdict = DockerVolume("data", labels={"keep": equals("yes")}).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has no volume `data`"
    assert verdict.hint == "docker volume create --label keep=yes data"


def test_a_volume_with_a_like_name_is_named(engine, machine):
    engine.has_volume("lab_data")
    verdict = DockerVolume("data").run(machine)
    assert verdict.summary == "Docker has no volume `data`; it has `lab_data`"


def test_a_volume_without_a_name_is_told_where_a_named_one_is_missing(engine, machine):
    engine.has_volume("ab" * 32)
    verdict = DockerVolume("data").run(machine)
    assert verdict.summary == (
        "Docker has no volume `data`; it has 1 without a name, as `-v /PATH` makes them"
    )


def test_a_volume_that_must_not_exist(engine, machine):
    check = DockerVolume("data", exists=False)
    assert check.run(machine).status is Status.PASSED
    engine.has_volume("data", ["web"])
    verdict = check.run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has the volume `data`; `web` uses it"
    assert verdict.hint == "docker rm --force web && docker volume rm data"


@pytest.mark.parametrize("exists", [True, False])
def test_a_daemon_that_is_down_proves_nothing(without_docker, exists):
    with pytest.raises(CheckError, match="Docker is not running"):
        DockerVolume("data", exists=exists).run(without_docker)


@pytest.mark.parametrize("missing", ["Name", "Driver", "Mountpoint"])
def test_an_answer_without_the_facts_proves_nothing(engine, machine, missing):
    engine.has_volume("data")
    del engine.answers["/volumes/data"][1][missing]
    with pytest.raises(CheckError, match=f"no valid `{missing}`"):
        DockerVolume("data").run(machine)
