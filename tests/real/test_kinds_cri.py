"""CRI on a real machine: its states, from no network for pods to off, and images."""

import kinds
import pytest
from machines import until

from checks.cri.cri import Cri
from checks.cri.cri_container import CriContainer
from checks.cri.cri_image import CriImage
from checks.cri.pod import Pod
from checks.errors import CheckError
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cri")]

NETWORK = """mkdir --parents /etc/cni/net.d
printf '{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge"}]}' \
  >/etc/cni/net.d/10-pods.conflist"""
DISABLED = """printf 'version = 2\\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\\n' \
  >/etc/containerd/config.toml
systemctl restart containerd"""
IMAGES = """ctr -n k8s.io images pull docker.io/library/busybox:latest
ctr images pull docker.io/library/busybox:1.35"""
P, F = Status.PASSED, Status.FAILED


@pytest.fixture(scope="module")
def machine(lab_machine):
    _, door = lab_machine(["containerd"])
    return door


def test_an_image_is_there_for_pods_in_one_namespace_alone(machine):
    pulled = machine.run(["sh", "-ec", IMAGES], timeout=60)
    assert pulled.exit == 0, pulled.stderr
    until(lambda: CriImage("busybox").run(machine).status is P, "CRI sees no image")

    kinds.judge(machine, "{cri-image: 'docker.io/library/busybox:latest'}", P, "has")
    kinds.judge(machine, "{cri-image: 'busybox:1.35'}", F, "is in namespace `default`")
    kinds.judge(machine, "{cri-image: 'busybox:9'}", F, "only `docker.io/library/busy")
    kinds.judge(machine, "{cri-image: busybox, exists: false}", F, "CRI has the image")
    kinds.judge(machine, "{cri-image: nginx, exists: false}", P, "There is no image")


def test_each_state_of_cri_is_told(machine):
    kinds.judge(machine, "{cri: ready}", F, "cni plugin not initialized")
    kinds.judge(machine, "{cri: ready}", F, "is looked for in `/etc/cni/net.d`")
    kinds.judge(machine, "{cri: enabled, runtime: containerd}", P, "CRI of containerd")
    kinds.judge(machine, "{pod: web}", F, "There is no pod `web`")
    kinds.judge(machine, "{pod: web}", F, "and NetworkReady is false")
    kinds.judge(machine, "{cri-container: web}", F, "and NetworkReady is false")

    machine.run(["sh", "-c", NETWORK])
    until(lambda: Cri().run(machine).status is P, "the network is not found")
    kinds.judge(machine, "{cri: ready, version: {at_least: '1.6'}}", P, "is ready")
    kinds.judge(machine, "{cri: ready, version: {at_least: '99'}}", F, "has version")

    machine.run(["sh", "-c", DISABLED])
    kinds.judge(machine, "{cri: enabled}", F, "has it in `disabled_plugins`")
    for check in (Pod("web"), CriContainer("web"), CriImage("busybox")):
        with pytest.raises(CheckError, match="offers no CRI"):
            check.run(machine)

    machine.run(["systemctl", "stop", "containerd"])
    kinds.judge(machine, "{cri: enabled}", F, "`containerd.service` is stopped")
