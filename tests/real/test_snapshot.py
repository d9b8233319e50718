"""Snapshots of a machine with containerd and Docker, between a few commands."""

import pytest

from checks.snapshot.model import diff
from checks.snapshot.take import take

pytestmark = pytest.mark.real

SOCKET = "/run/containerd/containerd.sock"
CONTAINERD = f"containerd {SOCKET}"
BUSYBOX = "docker.io/library/busybox:latest"
PREPARE = f"""
ctr images pull {BUSYBOX}
ctr run --detach {BUSYBOX} web sleep 100000
docker pull busybox
docker run --detach --name box busybox sleep 100000
"""
CHANGE = """
useradd --user-group anna
apt-get remove -y nano
sysctl -w net.ipv4.ip_forward=0
mount -t tmpfs none /mnt
ctr tasks pause web
docker stop --time 0 box
docker volume create data
printf x | ctr content ingest --expected-digest \
  sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 one
ctr snapshots prepare mine
mkdir -p /srv/bundle && cd /srv/bundle && runc spec && mkdir rootfs
ctr images mount docker.io/library/busybox:latest rootfs
sed -i 's/"terminal": true/"terminal": false/' config.json
runc create job >/dev/null 2>&1 </dev/null
"""
CHANGED = {
    ("users", "anna"),
    ("groups", "anna"),
    ("parameters", "net/ipv4/ip_forward"),
    ("mounts", "/mnt"),
    ("units", "mnt.mount"),
    (CONTAINERD, "default: task web"),
    (f"snapshots {SOCKET}", "default: overlayfs: mine"),
    (f"content {SOCKET}", "default: blobs"),
    ("runc", "/run/runc/job"),
    ("docker", "container box"),
    ("docker", "volume data"),
}


@pytest.fixture
def machine(lab_machine):
    _, door = lab_machine(["containerd", "docker.io"])
    run(door, PREPARE)
    return door


def run(door, script):
    done = door.run(["sh", "-ec", script], timeout=120)
    assert done.exit == 0, done.stderr


def test_what_commands_change_is_seen_and_a_runtime_that_ends_is_not_empty(machine):
    before = take(machine)
    assert before.unseen == {}
    assert before.parts["docker"]["image busybox:latest"].startswith("sha256:")

    run(machine, CHANGE)
    after = take(machine)
    changes = diff(before, after)
    assert {(each.part, each.name) for each in changes} >= CHANGED
    (nano,) = [each for each in changes if each.name.startswith("nano:")]
    assert nano.before.endswith("install installed")
    (task,) = [each for each in changes if each.name == "default: task web"]
    assert (task.before, task.after) == ("running", "paused")

    run(machine, "systemctl stop docker.socket docker")
    (docker,) = [each for each in diff(after, take(machine)) if each.part == "docker"]
    assert (docker.name, docker.before) == ("", "seen")
    assert docker.after.startswith("Docker is not running")
