"""Has pods run as the kubelet does: over CRI, past the door, which lets only reads by."""

import gzip
import json
import os
import uuid

import grpc
from machines import until

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.cri.cri import Cri
from checks.verdict import Status
from lab_runner.machines import folder
from lab_runner.machines.mirror import documents, images, references, store
from lab_runner.machines.mirror.store import Entry

# The messages, made from the .proto beside this file.
orders = grpc.protos("cri_orders.proto")

BUSYBOX = "docker.io/library/busybox:latest"
ADDRESSES = {"type": "host-local", "ranges": [[{"subnet": "10.88.0.0/16"}]]}
BRIDGE = {"type": "bridge", "bridge": "pods0", "ipam": ADDRESSES}
NETWORK = {"cniVersion": "0.4.0", "name": "pods", "plugins": [BRIDGE]}
# Sandboxes ask for a priority that takes CAP_SYS_RESOURCE, which a host may not have.
PREPARE = f"""mkdir --parents /etc/cni/net.d
echo '{json.dumps(NETWORK)}' >/etc/cni/net.d/10-pods.conflist
cat >/etc/containerd/config.toml <<END
version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "$1"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
END
systemctl restart containerd
ctr -n k8s.io images pull {BUSYBOX}
ctr -n k8s.io images pull "$1"
"""


class Kubelet:
    """Orders to the CRI of a machine with containerd; IDs are what it answers."""

    def __init__(self, door):
        self._held = door.socket(DEFAULT_ADDRESS)
        self._channel = grpc.insecure_channel(f"unix:{self._held.path}")
        self._sandboxes = {}

    def run_pod(self, name, namespace="default", attempt=0, labels=None, network="POD"):
        metadata = {
            "name": name,
            "namespace": namespace,
            "attempt": attempt,
            "uid": str(uuid.uuid4()),
        }
        linux = {"security_context": {"namespace_options": {"network": network}}}
        config = {"metadata": metadata, "labels": labels, "linux": linux}
        config = orders.PodSandboxConfig(**config)
        sandbox = self._order("RunPodSandbox", config=config).pod_sandbox_id
        self._sandboxes[sandbox] = config
        return sandbox

    def create(self, sandbox, name, *command, attempt=0, **config):
        """Create a container of busybox in a pod."""
        answer = self._order(
            "CreateContainer",
            pod_sandbox_id=sandbox,
            sandbox_config=self._sandboxes[sandbox],
            config=orders.ContainerConfig(
                metadata={"name": name, "attempt": attempt},
                image={"image": BUSYBOX},
                command=command,
                **config,
            ),
        )
        return answer.container_id

    def start(self, sandbox, name, *command, **config):
        """Create a container and start it."""
        container = self.create(sandbox, name, *command, **config)
        self._order("StartContainer", container_id=container)
        return container

    def stop(self, container):
        self._order("StopContainer", container_id=container)

    def stop_pod(self, sandbox):
        self._order("StopPodSandbox", pod_sandbox_id=sandbox)

    def close(self):
        self._channel.close()
        self._held.close()

    def _order(self, method, **fields):
        request = getattr(orders, f"{method}Request")(**fields)
        call = self._channel.unary_unary(
            f"/runtime.v1.RuntimeService/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=getattr(orders, f"{method}Response").FromString,
        )
        return call(request, timeout=60)


def prepare(door):
    """Give a machine a network for pods, and the images they are made of."""
    shop = store.of(folder.root())
    # A tag of this process alone: others may run such a test at the same time.
    pause = f"registry.k8s.io/pause:test-{os.getpid()}"
    name = references.parse(pause)
    digest = images.ship(shop, [], _busybox(shop), ["sleep", "1000000"])
    shop.name(name, Entry(digest, 0.0, "added"))
    try:
        prepared = door.run(["sh", "-ec", PREPARE, "prepare", pause], timeout=60)
    finally:
        shop.forget(name)
    assert prepared.exit == 0, prepared.stderr
    until(lambda: Cri().run(door).status is Status.PASSED, "CRI is not ready")


def _busybox(shop):
    image = shop.entry(references.parse(BUSYBOX)).digest
    _, *layers = documents.read(shop.read(image)).parts
    return [gzip.decompress(shop.read(layer.digest)) for layer in layers]
