import json

import pytest

from checks.doors.files import Stat
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError, TimedOut, ToolMissing
from checks.matchers import equals
from checks.oci.runc import Runc
from checks.testing import FakeMachine
from checks.verdict import Status

DIRECTORY = Stat("directory", 0o700, 0, 0, 40)
NOWHERE = {
    "/run/runc": [],
    "/run/runc/web": None,
    "/run/crun": None,
    "/run/containerd/runc": None,
    "/run/docker/runtime-runc/moby": NotPermitted("no"),
    "/run/user": ["0"],
    "/run/user/0/runc": None,
}
LOG = 'time="2026-01-01T00:00:00Z" level=error msg='
ABSENT = Result(1, "", f'{LOG}"container does not exist"\n')


def machine(answer, root="/run/runc", folders=NOWHERE, bundle=DIRECTORY):
    return FakeMachine(
        commands={f"runc --root {root} state web": answer},
        stats={root: DIRECTORY, "/b": bundle},
        folders=folders,
    )


def state(status, container_id="web"):
    pid = 0 if status == "stopped" else 42
    said = {"id": container_id, "pid": pid, "status": status, "bundle": "/b"}
    said |= {"created": "2026-01-01T00:00:00Z", "annotations": {"colour": "red"}}
    return Result(0, json.dumps(said | {"rootfs": "/b/rootfs"}), "")


def test_a_running_container_passes_with_its_facts():
    verdict = Runc("web").run(machine(state("running")))
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Container `web` is running, from bundle `/b`"
    assert tuple(verdict.facts) == Runc.FACTS
    assert verdict.facts == {
        "id": "web",
        "pid": 42,
        "status": "running",
        "bundle": "/b",
        "rootfs": "/b/rootfs",
        "created": "2026-01-01T00:00:00Z",
        "annotations": {"colour": "red"},
        "root": "/run/runc",
    }


@pytest.mark.parametrize(
    ("found", "wanted", "hint"),
    [
        ("created", "running", "runc start web"),
        ("paused", "running", "runc resume web"),
        ("running", "paused", "runc pause web"),
        ("running", "stopped", "runc kill web KILL"),
        (
            "stopped",
            "running",
            "runc delete --force web && runc run --detach --bundle /b web",
        ),
    ],
)
def test_a_container_with_another_status_fails_with_its_remedy(found, wanted, hint):
    verdict = Runc("web", equals(wanted)).run(machine(state(found)))
    assert verdict.status is Status.FAILED
    assert verdict.summary == f"Container `web` is {found}"
    assert (verdict.expected, verdict.actual, verdict.hint) == (wanted, found, hint)


def test_a_stopped_container_whose_bundle_is_gone_says_so():
    verdict = Runc("web").run(machine(state("stopped"), bundle=None))
    assert verdict.summary == "Container `web` is stopped, and its bundle `/b` is gone"
    assert verdict.hint == (
        "runc delete --force web && runc run --detach --bundle BUNDLE web"
    )


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"bundle": equals("/c")}, "bundle `/b`"),
        ({"rootfs": equals("/c")}, "root file system `/b/rootfs`"),
        ({"annotations": {"colour": equals("blue")}}, "annotation `colour` `red`"),
        ({"annotations": {"size": equals("9")}}, "no annotation `size`"),
    ],
)
def test_a_container_that_is_another_fails(wanted, said):
    verdict = Runc("web", **wanted).run(machine(state("running")))
    assert verdict.status is Status.FAILED
    assert verdict.summary == f"Container `web` is running, with {said}"


def test_a_container_can_be_asked_for_with_all_that_runc_tells():
    check = Runc(
        "web",
        bundle=equals("/b"),
        rootfs=equals("/b/rootfs"),
        annotations={"colour": equals("red")},
    )
    assert check.run(machine(state("running"))).status is Status.PASSED


def test_a_container_from_another_bundle_is_to_be_made_anew():
    verdict = Runc("web", bundle=equals("/c")).run(machine(state("running")))
    assert verdict.hint == (
        "runc delete --force web && runc run --detach --bundle /c web"
    )


