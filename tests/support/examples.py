"""A machine on which the example of every kind of check holds."""

from contextlib import closing

import kubelet

PACKAGES = ("containerd", "docker.io", "containernetworking-plugins")
BUSYBOX = "docker.io/library/busybox:latest"
BLOB = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# What the examples speak of, in the order in which it is made.
STAGES = {
    "file": "containerd config default >/etc/containerd/config.toml",
    "image": f"ctr images pull {BUSYBOX}",
    "cri-image": f"ctr -n k8s.io images pull {BUSYBOX}",
    "task": f"ctr run --detach {BUSYBOX} web sleep 100000",
    "namespace": "ctr namespaces create staging team=web",
    "content": f"""printf test | ctr content ingest --expected-digest {BLOB} test
        ctr content label {BLOB} containerd.io/gc.root=1""",
    "lease": "ctr leases create --id keep-busybox --expires 0s",
    "oci-layout": f"""mkdir /root/busybox
        ctr images export --platform linux/amd64 - {BUSYBOX} | tar -C /root/busybox -xf -""",
    "port": """systemd-run --quiet --socket-property=ListenStream=127.0.0.1:5000 \
        --unit=listener cat""",
    "mount": """mkdir /srv/scratch
        mount -t tmpfs -o nosuid,noexec scratch /srv/scratch""",
    "http": f"""ctr run --detach --net-host {BUSYBOX} www sh -c \
        'echo It works >/tmp/index.html; httpd -f -p 127.0.0.1:8080 -h /tmp'""",
    "user": "useradd --create-home --shell /bin/bash --groups docker anna",
    "docker-image": """docker pull busybox
        docker tag busybox busybox:1.36""",
    "docker-network": "docker network create --subnet 172.30.0.0/16 backend",
    "docker-volume": "docker volume create web-data",
    "docker-container": """docker tag busybox nginx:1.27
        docker run --detach --name web --network backend --publish 8000:80 \
        --volume web-data:/data nginx:1.27 sleep 100000""",
    "bundle": """mkdir --parents /root/mycontainer/rootfs && cd /root/mycontainer
        docker export web | tar -C rootfs -xf -
        runc spec
        sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"sleep", "300"/' config.json""",
    "runc": """cd /root/mycontainer
        runc run --detach mycontainer >/dev/null 2>&1 </dev/null""",
}


class Watched:
    """A witness of what the examples say has happened, which leaves no state behind."""

    since = 0.0

    def witnessed(self, kind):
        return {"event": [EXIT], "command": [LISTED]}[kind]


LISTED = {"command": "ctr images ls", "exit": 0, "directory": "/root", "start": 1.0}
EXIT = {
    "time": 1.0,
    "source": "containerd",
    "address": "",
    "namespace": "default",
    "topic": "/tasks/exit",
    "fields": {"container_id": "web", "exit_status": 3},
}


def prepare(door):
    """Make on a machine with PACKAGES all that the examples speak of."""
    kubelet.prepare(door)
    with closing(kubelet.Kubelet(door)) as orders:
        orders.start(orders.run_pod("web"), "server", "sleep", "100000")
    for kind, script in STAGES.items():
        made = door.run(["bash", "-ex", "-c", script], timeout=60)
        assert made.exit == 0, (kind, made.stderr[-2000:])
    door.witness = Watched()
