"""Which containerd is meant where there are several, and what is said where none is."""

import pytest

from checks.containerd.containerd import Containerd
from checks.containerd.flavours import DISTRIBUTION, K3S, MICROK8S
from checks.containerd.image import Image
from checks.doors.files import Stat
from checks.doors.process import Result
from checks.errors import NotPermitted, SpecError
from checks.testing.containerd import BUSYBOX, SHOW, ContainerdServer, machine
from checks.verdict import Status

UNIT = """\
LoadState={}
ActiveState={}
SubState={}
ExecMainCode=1
ExecMainStatus=1
"""


@pytest.fixture
def second():
    with ContainerdServer() as server:
        yield server


def only(fake, flavour):
    return machine({flavour.address: fake.address})


def both(containerd, second):
    return machine(
        {
            DISTRIBUTION.address: containerd.address,
            MICROK8S.address: second.address,
        }
    )


def with_unit(*states):
    shown = Result(0, UNIT.format(*states), "")
    journal = (
        "journalctl --quiet --boot --lines=1 --output=json --no-pager"
        " _SYSTEMD_UNIT=containerd.service"
    )
    return machine({}, {SHOW: shown, journal: Result(1, "", "")})


@pytest.mark.parametrize("flavour", [DISTRIBUTION, MICROK8S, K3S])
def test_the_only_containerd_is_found_by_itself(containerd, flavour):
    verdict = Containerd().run(only(containerd, flavour))

    assert verdict.status is Status.PASSED
    assert verdict.facts["flavour"] == flavour.name


def test_of_two_the_distributions_is_asked_and_the_other_is_named(containerd, second):
    verdict = Containerd().run(both(containerd, second))

    assert verdict.facts["flavour"] == "distribution"
    assert verdict.summary.endswith("; not asked here: MicroK8s' containerd")


def test_an_author_names_a_flavour_in_place_of_its_socket(containerd, second):
    verdict = Containerd(address="microk8s").run(both(containerd, second))

    assert verdict.facts["address"] == MICROK8S.address


def test_an_unknown_flavour_is_the_authors_error():
    with pytest.raises(SpecError, match="did you mean `microk8s`"):
        Containerd(address="microk8")


def test_the_namespace_is_what_the_flavours_own_ctr_means(containerd):
    containerd.has_image(BUSYBOX, namespace="k8s.io")

    verdict = Image(BUSYBOX).run(only(containerd, K3S))

    assert verdict.status is Status.PASSED
    assert verdict.facts["namespace"] == "k8s.io"


def test_hints_speak_the_flavours_own_commands(containerd):
    verdict = Image(BUSYBOX).run(only(containerd, MICROK8S))

    assert verdict.hint == f"microk8s ctr images pull {BUSYBOX}"


def test_an_image_in_the_other_containerd_is_found_there(containerd, second):
    second.has_image(BUSYBOX, namespace="k8s.io")

    verdict = Image(BUSYBOX).run(both(containerd, second))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Image `{BUSYBOX}` is in namespace `k8s.io` of MicroK8s' containerd, not in"
        " `default` of the distribution's containerd, which is asked here"
    )


def test_a_rootless_containerd_is_found_in_its_users_folder(containerd):
    own = "/run/user/1000/containerd/containerd.sock"
    door = machine(
        {own: containerd.address},
        folders={"/run/user": ["1000"]},
        files={"/run/user/1000/containerd-rootless/child_pid": None},
        stats={own: Stat("socket", 0o660, 1000, 1000, 0)},
    )

    verdict = Containerd().run(door)

    assert verdict.summary == "containerd 1.7.2 is running: a rootless containerd"


def test_a_rootless_containerd_is_found_behind_rootlesskit(containerd):
    inside = f"/proc/4711/root{DISTRIBUTION.address}"
    own = "/run/user/1000/containerd/containerd.sock"
    door = machine(
        {inside: containerd.address},
        folders={"/run/user": ["1000"]},
        files={"/run/user/1000/containerd-rootless/child_pid": b"4711"},
        stats={own: None},
    )

    verdict = Image(BUSYBOX, address="rootless").run(door)

    assert verdict.hint == (
        f"nsenter -U --preserve-credentials -m -n -t 4711 ctr images pull {BUSYBOX}"
    )


def test_a_socket_that_may_not_be_dialled_is_not_passed_over(second):
    denied = NotPermitted("it may not be dialled", "run with `sudo`")
    door = machine({DISTRIBUTION.address: denied, MICROK8S.address: second.address})

    with pytest.raises(NotPermitted):
        Image(BUSYBOX).run(door)


def test_a_containerd_that_starts_meanwhile_is_found_by_the_next_check(containerd):
    door = machine({})
    assert Containerd().run(door).status is Status.FAILED

    door._sockets[K3S.address] = containerd.address

    assert Containerd().run(door).status is Status.PASSED


@pytest.mark.parametrize(
    ("states", "said", "hint"),
    [
        (
            ("not-found", "inactive", "dead"),
            "there is no unit `containerd.service`",
            "apt-get install containerd",
        ),
        (
            ("masked", "inactive", "dead"),
            "`containerd.service` is masked",
            "systemctl unmask containerd && systemctl start containerd",
        ),
        (
            ("loaded", "inactive", "dead"),
            "`containerd.service` is stopped",
            "systemctl start containerd",
        ),
        (
            ("loaded", "failed", "failed"),
            "`containerd.service` has failed (exit code 1)",
            "journalctl -u containerd",
        ),
        (
            ("loaded", "activating", "start"),
            "`containerd.service` is just starting",
            "systemctl status containerd",
        ),
        (
            ("loaded", "activating", "auto-restart"),
            "`containerd.service` is restarted (exit code 1)",
            "journalctl -u containerd",
        ),
        (
            ("loaded", "active", "running"),
            "`containerd.service` is active all the same",
            "journalctl -u containerd",
        ),
    ],
)
def test_the_unit_tells_why_nothing_listens(states, said, hint):
    verdict = Containerd().run(with_unit(*states))

    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith(f"/containerd.sock`, and {said}")
    assert verdict.hint == hint
