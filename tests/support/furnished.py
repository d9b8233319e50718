"""A fake machine with something of every kind, much of it huge, and with secrets."""

import json
import threading
import time
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from urllib.parse import quote

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.docker.connect import SOCKETS
from checks.doors.files import Stat
from checks.doors.machine import Base, Local
from checks.doors.process import Result, missing
from checks.errors import NotPermitted
from checks.host import systemd
from checks.testing import CriServer, FakeMachine, Unscripted

SECRET = "correct-horse-battery"
MANY = {f"label-{number}": "x" * 500 for number in range(10_000)}
DIGEST = "sha256:" + "cd" * 32
FILE, PROGRAM = Stat("file", 0o640, 0, 0, 6), Stat("file", 0o755, 0, 0, 10)
FOLDER = Stat("directory", 0o755, 0, 0, 4096)
BUSYBOX = "docker.io/library/busybox:latest"

STANZA = """\
Package: containerd
Status: install ok installed
Architecture: amd64
Version: 1.6.20
"""
UNIT = """\
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
Result=success
MainPID=351
NRestarts=0
NeedDaemonReload=no
"""
MOUNT = "21 1 8:1 / /data rw - ext4 /dev/sda1 rw," + ",".join(MANY)
PORTS = "heading\n  0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 1\n"
CONFIG = {
    "ociVersion": "1.0.2",
    "process": {"args": ["sleep", "300"], "cwd": "/", "env": [f"TOKEN={SECRET}"]},
    "root": {"path": "rootfs"},
    "hostname": "box",
    "annotations": MANY,
}
STATE = {
    "id": "web",
    "pid": 42,
    "status": "running",
    "bundle": "/b",
    "rootfs": "/b/rootfs",
    "created": "2026-01-01T00:00:00Z",
    "annotations": MANY,
}
PIDS = [str(pid) for pid in range(100, 1100)]
FILES = {
    "/var/lib/dpkg/status": STANZA,
    "/srv/hello": f"password = {SECRET}\n",
    "/etc/passwd": f"root:{SECRET}:0:0:root:/root:/bin/bash\n",
    "/etc/group": f"root:x:0:\ncrowd:{SECRET}:998:{','.join(MANY)}\n",
    "/etc/shadow": f"root:{SECRET}:19000:0:99999:7:::\n",
    "/proc/1/mountinfo": MOUNT,
    "/proc/1/net/tcp": PORTS,
    "/proc/1/net/udp": "heading\n",
    "/proc/1/comm": "systemd\n",
    "/proc/1/cmdline": "/sbin/init\0",
    "/proc/1/status": "State:\tS\nPPid:\t0\nUid:\t0\t0\t0\t0\n",
    "/b/config.json": json.dumps(CONFIG),
    "/l/oci-layout": '{"imageLayoutVersion": "1.0.0"}',
    **{f"/proc/{pid}/comm": "sleep\n" for pid in PIDS},
    **{f"/proc/{pid}/cmdline": f"sleep\0--token={SECRET}\0" for pid in PIDS},
    **{
        f"/proc/{pid}/status": "State:\tS\nPPid:\t1\nUid:\t0\t0\t0\t0\n" for pid in PIDS
    },
}
COMMANDS = {
    f"systemctl show --property={systemd.PROPERTIES} -- cron.service": UNIT,
    "cat /proc/sys/kernel/ostype": "Linux\n",
    "id -Gn root": "root\n",
    "passwd -S root": "root P 2026-01-01 0 99999 7 -1\n",
    "bash -c true": "x" * 100_000,
    "runc --root /run/runc state web": json.dumps(STATE),
}
VOLUME = json.dumps({"volume": ["data"]})
DOCKER = {
    "/version": {"Version": "24.0.7", "ApiVersion": "1.43"},
    "/containers/web/json": {
        "Id": "2fe9" + "0" * 60,
        "Name": "/web",
        "Image": DIGEST,
        "State": {"Status": "running", "Pid": 7, "ExitCode": 0, "Error": ""},
        "Config": {"Image": "busybox", "Labels": MANY, "Env": [f"TOKEN={SECRET}"]},
    },
    "/images/docker.io/library/busybox:latest/json": {
        "Id": DIGEST,
        "RepoTags": ["busybox:latest", *(f"busybox:{name}" for name in MANY)],
        "RepoDigests": [f"busybox@{DIGEST}"],
        "Config": {"Labels": MANY, "Env": [f"TOKEN={SECRET}"]},
    },
    "/networks/lan": {
        "Name": "lan",
        "Id": "7ac1" + "0" * 60,
        "Driver": "bridge",
        "Internal": False,
        "IPAM": {"Config": [{"Subnet": "172.30.0.0/16"}]},
        "Containers": {name: {"Name": name} for name in MANY},
        "Labels": MANY,
    },
    "/volumes/data": {
        "Name": "data",
        "Driver": "local",
        "Mountpoint": "/var/lib/docker/volumes/data/_data",
        "Options": {"o": f"username=ann,password={SECRET}"},
        "Labels": MANY,
    },
    f"/containers/json?all=1&filters={quote(VOLUME)}": [],
    "/networks": [],
    "/volumes": {"Volumes": []},
    "/images/json": [],
    "/containers/json?all=1": [],
}


