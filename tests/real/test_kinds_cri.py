"""CRI on a real machine: without a network for pods, with one, and switched off."""

import kinds
import pytest
from machines import until

from checks.cri.cri import Cri
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cri")]

NETWORK = """mkdir --parents /etc/cni/net.d
printf '{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge"}]}' \
  >/etc/cni/net.d/10-pods.conflist"""
DISABLED = """printf 'version = 2\\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\\n' \
  >/etc/containerd/config.toml
systemctl restart containerd"""
P, F = Status.PASSED, Status.FAILED


@pytest.fixture
def machine(lab_machine):
    _, door = lab_machine(["containerd"])
    return door


def test_each_state_of_cri_is_told(machine):
    kinds.judge(machine, "{cri: ready}", F, "cni plugin not initialized")
    kinds.judge(machine, "{cri: ready}", F, "is looked for in `/etc/cni/net.d`")
    kinds.judge(machine, "{cri: enabled, runtime: containerd}", P, "CRI of containerd")

    machine.run(["sh", "-c", NETWORK])
    until(lambda: Cri().run(machine).status is P, "the network is not found")
    kinds.judge(machine, "{cri: ready, version: {at_least: '1.6'}}", P, "is ready")
    kinds.judge(machine, "{cri: ready, version: {at_least: '99'}}", F, "has version")

    machine.run(["sh", "-c", DISABLED])
    kinds.judge(machine, "{cri: enabled}", F, "has it in `disabled_plugins`")

    machine.run(["systemctl", "stop", "containerd"])
    kinds.judge(machine, "{cri: enabled}", F, "`containerd.service` is stopped")
