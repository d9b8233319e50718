import pytest

from checks.docker.docker_network import DockerNetwork
from checks.errors import CheckError
from checks.matchers import equals, parse
from checks.verdict import Status

POOLS = {"Config": [{"Subnet": "10.1.0.0/24"}, {"Subnet": "fd00::/64"}]}


def test_a_network_passes_with_its_facts(engine, machine):
    engine.has_network("backend", ["web", "db"], Labels={"tier": "back"})
    verdict = DockerNetwork("backend").run(machine)
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Docker has the bridge network `backend`"
    assert tuple(verdict.facts) == DockerNetwork.FACTS
    assert verdict.facts == {
        "id": "7ac1" + "0" * 60,
        "name": "backend",
        "driver": "bridge",
        "internal": False,
        "subnets": ["172.30.0.0/16"],
        "gateways": ["172.30.0.1"],
        "containers": ["db", "web"],
        "labels": {"tier": "back"},
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"driver": equals("bridge")},
        {"internal": False},
        {"subnet": equals("172.30.0.0/16"), "gateway": equals("172.30.0.1")},
        {"containers": ("web",)},
    ],
)
def test_what_is_as_asked_passes(engine, machine, asked):
    engine.has_network("backend", ["web", "db"])
    assert DockerNetwork("backend", **asked).run(machine).status is Status.PASSED


@pytest.mark.parametrize(
    ("asked", "summary", "hint"),
    [
        (
            {"driver": equals("macvlan")},
            "Network `backend` has driver `bridge`",
            (
                "docker network rm backend"
                " && docker network create --driver macvlan backend"
            ),
        ),
        (
            {"internal": True},
            "Network `backend` has internal `false`",
            "docker network rm backend && docker network create --internal backend",
        ),
        (
            {"subnet": equals("10.0.0.0/8")},
            "Network `backend` has subnet `172.30.0.0/16`",
            (
                "docker network rm backend"
                " && docker network create --subnet 10.0.0.0/8 backend"
            ),
        ),
        (
            {"containers": ("web", "db")},
            "Network `backend` has no container `db` connected",
            "docker network connect backend db",
        ),
        (
            {"labels": {"tier": equals("front")}},
            "Network `backend` has no label `tier`",
            (
                "docker network rm backend"
                " && docker network create --label tier=front backend"
            ),
        ),
        (
            {"containers": ("db",), "driver": equals("macvlan")},
            "Network `backend` has driver `bridge`",
            (
                "docker network rm backend"
                " && docker network create --driver macvlan backend"
            ),
        ),
    ],
)
def test_what_is_not_as_asked_is_told(engine, machine, asked, summary, hint):
    engine.has_network("backend", ["web"])
    verdict = DockerNetwork("backend", **asked).run(machine)
    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


def test_one_of_several_subnets_will_do_but_none_may_be_excluded(engine, machine):
    engine.has_network("backend", IPAM=POOLS)
    one = DockerNetwork("backend", subnet=equals("fd00::/64"))
    assert one.run(machine).status is Status.PASSED
    none = DockerNetwork("backend", subnet=parse({"not": "fd00::/64"}))
    verdict = none.run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.actual == "fd00::/64"


def test_a_network_without_addresses_has_no_subnet(engine, machine):
    engine.has_network("host", IPAM={"Config": None})
    verdict = DockerNetwork("host", subnet=parse({"not": "10.0.0.0/8"})).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Network `host` has no subnet"


def test_an_absent_network_fails_with_the_command_that_makes_it(engine, machine):
    engine.has_network("lab_backend")
    verdict = DockerNetwork("backend", subnet=equals("10.1.0.0/24")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has no network `backend`; it has `lab_backend`"
    assert verdict.hint == "docker network create --subnet 10.1.0.0/24 backend"


def test_the_beginning_of_an_id_names_no_network(engine, machine):
    engine.has_network("backend")
    assert DockerNetwork("7ac1").run(machine).status is Status.FAILED
    assert DockerNetwork("7ac1" + "0" * 60).run(machine).status is Status.PASSED


def test_a_network_that_must_not_exist(engine, machine):
    check = DockerNetwork("backend", exists=False)
    assert check.run(machine).status is Status.PASSED
    engine.has_network("backend", ["web"])
    verdict = check.run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("connected to it: `web`")
    assert verdict.hint == (
        "docker network disconnect backend web && docker network rm backend"
    )


@pytest.mark.parametrize("exists", [True, False])
def test_a_daemon_that_is_down_proves_nothing(without_docker, exists):
    with pytest.raises(CheckError, match="Docker is not running"):
        DockerNetwork("backend", exists=exists).run(without_docker)


@pytest.mark.parametrize("missing", ["Id", "Driver", "Internal", "IPAM"])
def test_an_answer_without_the_facts_proves_nothing(engine, machine, missing):
    engine.has_network("backend")
    del engine.answers["/networks/backend"][1][missing]
    with pytest.raises(CheckError, match=f"no valid `{missing}`"):
        DockerNetwork("backend").run(machine)


def test_another_servers_404_proves_nothing(engine, machine):
    engine.answers["/networks/backend"] = (404, {"message": "page not found"})
    with pytest.raises(CheckError, match="Docker answered 404: page not found"):
        DockerNetwork("backend", exists=False).run(machine)


def test_a_container_that_is_asked_for_has_no_value_beside(engine, machine):
    engine.has_network("backend", ["web"])

    verdict = DockerNetwork("backend", containers=("db",)).run(machine)

    assert verdict.expected == "container `db` connected"
