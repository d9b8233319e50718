"""Pods and their containers on a real machine, with a network and run through CRI."""

from contextlib import closing, suppress

import grpc
import kinds
import kubelet
import pytest
from kubelet import Kubelet
from machines import until

from checks.cri.cri_container import CriContainer
from checks.errors import CheckError
from checks.matchers import equals
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cri-pods")]

SLEEP = ("sleep", "100000")
PLAIN = f"ctr -n k8s.io run --detach {kubelet.BUSYBOX} plain sleep 100000"
LITTLE = {"resources": {"memory_limit_in_bytes": 8 << 20}}
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{pod: web}", P, "Pod `web` is ready, at 10.88."),
    ("{pod: web, ip: {matches: '^10[.]88[.]'}, labels: {app: web}}", P, "is ready"),
    ("{pod: web, labels: {app: shop}}", F, "has label `app` `web`"),
    ("{pod: web, labels: {tier: front}}", F, "has no label `tier`"),
    ("{pod: web, ip: 10.88.255.1}", F, "has IP address `10.88."),
    ("{pod: web, host_network: true}", F, "has host network `false`"),
    ("{pod: web, state: notready}", F, "is ready"),
    ("{pod: web, exists: false}", F, "is ready"),
    ("{pod: web, namespace: kube-system}", F, "is in Kubernetes namespace `default`"),
    ("{pod: agent}", F, "is in Kubernetes namespace `kube-system`, not in `default`"),
    ("{pod: agent, namespace: kube-system, host_network: true}", P, "is ready"),
    ("{pod: agent, namespace: kube-system, ip: 10.88.0.2}", F, "has no IP address"),
    ("{pod: wbe}", F, "There is no pod `wbe` in Kubernetes namespace `default`, only"),
    ("{pod: web, namespace: k8s.io, exists: false}", P, "There is no pod `web`"),
    ("{pod: gone}", F, "is not ready: its sandbox, made "),
    ("{pod: gone, state: notready}", P, "has stopped"),
    ("{pod: gone, exists: false}", F, "is not ready"),
    ("{pod: again}", P, "Pod `again` is ready"),
    ("{cri-container: server, pod: web}", P, "`server` of pod `web` is running"),
    ("{cri-container: server, image: busybox}", P, "is running"),
    ("{cri-container: server, image: 'busybox:9'}", F, "has image `docker.io/library/"),
    ("{cri-container: server, labels: {tier: front}}", P, "is running"),
    ("{cri-container: server, labels: {tier: back}}", F, "has label `tier` `front`"),
    ("{cri-container: server, state: exited}", F, "is running"),
    ("{cri-container: server, exit: '0'}", F, "is running"),
    ("{cri-container: server, exists: false}", F, "is running"),
    ("{cri-container: idle}", F, "was never started"),
    ("{cri-container: idle, state: created}", P, "was never started"),
    ("{cri-container: done}", F, "exited with code 0 (Completed), "),
    ("{cri-container: done, exit: '0'}", P, "exited with code 0"),
    ("{cri-container: crash}", F, "exited with code 3 (Error), "),
    ("{cri-container: crash, exit: '0'}", F, "has exit code `3`"),
    ("{cri-container: crash, reason: Error}", P, "exited with code 3"),
    ("{cri-container: killed}", F, "exited with code 137, ended by SIGKILL"),
    ("{cri-container: greedy}", F, "ended by SIGKILL (OOMKilled)"),
    ("{cri-container: greedy, reason: OOMKilled}", P, "exited with code 137"),
    ("{cri-container: broken}", F, "(StartError: "),
    ("{cri-container: retried, attempt: '1'}", P, "is running"),
    ("{cri-container: retried, attempt: '2'}", F, "has attempt `1`"),
    ("{cri-container: server, pod: shop}", F, "pod `web` of `default` has one"),
    (
        "{cri-container: server, namespace: kube-system}",
        F,
        "`web` of `default` has one",
    ),
    ("{cri-container: server, pod: wbe}", F, "There is no pod `wbe`"),
    ("{cri-container: server, pod: agent}", F, "is in Kubernetes namespace `kube-syst"),
    ("{cri-container: sidecar, pod: shop}", P, "`sidecar` of pod `shop` is running"),
    ("{cri-container: shop}", F, "the name of a pod, which has `sidecar`"),
    ("{cri-container: plain}", F, "containerd has one in its namespace `k8s.io`"),
    ("{cri-container: srever, pod: shop}", F, ", only `sidecar`"),
    ("{cri-container: nginx, exists: false}", P, "There is no container `nginx`"),
]


@pytest.fixture(scope="module")
def machine(lab_machine):
    _, door = lab_machine(["containerd", "containernetworking-plugins"])
    kubelet.prepare(door)
    with closing(Kubelet(door)) as orders:
        stage(orders)
    assert door.run(["sh", "-c", PLAIN], timeout=20).exit == 0
    until(lambda: all(have_ended(door)), "the containers did not end")
    return door


def have_ended(door):
    for name in ("done", "crash", "greedy"):
        yield CriContainer(name, state=equals("exited")).run(door).status is P


def stage(orders):
    """Bring about every state that the cases ask for."""
    web = orders.run_pod("web", labels={"app": "web"})
    orders.start(web, "server", *SLEEP, labels={"tier": "front"})
    orders.create(web, "idle", *SLEEP)
    orders.start(web, "done", "true")
    orders.start(web, "crash", "sh", "-c", "exit 3")
    orders.start(web, "greedy", "tail", "/dev/zero", linux=LITTLE)
    orders.stop(orders.start(web, "killed", *SLEEP))
    with suppress(grpc.RpcError):
        orders.start(web, "broken", "/no/such/program")
    orders.stop(orders.start(web, "retried", *SLEEP))
    orders.start(web, "retried", *SLEEP, attempt=1)
    orders.stop_pod(orders.run_pod("again"))
    for name in ("shop", "again"):
        orders.start(orders.run_pod(name), "sidecar", *SLEEP)
    orders.run_pod("agent", namespace="kube-system", network="NODE")
    orders.stop_pod(orders.run_pod("gone"))


@pytest.mark.parametrize(
    ("entry", "status", "said"), CASES, ids=[case[0][:60] for case in CASES]
)
def test_a_real_state_is_judged_and_told(machine, entry, status, said):
    kinds.judge(machine, entry, status, said)


def test_a_container_of_several_pods_must_be_asked_for_with_its_pod(machine):
    with pytest.raises(CheckError, match="each of the pods `again`, `shop` has"):
        CriContainer("sidecar").run(machine)
