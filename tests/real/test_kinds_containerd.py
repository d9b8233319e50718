"""Near misses of containerd on a real machine, in three flavours of it.

MicroK8s itself cannot be had from an archive of packages; its containerd is laid out
here as the snap does: unit, socket, folders, and a configuration made of its template.
"""

import time

import kinds
import pytest
from machines import until

from checks.verdict import Status
from lab_runner import doctor
from lab_runner.machines import lifecycle
from lab_runner.model import Lab, Source, Step, Task
from lab_runner.recording import events
from lab_runner.recording.watch import watching
from lab_runner.recording.witness import Recorded
from lab_runner.state import StateFolder

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("containerd")]

PREPARE = r"""
B=docker.io/library/busybox
ctr images pull $B:latest
ctr run --detach $B:latest web sleep 100000
ctr run --detach $B:latest done sh -c 'exit 3'
ctr run --detach $B:latest killed sleep 100000
ctr run --detach $B:latest held sleep 100000
ctr containers create $B:latest idle sleep 1
ctr tasks kill --signal SIGKILL killed
ctr tasks pause held
ctr -n green images pull $B:1.35
ctr -n green run --detach $B:1.35 other sleep 100000
ctr -n native images pull --snapshotter native $B:latest
ctr -n native run --snapshotter native --detach $B:latest own sleep 100000
ctr -n bare content fetch $B:latest
ctr -n gone images pull $B:latest && ctr -n gone leases create --id keep && ctr -n gone content ls -q | xargs -I% ctr -n gone content label % containerd.io/gc.root=1
ctr -n gone images rm $B:latest
ctr leases create --id keep tier=front
ctr leases create --id brief --expires 1h


common=/var/snap/microk8s/common args=/var/snap/microk8s/current/args
mkdir -p $common/run $args
cat >$args/containerd-template.toml <<'E'
version = 2
oom_score = 0
root = "${SNAP_COMMON}/var/lib/containerd"
state = "${SNAP_COMMON}/run/containerd"
[grpc]
  address = "${SNAP_COMMON}/run/containerd.sock"
  uid = 0
  gid = 0
E
sed "s,\${SNAP_COMMON},$common,g" $args/containerd-template.toml >$args/containerd.toml
cat >/etc/systemd/system/snap.microk8s.daemon-containerd.service <<E
[Service]
ExecStart=/usr/bin/containerd --config $args/containerd.toml
Type=notify
Delegate=yes
KillMode=process
E
systemctl daemon-reload
systemctl start snap.microk8s.daemon-containerd
ctr -a $common/run/containerd.sock -n k8s.io images pull --snapshotter native $B:latest


useradd --create-home anna
install -d -o anna -m 0700 /run/user/$(id -u anna)
cat >/home/anna/run.sh <<'E'
export XDG_RUNTIME_DIR=/run/user/$(id -u)
cat >~/config.toml <<T
version = 2
root = "/home/anna/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "/run/containerd/containerd.sock"
T
exec rootlesskit --state-dir=$XDG_RUNTIME_DIR/containerd-rootless --net=host --copy-up=/etc --copy-up=/run --propagation=rslave \
  sh -c 'rm -rf /run/containerd; exec containerd --config ~/config.toml'
E
systemd-run --quiet --unit=rootless --uid=anna --working-directory=/home/anna bash /home/anna/run.sh
for _ in $(seq 100); do test -s /run/user/1000/containerd-rootless/child_pid && break; sleep 0.1; done
sleep 1
"""
IMAGE = "docker.io/library/busybox"
MICROK8S = "/var/snap/microk8s/common/run/containerd.sock"
UNPACKED_BY_NATIVE = f"""
image: {IMAGE}:latest
namespace: native
unpacked: true
snapshotter: native
"""
FAILING = r"""
mkdir -p /run/systemd/system/containerd.service.d
printf '[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n' \
  >/run/systemd/system/containerd.service.d/broken.conf
systemctl unmask containerd
systemctl daemon-reload
systemctl start containerd
"""
RESTARTING = r"""
sed -i 's/Restart=no/Restart=always\nRestartSec=60/' \
  /run/systemd/system/containerd.service.d/broken.conf
systemctl daemon-reload
systemctl start containerd
"""
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{containerd: running}", P, "not asked here: MicroK8s' containerd"),
    ("{containerd: running, address: microk8s}", P, "MicroK8s' containerd"),
    ("{containerd: running, address: rootless}", P, "a rootless containerd"),
    ("{containerd: running, address: k3s}", F, "there is no unit `k3s.service`"),
    ("{containerd: stopped}", F, "is running"),
    (f"{{image: '{IMAGE}:latest', unpacked: true}}", P, "in namespace `default`"),
    (f"{{image: '{IMAGE}:1.35'}}", F, "is in namespace `green`, not in `default`"),
    ("{image: 'busybox:latest'}", F, f"only `{IMAGE}:latest`"),
    (f"{{image: '{IMAGE}:9'}}", F, f"only `{IMAGE}:latest`"),
    (f"{{image: '{IMAGE}:latest', digest: 'sha256:0'}}", F, "has digest `sha256:"),
    (
        f"{{image: '{IMAGE}:latest', platform: linux/s390x}}",
        F,
        "is not for linux/s390x, only for linux/amd64",
    ),
    (
        f"{{image: '{IMAGE}:latest', namespace: bare, unpacked: true}}",
        F,
        "is pulled but not unpacked: overlayfs has no snapshot",
    ),
    (
        f"{{image: '{IMAGE}:latest', namespace: native, unpacked: true}}",
        F,
        "is pulled but not unpacked: overlayfs",
    ),
    (UNPACKED_BY_NATIVE, P, "is in namespace `native`"),
    (
        f"{{image: '{IMAGE}:9', namespace: gone}}",
        F,
        "though content of it is still there",
    ),
    (f"{{image: '{IMAGE}:9', namespace: blue}}", F, "which does not exist yet"),
    (
        "{image: 'docker.io/library/nginx:latest', address: microk8s}",
        F,
        f"in namespace `k8s.io`, only `{IMAGE}:latest`",
    ),
    (f"{{image: '{IMAGE}:latest', address: microk8s}}", P, "namespace `k8s.io`"),
    (f"{{image: '{IMAGE}:latest', address: '{MICROK8S}'}}", P, "namespace `k8s.io`"),
    (
        f"{{image: '{IMAGE}:latest', address: rootless}}",
        F,
        "not in `default` of a rootless containerd, which is asked here",
    ),
    ("{container: other}", F, "is in namespace `green`, not in `default`"),
    ("{container: own, namespace: native, snapshotter: overlayfs}", F, "`native`"),
    ("{container: nothing}", F, "only `done`"),
    ("{container: idle, image: nginx}", F, f"has image `{IMAGE}:latest`"),
    ("{task: idle}", F, "Container `idle` has no task"),
    ("{task: done}", F, "has stopped with exit code 3, "),
    ("{task: killed}", F, "exit code 137, ended by SIGKILL, "),
    ("{task: held}", F, "is paused (process "),
    ("{task: other}", F, "is in namespace `green`"),
    ("{task: web, status: stopped}", F, "is running (process "),
    ("{snapshot: web, snapshotter: native}", F, "but overlayfs has one of this key"),
    ("{snapshot: own, namespace: native}", F, "but native has one of this key"),
    ("{namespace: blue}", F, "There is no namespace `blue`, only `"),
    ("{lease: keep, labels: {tier: front}}", P, "is in namespace `default`"),
    ("{lease: keep, labels: {tier: back}}", F, "has label `tier` `front`"),
    ("{lease: brief, expires: false}", F, "ends by itself"),
    ("{lease: brief, holds: 'sha256:0'}", F, "does not keep `sha256:0`"),
    ("{lease: brieff}", F, "only `brief`, `keep`"),
    ("{lease: brief, namespace: green}", F, "is in namespace `default`"),
]
STATES = [
    ("systemctl stop containerd", "`containerd.service` is stopped"),
    ("systemctl mask --now containerd", "`containerd.service` is masked"),
    (FAILING, "`containerd.service` has failed (exit code 1)"),
    (RESTARTING, "`containerd.service` is restarted (exit code 1)"),
]


