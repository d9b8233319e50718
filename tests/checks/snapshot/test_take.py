import json
from dataclasses import asdict

import pytest

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.docker.connect import SOCKETS
from checks.doors.process import Result
from checks.errors import NotPermitted
from checks.host.kernel import ROOT
from checks.host.systemd import PROPERTIES
from checks.oci.runtime import (
    CONTAINERD_ROOT,
    CRUN_ROOT,
    DEFAULT_ROOT,
    DOCKER_ROOT,
)
from checks.snapshot.containerd import LISTED
from checks.snapshot.host import ARGUMENTS_LIMIT, PARAMETERS
from checks.snapshot.take import take
from checks.testing import CriServer, FakeMachine
from checks.testing.containerd import BUSYBOX, DIGEST
from checks.testing.containerd import machine as containerd_machine

LIST = "--no-legend --no-pager --plain --full"
UNITS, UNIT_FILES = f"systemctl list-units {LIST}", f"systemctl list-unit-files {LIST}"
DOCKER = dict.fromkeys(SOCKETS)
# Port 80 on any address and on ::1, and a connection that somebody else made.
TCP = "sl\n0: 00000000:0050 0:0 0A 0\n1: 0100007F:1F90 0:0 01 0\n"
TCP6 = "sl\n0: 00000000000000000000000001000000:0050 0:0 0A 0\n"
PASSWD = "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:100::/home/anna:/bin/sh\n"
RUNC_LIST = '[{"id": "job", "pid": 7, "status": "running", "bundle": "/srv/job"}]'
STATUS = """\
Package: ctr
Status: install ok installed
Architecture: amd64
Version: 1.6
Description: a client
 Package: decoy

Package: nano
Status: deinstall ok config-files
Architecture: amd64
Version: 7.2

"""


def process(pid, name, parent, uid=0, words=""):
    status = (
        f"State:\tS (sleeping)\nPPid:\t{parent}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n"
    )
    return {
        f"/proc/{pid}/comm": f"{name}\n".encode(),
        f"/proc/{pid}/cmdline": words.replace(" ", "\0").encode(),
        f"/proc/{pid}/status": status.encode(),
    }


def scripted(containerd=None, **changes):
    """A machine with something in each part of a snapshot, but for the runtimes."""
    parameters = {f"cat {ROOT}/{each}": Result(0, "1\n", "") for each in PARAMETERS}
    files = {
        "/var/lib/dpkg/status": STATUS.encode(),
        "/etc/passwd": PASSWD.encode(),
        "/etc/group": b"docker:x:999:anna,root\n",
        "/proc/1/mountinfo": b"1 0 0:1 / /srv rw,noatime - ext4 /dev/vda rw\n",
        "/proc/1/net/tcp": TCP.encode(),
        "/proc/1/net/tcp6": TCP6.encode(),
        "/proc/1/net/udp": b"sl\n",
        "/proc/1/net/udp6": None,
        **process(1, "systemd", 0, words="/sbin/init"),
        **process(2, "kthreadd", 0),
        **process(7, "kworker", 2),
        **process(9, "sleep", 1, uid=1000, words="sleep " + "9" * 999),
    }
    commands = {
        UNITS: Result(0, "cron.service loaded active running Jobs\n", ""),
        UNIT_FILES: Result(0, "cron.service enabled enabled\nssh.service masked -", ""),
        "systemctl show --property=SubState docker.socket docker.service": None,
        f"systemctl show --property={PROPERTIES} -- docker.service": None,
        "runc --version": Result(0, "runc version 1.1.5\n", ""),
        "runc --root /run/runc list --format json": Result(0, RUNC_LIST, ""),
        **parameters,
    }
    return containerd_machine(
        {**DOCKER, **(containerd or {})},
        files={**files, **changes.pop("files", {})},
        commands={**commands, **changes.pop("commands", {})},
        folders={
            "/var/lib/dpkg/updates": [],
            "/proc": ["1", "2", "7", "9", "self"],
            **dict.fromkeys((DOCKER_ROOT, CONTAINERD_ROOT, CRUN_ROOT)),
            DEFAULT_ROOT: ["job"],
        },
    )


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            "packages",
            {
                "ctr:amd64": "1.6 install installed",
                "nano:amd64": "7.2 deinstall config-files",
            },
        ),
        (
            "units",
            {"cron.service": "active (running), enabled", "ssh.service": "masked"},
        ),
        (
            "users",
            {"anna": "1000:100 /home/anna /bin/sh", "root": "0:0 /root /bin/bash"},
        ),
        ("groups", {"docker": "999 anna root"}),
        ("mounts", {"/srv": "/dev/vda ext4 rw,noatime"}),
        ("parameters", dict.fromkeys(sorted(PARAMETERS), "1")),
        ("runc", {"/run/runc/job": "running /srv/job"}),
        ("ports", {"80/tcp": "0.0.0.0, ::1"}),
        (
            "processes",
            {
                "1 systemd": "root: /sbin/init",
                "9 sleep": f"anna: {('sleep ' + '9' * 999)[:ARGUMENTS_LIMIT]}",
            },
        ),
    ],
)
def test_each_part_of_the_host_is_listed(part, expected):
    assert take(scripted()).parts[part] == expected


