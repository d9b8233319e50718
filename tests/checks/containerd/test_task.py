import pytest

from checks.containerd import client
from checks.containerd.task import Task
from checks.errors import CheckError
from checks.matchers import at_least, equals, parse
from checks.testing.server import Refusal
from checks.verdict import Status

STOPPED = equals("stopped")


def test_a_running_task_passes(containerd):
    containerd.has_task("web", "running")

    verdict = Task("web").run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Task `web` is running (process 4711)"
    assert tuple(verdict.facts) == Task.FACTS
    assert verdict.facts == {
        "id": "web",
        "namespace": "default",
        "pid": 4711,
        "status": "running",
        "exit": None,
        "ended": None,
    }


def test_a_container_without_a_task_is_told_apart_from_no_container(containerd):
    containerd.has_container("web")

    verdict = Task("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Container `web` has no task"
    assert verdict.hint == "ctr tasks start -d web"


def test_a_missing_container_is_named(containerd):
    verdict = Task("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no container `web` in namespace `default`, nor any other container"
    )


def test_a_task_in_another_namespace_is_found_there(containerd):
    containerd.has_task("web", "running", namespace="moby")

    verdict = Task("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == "namespace moby"


def test_a_killed_task_is_told_with_its_exit_code_and_signal(containerd):
    containerd.has_task("web", "stopped", exit_status=137)

    verdict = Task("web").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Task `web` has stopped with exit code 137, ended by SIGKILL"
    )
    assert (verdict.expected, verdict.actual) == ("running", "stopped")
    assert verdict.hint == "ctr tasks rm web && ctr tasks start -d web"
    assert verdict.facts["exit"] == 137


def test_a_stopped_task_with_the_exit_code_asked_for_passes(containerd):
    containerd.has_task("web", "stopped", exit_status=0)

    verdict = Task("web", status=STOPPED, exit=equals(0)).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Task `web` has stopped with exit code 0"
    assert verdict.facts["exit"] == 0


def test_another_exit_code_is_named(containerd):
    containerd.has_task("web", "stopped", exit_status=3)

    verdict = Task("web", status=STOPPED, exit=equals(0)).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("exit code 0", "3")


def test_a_running_task_has_no_exit_code_that_could_match(containerd):
    containerd.has_task("web", "running")

    asked = Task("web", status=equals("running"), exit=at_least(0))
    verdict = asked.run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == "none yet"


def test_an_exit_code_alone_asks_for_a_stopped_task(containerd):
    containerd.has_task("web", "running")
    containerd.has_task("done", "stopped", exit_status=3)

    running = Task("web", exit=equals(3)).run(containerd.machine)
    done = Task("done", exit=equals(3)).run(containerd.machine)

    assert (running.status, running.expected) == (Status.FAILED, "stopped")
    assert done.status is Status.PASSED


@pytest.mark.parametrize(
    ("code", "hint"), [(0, ""), (137, "ctr tasks kill -s SIGKILL web")]
)
def test_a_task_is_to_be_killed_only_for_the_code_that_gives(containerd, code, hint):
    containerd.has_task("web", "running")

    assert Task("web", exit=equals(code)).run(containerd.machine).hint == hint


@pytest.mark.parametrize(
    ("found", "wanted", "hint"),
    [
        ("paused", "running", "ctr tasks resume web"),
        ("running", "paused", "ctr tasks pause web"),
        ("running", "stopped", "ctr tasks kill -s SIGKILL web"),
        ("created", "paused", ""),
    ],
)
def test_another_status_comes_with_the_command_that_leads_to_the_one_wanted(
    containerd, found, wanted, hint
):
    containerd.has_task("web", found)

    verdict = Task("web", status=equals(wanted)).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"Task `web` is {found} (process 4711)"
    assert verdict.hint == hint


@pytest.mark.parametrize("number", [0, 99])
def test_a_status_that_says_nothing_proves_nothing(containerd, number):
    containerd.has_task("web", number)

    with pytest.raises(CheckError, match="cannot tell what task `web` is doing"):
        Task("web", status=parse({"not": "running"})).run(containerd.machine)


def test_a_shim_that_does_not_answer_is_no_missing_task(containerd):
    containerd.refusals[client.TASK.method] = Refusal("UNAVAILABLE", "ttrpc: closed")

    with pytest.raises(CheckError, match="ttrpc: closed"):
        Task("web", exists=False).run(containerd.machine)


def test_an_unwanted_task_is_gone_while_its_container_stays(containerd):
    containerd.has_container("web")

    verdict = Task("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_an_unwanted_task_comes_with_the_command_that_removes_it(containerd):
    containerd.has_task("web", "stopped", exit_status=0)

    verdict = Task("web", exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr tasks rm -f web"
