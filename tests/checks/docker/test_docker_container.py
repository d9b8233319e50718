import pytest

from checks.docker.docker_container import DockerContainer
from checks.errors import CheckError
from checks.matchers import equals, parse
from checks.verdict import Status

EXITED_3 = {"Status": "exited", "ExitCode": 3}
KILLED = {"Status": "exited", "ExitCode": 137}
RUNNING = {"Status": "running", "Pid": 42}


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
            "Container `web` keeps restarting, last exit code 1",
            "docker logs web",
        ),
        ({"Status": "dead"}, "Container `web` is dead", "docker rm --force web"),
    ],
)
def test_a_container_in_another_state_is_explained(
    engine, machine, state, summary, hint
):
    engine.has_container("web", state)
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