class Witness:
    """Has seen one command and one event since the step began."""

    since = time.time() - 60

    def witnessed(self, kind):
        at = self.since + 1
        if kind == "command":
            line = "ctr images ls " + "x" * 100_000
            return [{"command": line, "exit": 0, "directory": "/root", "start": at}]
        told = {"source": "containerd", "address": "", "time": at}
        watching = {**told, "time": self.since - 1, "watching": True, "reason": ""}
        fields = {"container_id": "web", **MANY}
        event = {"namespace": "default", "topic": "/tasks/exit", "fields": fields}
        return [watching, {**told, **event}]


class Furnished(FakeMachine):
    """A machine where whatever is not scripted is not there."""

    def run(self, argv, *, timeout=None):
        try:
            return super().run(argv, timeout=timeout)
        except Unscripted:
            raise missing(argv[0]) from None

    def spawn(self, argv, *, env=None):
        return Local().spawn(argv, env=env)

    def read(self, path, limit=0):
        return self._there(super().read, path)

    def stat(self, path, *, follow=True):
        return self._there(super().stat, path)

    def names(self, path):
        return self._there(super().names, path)

    def socket(self, path):
        return self._there(super().socket, path)

    @staticmethod
    def _there(ask, path):
        try:
            return ask(path)
        except Unscripted:
            raise FileNotFoundError(2, "No such file or directory", path) from None


class Refusing(Base):
    """A machine that lets nobody look at anything."""

    def __init__(self):
        super().__init__("refusing")

    def refuse(self, *_, **__):
        raise NotPermitted("that may not be looked at", "run with `sudo`")

    run = spawn = read = stat = names = socket = refuse


@contextmanager
def furnished():
    """Have the machine for as long as the block lasts."""
    with CriServer() as containerd, _docker() as docker:
        _fill(containerd)
        layout = _layout()
        files = {path: text.encode() for path, text in FILES.items()} | layout
        machine = Furnished(
            commands={line: Result(0, out, "") for line, out in COMMANDS.items()},
            files=files,
            stats={
                "/srv/hello": FILE,
                "/data": FOLDER,
                "/usr/bin/ctr": PROGRAM,
                "/usr/bin/bash": PROGRAM,
                "/b/rootfs": FOLDER,
                "/b": FOLDER,
                "/run/runc": FOLDER,
                **{
                    path: Stat("file", 0o644, 0, 0, len(layout[path]))
                    for path in layout
                },
            },
            folders={
                "/proc": ["1", *PIDS],
                "/b/rootfs": ["bin"],
                "/var/lib/dpkg/updates": [],
                "/run/runc": ["web"],
            },
            sockets={
                DEFAULT_ADDRESS: containerd.address,
                **dict.fromkeys(SOCKETS, docker),
            },
        )
        machine.witness = Witness()
        yield machine
        machine.close()


def _fill(server):
    server.namespaces["green"] = MANY
    server.has_image(BUSYBOX, labels=MANY)
    server.has_container("web", labels=MANY)
    server.has_task("busy", "running")
    server.has_snapshot("layer", "committed")
    server.has_content(DIGEST, 417, labels=MANY)
    server.has_lease("keep", labels=MANY, holds=MANY)
    server.knows(BUSYBOX, tags=[BUSYBOX, *(f"busybox:{name}" for name in MANY)])
    pod = server.has_pod("web")
    server.has_container_in(pod, "box")


def _layout():
    """Return the files of an OCI layout at `/l` with one image."""
    blobs = {}

    def blob(data, media_type):
        digest = f"sha256:{sha256(data).hexdigest()}"
        blobs[f"/l/blobs/{digest.replace(':', '/')}"] = data
        return {"digest": digest, "size": len(data), "mediaType": media_type}

    image = "application/vnd.oci.image"
    env = {"os": "linux", "architecture": "amd64", "config": {"Env": [SECRET]}}
    config = blob(json.dumps(env).encode(), f"{image}.config.v1+json")
    document = {"config": config, "layers": [], "annotations": MANY}
    manifest = blob(json.dumps(document).encode(), f"{image}.manifest.v1+json")
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    index = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    return blobs | {"/l/index.json": index}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.path in DOCKER
        answer = DOCKER.get(self.path, {"message": f"No such object: {self.path}"})
        body = json.dumps(answer).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def _docker():
    """Have a Docker that answers from DOCKER; yields the path of its socket."""
    with (
        TemporaryDirectory(prefix="labrun-") as folder,
        ThreadingUnixStreamServer(str(Path(folder, "docker.sock")), _Handler) as server,
    ):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server.server_address
        server.shutdown()