def test_a_snapshot_can_be_kept_as_json():
    fields = asdict(take(scripted()))

    assert json.loads(json.dumps(fields)) == fields


def test_what_could_not_be_looked_at_is_said_beside_the_rest():
    passwd = NotPermitted("`/etc/passwd` may not be read")
    snapshot = take(scripted(files={"/etc/passwd": passwd}))

    assert snapshot.unseen["users"] == passwd.message
    assert snapshot.parts["processes"]["1 systemd"] == "0: /sbin/init"
    assert "users" not in snapshot.parts


def test_a_machine_without_anything_says_so_of_every_part():
    class Empty(FakeMachine):
        def read(self, path, limit=0):
            raise FileNotFoundError(2, "No such file or directory", path)

        stat = names = socket = read

        def run(self, argv, *, timeout=None):
            raise NotPermitted(f"`{argv[0]}` may not be run")

    snapshot = take(Empty())

    assert snapshot.parts == {}
    assert snapshot.unseen["containerd"] == "no containerd listens"
    assert {"packages", "users", "groups", "docker"} <= set(snapshot.unseen)


def test_what_is_in_the_namespaces_of_containerd_is_listed():
    with CriServer() as fake:
        fake.has_image(BUSYBOX)
        fake.has_task("web", "running")
        fake.has_container("idle", "green")
        fake.has_lease("keep", "green")
        machine = scripted({DEFAULT_ADDRESS: fake.address})
        found = take(machine).parts[f"containerd {DEFAULT_ADDRESS}"]
        machine.close()

    assert found == {
        "namespace default": "",
        f"default: image {BUSYBOX}": DIGEST,
        "default: container web": BUSYBOX,
        "default: task web": "running",
        "namespace green": "",
        "green: container idle": BUSYBOX,
        "green: lease keep": "",
    }


def test_snapshots_and_content_of_containerd_are_counted_and_listed():
    with CriServer() as fake:
        fake.has_snapshot("web", "active", parent="sha256:1")
        fake.has_snapshot("old", "view", snapshotter="native")
        fake.has_container("idle", "green")
        fake.has_content(DIGEST, 417)
        machine = scripted({DEFAULT_ADDRESS: fake.address})
        parts = take(machine).parts
        machine.close()

    assert parts[f"snapshots {DEFAULT_ADDRESS}"] == {
        "default: overlayfs": "1",
        "default: overlayfs: web": "active on sha256:1",
        "green: overlayfs": "0",
    }
    assert parts[f"content {DEFAULT_ADDRESS}"] == {
        "default: blobs": "1",
        f"default: blobs: {DIGEST}": "417 bytes",
        "green: blobs": "0",
    }


def test_of_very_many_blobs_only_the_number_is_told():
    with CriServer() as fake:
        for number in range(LISTED + 1):
            fake.has_content(f"sha256:{number}", 1)
        machine = scripted({DEFAULT_ADDRESS: fake.address})
        parts = take(machine).parts
        machine.close()

    assert parts[f"content {DEFAULT_ADDRESS}"] == {"default: blobs": str(LISTED + 1)}


def test_what_is_asked_of_a_containerd_does_not_grow_with_what_it_has():
    asked = []
    for number in (1, 50):
        with CriServer() as fake:
            for each in range(number):
                fake.has_image(f"{BUSYBOX}-{each}")
                fake.has_task(f"web-{each}", "running")
            machine = scripted({DEFAULT_ADDRESS: fake.address})
            take(machine)
            machine.close()
            asked.append(fake.methods)

    assert asked[0] == asked[1]


def test_pods_and_their_containers_are_listed():
    with CriServer() as fake:
        pod = fake.has_pod("web", "shop", state="notready")
        fake.has_container_in(pod, "app", "exited", image={"image": BUSYBOX})
        fake.knows(BUSYBOX, tags=[BUSYBOX])
        machine = scripted({DEFAULT_ADDRESS: fake.address})
        found = take(machine).parts[f"cri {DEFAULT_ADDRESS}"]
        machine.close()

    assert found == {
        "pod shop/web": "notready",
        "container shop/web/app": f"exited {BUSYBOX}",
        f"image {BUSYBOX}": "",
    }


def test_a_containerd_without_cri_is_listed_without_it():
    with CriServer() as fake:
        fake.disable()
        machine = scripted({DEFAULT_ADDRESS: fake.address})
        snapshot = take(machine)
        machine.close()

    assert f"containerd {DEFAULT_ADDRESS}" in snapshot.parts
    assert "offers no CRI" in snapshot.unseen[f"cri {DEFAULT_ADDRESS}"]


def test_a_docker_that_does_not_run_is_not_taken_for_an_empty_one():
    snapshot = take(scripted())

    assert "docker" not in snapshot.parts
    assert snapshot.unseen["docker"].startswith("Docker is not running")
