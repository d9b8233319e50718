from datetime import UTC, datetime, timedelta

import pytest

from checks.docker.docker_container import DockerContainer
from checks.errors import CheckError
from checks.matchers import equals, parse
from checks.verdict import Status

EXITED_3 = {"Status": "exited", "ExitCode": 3}
KILLED = {"Status": "exited", "ExitCode": 137}
RUNNING = {"Status": "running", "Pid": 42}
HEALTHY = {"Health": {"Status": "healthy"}}
CONNECTED = {
    "RestartCount": 2,
    "NetworkSettings": {
        "Networks": {"backend": {}, "front": {}},
        "Ports": {
            "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}],
            "53/udp": [
                {"HostIp": "0.0.0.0", "HostPort": "5353"},
            ],
            "443/tcp": None,
        },
    },
    "Mounts": [
        {"Name": "web-data", "Source": "/var/lib/x", "Destination": "/data"},
        {"Source": "/srv/conf", "Destination": "/conf"},
        {"Name": "ab" * 32, "Source": "/var/lib/y", "Destination": "/cache"},
    ],
}


def test_a_running_container_passes_with_its_facts(engine, machine):
    engine.has_container("web", RUNNING)
    verdict = DockerContainer("web").run(machine)
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Container `web` is running, from image `busybox:latest`"
    assert tuple(verdict.facts) == DockerContainer.FACTS
    assert verdict.facts == {
        "id": "2fe9" + "0" * 60,
        "name": "web",
        "image": "busybox:latest",
        "state": "running",
        "pid": 42,
        "exit": None,
        "restarts": 0,
        "health": None,
        "oom_killed": False,
        "networks": [],
        "ports": {},
        "mounts": {},
    }


@pytest.mark.parametrize(
    ("state", "summary", "hint"),
    [
        (
            {"Status": "created"},
            "Container `web` was never started",
            "docker start web",
        ),
        (
            {"Status": "created", "Error": 'exec: "nope": not found'},
            'Container `web` was never started: exec: "nope": not found',
            "docker start web",
        ),
        (EXITED_3, "Container `web` exited with code 3", "docker start web"),
        (KILLED, "Container `web` exited with code 137 (SIGKILL)", "docker start web"),
        (
            KILLED | {"OOMKilled": True},
            "Container `web` exited with code 137 (out of memory)",
            "docker start web",
        ),
        ({"Status": "paused"}, "Container `web` is paused", "docker unpause web"),
        (
            {"Status": "restarting", "ExitCode": 1},
            "Container `web` keeps restarting (4 times so far), last exit code 1",
            "docker logs web",
        ),
        ({"Status": "dead"}, "Container `web` is dead", "docker rm --force web"),
    ],
)
def test_a_container_in_another_state_is_explained(
    engine, machine, state, summary, hint
):
    engine.has_container("web", state, RestartCount=4)
    verdict = DockerContainer("web").run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == summary
    assert verdict.hint == hint


def test_an_exit_code_is_asked_of_a_container_that_exited(engine, machine):
    engine.has_container("job", EXITED_3)
    assert DockerContainer("job", exit=equals("3")).run(machine).status is Status.PASSED
    verdict = DockerContainer("job", exit=equals("0")).run(machine)
    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("0", "3")