@pytest.fixture(scope="module")
def machine(lab_machine):
    """A machine with three containerds, and in them what the cases ask for."""
    _, door = lab_machine(["containerd", "rootlesskit", "slirp4netns", "uidmap"])
    prepared = door.run(["bash", "-ex", "-c", PREPARE], timeout=120)
    assert prepared.exit == 0, prepared.stderr[-2000:]
    return door


@pytest.mark.parametrize(
    ("entry", "status", "said"), CASES, ids=[case[0][:60] for case in CASES]
)
def test_a_near_miss_is_told(machine, entry, status, said):
    kinds.judge(machine, entry, status, said)


def test_what_containerd_tells_is_known_while_it_is_watched(
    machine, tmp_path, monkeypatch
):
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path))
    here = Source("lab.md", 1)
    task = Task("t", "t", "event", {"event": "/tasks/exit"}, here, "digest")
    lab = Lab("lab", "", "", (Step("s", "", "", here, tasks=(task,)),), "digest", here)
    asked = "{event: /tasks/exit, fields: {container_id: fleeting, exit_status: '3'}}"
    fleeting = f"ctr run --rm {IMAGE}:latest fleeting sh -c 'exit 3'"

    with watching(lab, "lab", lambda _: machine.name, lifecycle.find):
        until(lambda: events.read("lab", machine.name), "nothing is watched")
        monkeypatch.setattr(
            machine, "witness", Recorded("lab", machine.name, time.time())
        )
        kinds.judge(machine, asked, F, "since the step began")
        machine.run(["sh", "-c", f"{fleeting} </dev/null"])

        kinds.judge(machine, asked, P, "exit_status `3` happened")


def test_the_doctor_lists_every_containerd(machine, tmp_path):
    found = {each.name: each for each in doctor.examine(machine, StateFolder(tmp_path))}

    listed = {name for name, each in found.items() if each.ok}
    assert listed >= {
        "containerd (distribution)",
        "containerd (microk8s)",
        "containerd (rootless)",
    }
    assert (
        "(active); namespaces: bare, default, "
        in found["containerd (distribution)"].found
    )


def test_a_containerd_that_does_not_run_is_told_by_its_unit(machine):
    for command, said in STATES:
        machine.run(["bash", "-c", command])
        kinds.judge(machine, "{containerd: running, address: distribution}", F, said)


def test_without_the_distributions_the_next_one_is_found(machine):
    machine.run(["systemctl", "stop", "containerd"])
    machine.forget("containerd")

    kinds.judge(machine, "{containerd: running}", P, "MicroK8s' containerd")
    kinds.judge(machine, f"{{image: '{IMAGE}:latest'}}", P, "namespace `k8s.io`")