@pytest.mark.parametrize(
    ("kept", "said", "hint"),
    [
        ([], "is left of one that was not made to its end", "rm -r /run/runc/web"),
        (
            ["status", "config.json"],
            "is a container of crun",
            "crun --root /run/runc delete --force web",
        ),
    ],
)
def test_what_is_in_the_way_of_a_container_is_told(kept, said, hint):
    there = machine(ABSENT, folders=NOWHERE | {"/run/runc/web": kept})
    verdict = Runc("web").run(there)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"There is no container `web` in runc's `/run/runc`: `/run/runc/web` {said}"
    )
    assert verdict.hint == hint


@pytest.mark.parametrize("exists", [True, False])
def test_another_runtime_under_runcs_name_proves_nothing_of_runcs_container(exists):
    there = machine(ABSENT, folders=NOWHERE | {"/run/runc/web": ["state.json"]})
    with pytest.raises(CheckError, match="such as crun, goes by its name"):
        Runc("web", exists=exists).run(there)


@pytest.mark.parametrize(
    "other", ["/run/crun", "/run/user/1000/runc", "/run/containerd/runc/k8s.io"]
)
def test_a_container_in_another_state_directory_is_found(other):
    folders = NOWHERE | {
        "/run/user": ["1000"],
        "/run/user/1000/runc": [],
        "/run/containerd/runc": ["default", "k8s.io"],
        "/run/containerd/runc/default": ["db"],
        "/run/containerd/runc/k8s.io": [],
        other: ["web"],
    }
    verdict = Runc("web").run(machine(ABSENT, folders=folders))
    assert verdict.summary == (
        f"There is no container `web` in runc's `/run/runc`, there is one in `{other}`"
    )


@pytest.mark.parametrize(
    "said",
    [
        f'{LOG}"container does not exist"',
        r"container \"web\" does not exist",
        "error opening file `/run/runc/web/status`: No such file or directory",
    ],
)
def test_a_container_that_the_runtime_does_not_know_is_absent(said):
    verdict = Runc("web").run(machine(Result(1, "", said)))
    assert verdict.status is Status.FAILED
    assert verdict.summary == "There is no container `web` in runc's `/run/runc`"
    assert verdict.hint == "runc run --detach --bundle BUNDLE web"
    absent = Runc("web", exists=False)
    assert absent.run(machine(Result(1, "", said))).status is Status.PASSED


def test_commands_name_a_state_directory_that_is_not_the_default():
    verdict = Runc("web", root="/run/x").run(machine(state("created"), "/run/x"))
    assert verdict.hint == "runc --root /run/x start web"


def test_without_its_state_directory_runc_is_not_asked_for_it_would_make_one():
    version = {"runc --version": Result(0, "runc version 1.1.5\n", "")}
    nothing = FakeMachine(commands=version, stats={"/run/runc": None}, folders=NOWHERE)
    assert Runc("web").run(nothing).status is Status.FAILED
    assert Runc("web", exists=False).run(nothing).status is Status.PASSED


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("there", [DIRECTORY, None])
def test_without_runc_nothing_is_proven(exists, there):
    commands = {"runc --root /run/runc state web": None, "runc --version": None}
    without = FakeMachine(commands=commands, stats={"/run/runc": there})
    with pytest.raises(ToolMissing):
        Runc("web", exists=exists).run(without)


def test_a_container_that_must_not_exist():
    verdict = Runc("web", exists=False).run(machine(state("stopped")))
    assert verdict.status is Status.FAILED
    assert verdict.hint == "runc delete --force web"


@pytest.mark.parametrize(
    "answer",
    [
        Result(1, "", f'{LOG}"invalid container ID format"'),
        Result(1, "", ""),
        Result(139, "", "container does not exist"),
        Result(0, "", ""),
        Result(0, "NAME:\n   runc state", ""),
        Result(0, '{"id": "web"}', ""),
        Result(0, "[]", ""),
        state("running", container_id="web2"),
        TimedOut("too late"),
    ],
)
@pytest.mark.parametrize("exists", [True, False])
def test_an_answer_that_is_not_understood_proves_nothing(answer, exists):
    with pytest.raises(CheckError):
        Runc("web", exists=exists).run(machine(answer))


def test_a_state_that_may_not_be_read_asks_for_sudo():
    denied = Result(1, "", f'{LOG}"open /run/runc/web/state.json: permission denied"')
    with pytest.raises(NotPermitted) as error:
        Runc("web").run(machine(denied))
    assert error.value.remedy == "run with `sudo`"


def test_a_relative_root_is_a_fault_of_the_check():
    with pytest.raises(SpecError, match="not an absolute path"):
        Runc("web", root="state").run(FakeMachine())