def test_a_running_container_has_no_exit_code(engine, machine):
    engine.has_container("job", RUNNING)
    verdict = DockerContainer("job", exit=equals("0")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.expected == "exited"
    any_state = parse({"not": "dead"})
    check = DockerContainer("job", state=any_state, exit=equals("0"))
    assert check.run(machine).status is Status.FAILED


@pytest.mark.parametrize("given", ["busybox", "busybox:latest", "docker.io/busybox"])
def test_the_image_is_compared_completed(engine, machine, given):
    engine.has_container("web", RUNNING, image="busybox")
    check = DockerContainer("web", image=equals(given))
    assert check.run(machine).status is Status.PASSED


def test_another_image_fails_with_the_command_that_replaces_it(engine, machine):
    engine.has_container("web", RUNNING, image="nginx")
    verdict = DockerContainer("web", image=equals("nginx:1.27")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Container `web` is running, from image `nginx:latest`"
    assert verdict.hint == (
        "docker rm --force web && docker run --detach --name web nginx:1.27"
    )


def test_a_name_that_another_image_has_taken_is_not_a_matter_of_starting_it(
    engine, machine
):
    engine.has_container("web", EXITED_3, image="busybox")
    verdict = DockerContainer("web", image=equals("nginx")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Container `web` exited with code 3, from image `busybox:latest`"
    )
    assert verdict.hint.startswith("docker rm --force web && docker run ")


def test_an_image_given_by_short_id_is_named_by_its_whole_id(engine, machine):
    engine.has_container("web", RUNNING, image="abababababab")
    assert DockerContainer("web").run(machine).facts["image"] == "sha256:" + "ab" * 32
    check = DockerContainer("web", image=equals("ab" * 32))
    assert check.run(machine).status is Status.PASSED


def test_labels_are_compared(engine, machine):
    engine.has_container("web", RUNNING, labels={"tier": "front"})
    right, wrong = {"tier": equals("front")}, {"tier": equals("back")}
    assert DockerContainer("web", labels=right).run(machine).status is Status.PASSED
    verdict = DockerContainer("web", labels=wrong).run(machine)
    assert verdict.summary == (
        "Container `web` is running, with `front` as its label `tier`"
    )
    verdict = DockerContainer("web", labels={"owner": equals("me")}).run(machine)
    assert verdict.summary == "Container `web` is running, with no label `owner`"


def test_a_label_that_is_not_there_is_unlike_nothing(engine, machine):
    engine.has_container("web", RUNNING)
    unlike = {"tier": parse({"not": "back"})}

    verdict = DockerContainer("web", labels=unlike).run(machine)

    assert verdict.status is Status.FAILED


def test_an_absent_container_fails_with_the_command_that_makes_it(machine):
    verdict = DockerContainer("web", image=equals("nginx:1.27")).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has no container `web`"
    assert verdict.hint == "docker run --detach --name web nginx:1.27"


@pytest.mark.parametrize("there", ["lab-front-1", "Front", "fornt"])
def test_a_container_with_a_like_name_is_named(engine, machine, there):
    engine.has_container(there, RUNNING)
    verdict = DockerContainer("front").run(machine)
    assert verdict.summary == f"Docker has no container `front`; it has `{there}`"


def test_the_beginning_of_an_id_names_no_container(engine, machine):
    engine.has_container("web", RUNNING)
    verdict = DockerContainer("2fe9").run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Docker has no container `2fe9`; the ID of `web` only begins with that"
    )
    absent = DockerContainer("2fe9", exists=False)
    assert absent.run(machine).status is Status.PASSED


def test_a_whole_id_names_its_container(engine, machine):
    engine.has_container("web", RUNNING)
    assert DockerContainer("2fe9" + "0" * 60).run(machine).status is Status.PASSED


def test_a_container_that_must_not_exist(engine, machine):
    check = DockerContainer("web", exists=False)
    assert check.run(machine).status is Status.PASSED
    engine.has_container("web", EXITED_3)
    verdict = check.run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.hint == "docker rm --force web"


def test_a_name_is_quoted_in_the_address(engine, machine):
    DockerContainer("a/../b c?d", exists=False).run(machine)
    assert engine.asked == ["/containers/a%2F..%2Fb%20c%3Fd/json"]


def test_a_container_that_has_ended_says_how_long_ago(engine, machine):
    ended = datetime.now(UTC) - timedelta(minutes=3, seconds=5)
    state = EXITED_3 | {"FinishedAt": f"{ended:%Y-%m-%dT%H:%M:%S}.123456789Z"}
    engine.has_container("web", state)
    verdict = DockerContainer("web").run(machine)
    assert verdict.summary == "Container `web` exited with code 3, 3 minutes ago"


def test_a_time_that_never_was_is_not_told(engine, machine):
    engine.has_container("web", EXITED_3 | {"FinishedAt": "0001-01-01T00:00:00Z"})
    verdict = DockerContainer("web").run(machine)
    assert verdict.summary == "Container `web` exited with code 3"


@pytest.mark.parametrize(
    "asked",
    [
        {"networks": ("backend", "front")},
        {"ports": {"80": equals("8080")}},
        {"ports": {"80/tcp": equals("127.0.0.1:8080")}},
        {"ports": {"53/udp": equals("5353"), "80": parse({"at_least": "1"})}},
        {"mounts": {"/data": equals("web-data"), "/conf": equals("/srv/conf")}},
        {"restarts": equals("2")},
        {"health": equals("healthy")},
        {"oom_killed": False},
    ],
)
def test_what_a_container_is_connected_to_passes_as_asked(engine, machine, asked):
    engine.has_container("web", RUNNING | HEALTHY, **CONNECTED)
    verdict = DockerContainer("web", **asked).run(machine)
    assert verdict.status is Status.PASSED, verdict


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"networks": ("lab",)},
            "not on network `lab`; it is on `backend`, `front`",
        ),
        ({"ports": {"80": equals("80")}}, "with port 80/tcp on `127.0.0.1:8080`"),
        (
            {"ports": {"80": equals("0.0.0.0:8080")}},
            "with port 80/tcp on `127.0.0.1:8080`",
        ),
        (
            {"ports": {"443": equals("8080")}},
            (
                "with port 443/tcp not published; published are "
                "53/udp on `0.0.0.0:5353`, 80/tcp on `127.0.0.1:8080`"
            ),
        ),
        ({"mounts": {"/data": equals("db")}}, "with `web-data` mounted on `/data`"),
        (
            {"mounts": {"/var": equals("web-data")}},
            "with nothing mounted on `/var`; `web-data` is on `/data`",
        ),
        (
            {"mounts": {"/cache": equals("cache")}},
            "with a volume without a name on `/cache`",
        ),
        ({"restarts": equals("0")}, "restarted 2 times"),
        ({"health": equals("unhealthy")}, "with health `healthy`"),
        ({"oom_killed": True, "state": equals("running")}, "not for want of memory"),
    ],
)
def test_what_a_container_is_not_connected_to_is_told(engine, machine, asked, said):
    engine.has_container("web", RUNNING | HEALTHY, **CONNECTED)
    verdict = DockerContainer("web", **asked).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == f"Container `web` is running, {said}"


