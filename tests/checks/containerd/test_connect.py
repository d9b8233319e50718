import subprocess
import sys

import pytest

from checks import registry, spec
from checks.containerd.connect import DEFAULT_ADDRESS, give, resolve
from checks.doors.machine import Local
from checks.doors.rpc import READS
from checks.errors import NotPermitted, SpecError, TimedOut, Unreachable
from checks.testing import FakeMachine
from checks.testing.containerd import DIGEST, machine
from checks.testing.server import Refusal
from checks.verdict import Status

LOCAL = Local()
OBJECTS = {
    "namespace": "default",
    "image": "docker.io/library/busybox:latest",
    "container": "web",
    "task": "web",
    "snapshot": "web",
    "content": DIGEST,
}


@pytest.fixture(params=OBJECTS)
def check(request):
    """A check of each kind that asks that its object is not there."""
    kind = request.param
    entry = {kind: OBJECTS[kind], "exists": "false"}
    return spec.build(kind, registry.load(kind), entry)


def test_an_absent_daemon_is_no_proof_that_an_object_is_absent(check):
    with pytest.raises(Unreachable) as caught:
        check.run(machine({}))

    assert caught.value.remedy == "systemctl start containerd"


def test_a_socket_that_may_not_be_read_is_no_proof_either(check):
    denied = NotPermitted("`/run/containerd` may not be read", "run with `sudo`")

    with pytest.raises(NotPermitted):
        check.run(FakeMachine(sockets={DEFAULT_ADDRESS: denied}))


@pytest.mark.parametrize(
    ("status", "error"),
    [("PERMISSION_DENIED", NotPermitted), ("DEADLINE_EXCEEDED", TimedOut)],
)
def test_a_daemon_that_does_not_tell_is_no_proof_either(
    containerd, check, status, error
):
    containerd.refusals = dict.fromkeys(READS, Refusal(status))

    with pytest.raises(error):
        check.run(containerd.machine)


def test_thirty_checks_dial_containerd_once(containerd):
    image = registry.load("image")

    for number in range(30):
        image(f"docker.io/library/i{number}:latest").run(containerd.machine)

    dialled = [each for each in containerd.machine._kept if each[0] == "rpc"]
    assert dialled == [("rpc", DEFAULT_ADDRESS)]


def test_the_address_is_the_key_then_the_environment_then_the_usual_one(monkeypatch):
    usual = resolve(LOCAL, None)
    monkeypatch.setenv("CONTAINERD_ADDRESS", "/run/k3s/containerd/containerd.sock")

    assert usual == "/run/containerd/containerd.sock"
    assert resolve(LOCAL, None) == "/run/k3s/containerd/containerd.sock"
    assert resolve(LOCAL, "/run/own.sock") == "/run/own.sock"


def test_the_environment_says_nothing_about_another_machine(monkeypatch):
    monkeypatch.setenv("CONTAINERD_ADDRESS", "/run/k3s/containerd/containerd.sock")

    assert resolve(machine({}), None) == DEFAULT_ADDRESS


def test_an_address_may_be_written_as_a_unix_url():
    assert resolve(LOCAL, "unix:///run/own.sock") == "/run/own.sock"


@pytest.mark.parametrize("address", ["containerd.sock", "tcp://127.0.0.1:2375"])
def test_an_address_that_is_no_path_is_refused(address):
    with pytest.raises(SpecError, match="not the path of a socket"):
        resolve(LOCAL, address)


def test_hints_name_the_socket_that_was_asked(containerd):
    own = machine({"/run/own.sock": containerd.address})

    verdict = registry.load("namespace")("a", address="/run/own.sock").run(own)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr -a /run/own.sock namespaces create a"
    own.close()


def test_a_check_is_built_without_importing_grpc():
    code = "import sys; from checks import registry; "
    code += "[registry.load(kind) for kind in sys.argv[1:]]; "
    code += "print({'grpc', 'google.protobuf'} & sys.modules.keys())"
    argv = [sys.executable, "-c", code, "containerd", *OBJECTS]

    ended = subprocess.run(argv, capture_output=True, text=True, check=True)

    assert ended.stdout == "set()\n"


def test_a_containerd_that_is_given_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("CONTAINERD_ADDRESS", "/run/env.sock")
    asked = Local()
    give(asked, "k3s")

    assert resolve(asked, None) == "/run/k3s/containerd/containerd.sock"
    assert resolve(asked, "/run/key.sock") == "/run/key.sock"
    assert resolve(LOCAL, None) == "/run/env.sock"
