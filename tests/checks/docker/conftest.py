import json
import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingUnixStreamServer
from urllib.parse import quote

import pytest

from checks.docker.connect import SOCKETS
from checks.doors.process import Result
from checks.host.systemd import PROPERTIES
from checks.testing import FakeMachine

ASKS_SYSTEMD = "systemctl show --property=SubState docker.socket docker.service"
SHOW = f"systemctl show --property={PROPERTIES} -- docker.service"
JOURNAL = (
    "journalctl --quiet --boot --lines=1 --output=json --no-pager"
    " _SYSTEMD_UNIT=docker.service"
)
LAST_WORDS = json.dumps({"MESSAGE": "no room", "__MONOTONIC_TIMESTAMP": "9"})
UNIT = """\
LoadState={}
ActiveState={}
SubState={}
ExecMainCode=1
ExecMainStatus=1
"""
IMAGE_ID = "sha256:" + "ab" * 32
AMD64 = ("linux", "amd64")
CONTAINER_ID = "2fe9" + "0" * 60
NETWORK_ID = "7ac1" + "0" * 60
# What the Engine says of what it does not have, by the first part of the target.
MISSING = {
    "images": "No such image: {}",
    "containers": "No such container: {}",
    "networks": "network {} not found",
    "volumes": "get {}: no such volume",
}


class Engine(ThreadingUnixStreamServer):
    """A Docker Engine made of a dict: a target and its status and JSON answer."""

    daemon_threads = True

    def __init__(self, path):
        super().__init__(path, _Handler)
        self.path = path
        self.connections = []
        self.asked = []
        self.answers = {
            "/version": (200, {"Version": "24.0.7", "ApiVersion": "1.43"}),
            "/images/json": (200, []),
            "/containers/json?all=1": (200, []),
            "/networks": (200, []),
            "/volumes": (200, {"Volumes": [], "Warnings": None}),
        }

    def has_image(self, *tags, digests=(), image_id=IMAGE_ID, platform=AMD64):
        found = {"Id": image_id, "RepoTags": list(tags), "RepoDigests": list(digests)}
        found |= zip(("Os", "Architecture", "Variant"), platform, strict=False)
        for name in (image_id, *(_completed(tag) for tag in (*tags, *digests))):
            self.answers[f"/images/{name}/json"] = (200, found)
        self.answers["/images/json"][1].append(found)

    def has_container(self, name, state, image="busybox", labels=None, **given):
        found = {
            "Id": CONTAINER_ID,
            "Name": f"/{name}",
            "Image": IMAGE_ID,
            "State": {"Status": "running", "Pid": 0, "ExitCode": 0, "Error": ""}
            | state,
            "Config": {"Image": image, "Labels": labels},
        } | given
        for key in (name, CONTAINER_ID, CONTAINER_ID[:4]):
            self.answers[f"/containers/{key}/json"] = (200, found)
        listed = {
            "Id": CONTAINER_ID,
            "Names": [f"/{name}"],
            "Image": image,
            "Labels": labels,
        }
        self.answers["/containers/json?all=1"][1].append(listed)

    def has_network(self, name, containers=(), **given):
        found = {
            "Name": name,
            "Id": NETWORK_ID,
            "Driver": "bridge",
            "Internal": False,
            "IPAM": {"Config": [{"Subnet": "172.30.0.0/16", "Gateway": "172.30.0.1"}]},
            "Containers": {f"id of {each}": {"Name": each} for each in containers},
            "Labels": {},
        } | given
        for key in (name, NETWORK_ID, NETWORK_ID[:4]):
            self.answers[f"/networks/{key}"] = (200, found)
        self.answers["/networks"][1].append(found)

    def has_volume(self, name, used_by=(), mounted_too=(), **given):
        """Add a volume; `mounted_too` have another one on a path of its name."""
        found = {
            "Name": name,
            "Driver": "local",
            "Mountpoint": f"/var/lib/docker/volumes/{name}/_data",
            "Labels": None,
        } | given
        users = [
            {"Names": [f"/{each}"], "Mounts": [{"Type": "volume", "Name": volume}]}
            for containers, volume in ((used_by, name), (mounted_too, "other"))
            for each in containers
        ]
        wanted = quote(json.dumps({"volume": [name]}))
        self.answers[f"/volumes/{name}"] = (200, found)
        self.answers["/volumes"][1]["Volumes"].append(found)
        self.answers[f"/containers/json?all=1&filters={wanted}"] = (200, users)

    def close_connections(self):
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)

    def answer(self, target):
        self.asked.append(target)
        kind, _, name = target.removeprefix("/").partition("/")
        missing = MISSING.get(kind, "page not found").format(name)
        return self.answers.get(target, (404, {"message": missing}))


def _completed(name):
    return f"docker.io/library/{name}" if "/" not in name else name


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.connection not in self.server.connections:
            self.server.connections.append(self.connection)
        status, answer = self.server.answer(self.path)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def _machine_with(sockets, held="running", unit=("loaded", "inactive", "dead")):
    """A machine with Docker's sockets; `held` is what systemd does with docker.socket.

    `unit` is the state of docker.service: of loading, of activity and its sub-state.
    """
    states = f"SubState={held}\n\nSubState={unit[-1]}\n"
    said = {
        ASKS_SYSTEMD: states,
        SHOW: UNIT.format(*unit),
        JOURNAL: LAST_WORDS,
    }
    commands = {command: Result(0, text, "") for command, text in said.items()}
    return FakeMachine(commands=commands, sockets=sockets)


@pytest.fixture
def engine(tmp_path):
    with Engine(str(tmp_path / "docker.sock")) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def machine(engine):
    # As on a real machine, where /var/run is a link to /run.
    machine = _machine_with(dict.fromkeys(SOCKETS, engine.path))
    yield machine
    machine.close()


@pytest.fixture
def machine_of():
    return _machine_with


@pytest.fixture
def sleeping():
    """A machine where systemd holds Docker's socket; dialling it would be unscripted."""
    return _machine_with({}, held="listening")


@pytest.fixture
def without_docker():
    return _machine_with(dict.fromkeys(SOCKETS))