def test_a_container_without_a_health_check_has_no_health(engine, machine):
    engine.has_container("web", RUNNING)
    verdict = DockerContainer("web", health=parse({"not": "healthy"})).run(machine)
    assert verdict.summary == "Container `web` is running, with no health check"


def test_a_container_on_another_network_is_connected_not_made_again(engine, machine):
    engine.has_container("web", RUNNING, **CONNECTED)
    verdict = DockerContainer("web", networks=("lab",)).run(machine)
    assert verdict.hint == "docker network connect lab web"


def test_the_command_that_makes_a_container_has_all_that_is_asked(machine):
    check = DockerContainer(
        "web",
        image=equals("nginx"),
        networks=("lab",),
        ports={"80": equals("8080")},
        mounts={"/data": equals("web-data")},
    )
    assert check.run(machine).hint == (
        "docker run --detach --name web --network=lab --publish 8080:80 "
        "--volume web-data:/data nginx"
    )


def test_the_container_that_compose_made_for_a_service_is_named(engine, machine):
    labels = {
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "web",
    }
    engine.has_container("shop-web-1", RUNNING, labels=labels)
    verdict = DockerContainer("web").run(machine)
    assert verdict.summary.endswith(
        "; Compose calls that service of `shop` `shop-web-1`"
    )


def test_a_container_of_another_name_from_the_image_is_named(engine, machine):
    engine.has_container("eager_turing", RUNNING, image="nginx")
    verdict = DockerContainer("web", image=equals("nginx:latest")).run(machine)
    assert verdict.summary == (
        "Docker has no container `web`; `eager_turing` is a container from "
        "`nginx:latest`"
    )


@pytest.mark.parametrize("exists", [True, False])
def test_a_daemon_that_is_down_proves_nothing(without_docker, exists):
    with pytest.raises(CheckError, match="Docker is not running"):
        DockerContainer("web", exists=exists).run(without_docker)


@pytest.mark.parametrize("missing", ["State", "Config", "Name", "Id"])
def test_an_answer_without_the_facts_proves_nothing(engine, machine, missing):
    engine.has_container("web", RUNNING)
    del engine.answers["/containers/web/json"][1][missing]
    with pytest.raises(CheckError, match=f"no valid `{missing}`"):
        DockerContainer("web").run(machine)
