"""What a change of a machine asks for."""

import pytest

from checks.snapshot.model import Change
from lab_runner.trying.noise import is_noise
from lab_runner.trying.proposing import propose

DAEMON = "containerd /run/containerd/containerd.sock"
OTHER = "containerd /run/k3s/containerd/containerd.sock"
PROPOSED = [
    (("packages", "curl:amd64", None, "8.1 install installed"), {"package": "curl"}),
    (
        ("packages", "curl:amd64", "8.1 install installed", None),
        {"package": "curl", "exists": False},
    ),
    (("units", "web.service", None, "active (running), enabled"),
     {"service": "web", "active": True}),
    (("users", "anna", None, "1000:1000 /home/anna /bin/sh"), {"user": "anna"}),
    (("groups", "web", None, "1500"), {"group": "web"}),
    (("mounts", "/mnt", "tmpfs", None), {"mount": "/mnt", "exists": False}),
    (("parameters", "vm/swappiness", "60", "10"),
     {"sysctl": "vm.swappiness", "value": "10"}),
    (("ports", "80/tcp", None, "*"), {"port": "80"}),
    (("ports", "53/udp", None, "*"), {"port": "53", "protocol": "udp"}),
    ((DAEMON, "namespace walk", None, ""), {"namespace": "walk"}),
    ((DAEMON, "walk: image a.io/b:1", None, "sha256:0"),
     {"image": "a.io/b:1", "namespace": "walk"}),
    ((DAEMON, "walk: task web", "running", "stopped"),
     {"task": "web", "namespace": "walk", "status": "stopped"}),
    ((OTHER, "k8s.io: container web", None, "a"),
     {"container": "web", "address": "/run/k3s/containerd/containerd.sock",
      "namespace": "k8s.io"}),
    (("docker", "container web", None, "exited busybox"),
     {"docker-container": "web", "state": "exited"}),
    (("docker", "volume data", "local", None), {"docker-volume": "data", "exists": False}),
    (("runc", "/run/runc/box", None, "running /b"), {"runc": "box", "status": "running"}),
    (("files", "/srv/a", None, "directory"), {"file": "/srv/a", "type": "directory"}),
    (("files", "/srv/a", "file", None), {"file": "/srv/a", "exists": False}),
]  # fmt: skip
NOT_PROPOSED = [
    ("units", "web.service", None, "failed (failed), static"),
    ("files", "/srv/a", "file", "symlink"),
    ("processes", "12 sh", None, "root: sh"),
]
NOISE = [
    ("processes", "12 sh", None, "root: sh"),
    ("units", "user@0.service", None, "active (running)"),
    ("files", "/var/log/syslog", None, "file"),
    ("files", "/etc/machine-id", None, "file"),
    ("ports", "41234/tcp", None, "127.0.0.1"),
    ("mounts", "/run/user/0", None, "tmpfs"),
    ("docker", "network bridge", None, ""),
    (DAEMON, "moby: container 0", None, ""),
    (DAEMON, "", "seen", "not there"),
]


@pytest.mark.parametrize(("change", "spec"), PROPOSED, ids=[c[1] for c, _ in PROPOSED])
def test_a_change_asks_for_a_check(change, spec):
    assert propose(Change(*change)).spec == spec
    assert not is_noise(Change(*change))


@pytest.mark.parametrize("change", NOT_PROPOSED, ids=[c[1] for c in NOT_PROPOSED])
def test_what_no_check_can_ask_is_not_proposed(change):
    assert propose(Change(*change)) is None


@pytest.mark.parametrize("change", NOISE, ids=[c[1] or "gone" for c in NOISE])
def test_what_comes_by_itself_is_noise(change):
    assert is_noise(Change(*change))
