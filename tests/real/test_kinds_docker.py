"""What Docker keeps: real states, and the sentences that tell near misses."""

import kinds
import pytest

from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("kinds-docker")]

PREPARE = r"""
docker pull --quiet busybox
ctr images pull docker.io/library/busybox:latest
ctr run --detach docker.io/library/busybox:latest inctr sleep 100000
docker network create --subnet 172.30.0.0/16 --gateway 172.30.0.1 backend
docker network create --internal --label tier=back lab_inner
docker volume create --label keep=yes web-data
run() { docker run --detach --name "$@"; }
run web --network backend --publish 127.0.0.1:8080:80 --volume web-data:/data \
  --volume /srv:/conf:ro --volume /cache busybox sleep 100000
run paused busybox sleep 100000 && docker pause paused
run crashing --restart always busybox sh -c 'exit 9'
run killed busybox sleep 100000 && docker kill killed
run ended busybox sh -c 'exit 3'
run shop-db-1 --label com.docker.compose.project=shop \
  --label com.docker.compose.service=database busybox sleep 100000
run sick --health-cmd false --health-interval 0.2s --health-retries 1 \
  busybox sleep 100000
docker create --name fresh busybox
docker run --detach --name broken busybox nonsense || true
docker tag busybox app:1.0
docker commit web built:1
docker commit web lost:2
sleep 2
"""
IMAGE = "{image: 'docker.io/library/busybox:latest'}"
RUNC = "{runc: inctr, root: /run/containerd/runc/default}"
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{docker-network: backend, driver: bridge, containers: web}", P, "bridge network"),
    ("{docker-network: backend, subnet: 172.30.0.0/16, gateway: 172.30.0.1}", P, ""),
    ("{docker-network: backend, subnet: 10.0.0.0/8}", F, "subnet `172.30.0.0/16`"),
    ("{docker-network: backend, internal: true}", F, "internal `false`"),
    ("{docker-network: backend, containers: [paused]}", F, "no container `paused`"),
    ("{docker-network: backend, exists: false}", F, "connected to it: `web`"),
    ("{docker-network: inner}", F, "no network `inner`; it has `lab_inner`"),
    ("{docker-network: lab_inner, internal: true, labels: {tier: back}}", P, ""),
    ("{docker-network: host, driver: bridge}", F, "has driver `host`"),
    ("{docker-network: host, subnet: 10.0.0.0/8}", F, "has no subnet"),
    ("{docker-network: nothing, exists: false}", P, "no network `nothing`"),
    ("{docker-volume: web-data, used_by: web, labels: {keep: 'yes'}}", P, "web-data"),
    ("{docker-volume: web-data, used_by: fresh}", F, "no use by container `fresh`"),
    ("{docker-volume: web-data, exists: false}", F, "`web` uses it"),
    ("{docker-volume: data}", F, "no volume `data`; it has `web-data`"),
    ("{docker-volume: cache}", F, "it has 1 without a name"),
    ("{docker-volume: nothing, exists: false}", P, "no volume `nothing`"),
    ("{docker-container: web, networks: backend, ports: {80: 8080}}", P, "running"),
    ("{docker-container: web, mounts: {/data: web-data, /conf: /srv}}", P, "running"),
    ("{docker-container: web, networks: lab_inner}", F, "it is on `backend`"),
    (
        "{docker-container: web, ports: {80: '0.0.0.0:8080'}}",
        F,
        "port 80/tcp on `127.0.0.1:8080`",
    ),
    ("{docker-container: web, ports: {81: 8080}}", F, "port 81/tcp not published"),
    ("{docker-container: web, mounts: {/var: web-data}}", F, "is on `/data`"),
    ("{docker-container: web, mounts: {/cache: c}}", F, "a volume without a name"),
    (
        "{docker-container: web, mounts: {/data: db}}",
        F,
        "`web-data` mounted on `/data`",
    ),
    ("{docker-container: web, health: healthy}", F, "with no health check"),
    ("{docker-container: sick, health: healthy}", F, "with health `unhealthy`"),
    ("{docker-container: paused}", F, "`paused` is paused"),
    ("{docker-container: fresh}", F, "was never started"),
    ("{docker-container: broken}", F, "was never started: "),
    ("{docker-container: ended}", F, "exited with code 3, "),
    ("{docker-container: killed}", F, "exited with code 137 (SIGKILL), "),
    ("{docker-container: killed, oom_killed: true}", F, "not for want of memory"),
    (
        "{docker-container: crashing, state: {not: exited}, restarts: 0}",
        F,
        ", restarted ",
    ),
    ("{docker-container: database}", F, "Compose calls that service of `shop`"),
    ("{docker-container: Web}", F, "it has `web`"),
    ("{docker-container: proxy, image: 'app:1.0'}", F, "no container `proxy`"),
    ("{docker-image: 'busybox:1.36'}", F, "it has `busybox:latest`"),
    ("{docker-container: ended, image: nginx}", F, "code 3, "),
    ("{docker-image: busybox, platform: linux/amd64}", P, "busybox"),
    ("{docker-image: busybox, platform: linux/arm64}", F, "for linux/amd64"),
    ("{docker-image: 'quay.io/busybox'}", F, "it has `busybox:latest`"),
    ("{docker-image: 'lost:1'}", F, "it has `lost:2`"),
    ("{docker-image: 'app:1.0', digest: {matches: '^sha256'}}", F, "no digest"),
    (f"{{same: digest, of: [{IMAGE}, {{docker-image: busybox}}]}}", P, "the digest"),
    (f"{{same: digest, of: [{IMAGE}, {{docker-image: 'built:1'}}]}}", F, "no digest"),
    (
        f"{{same: digest, of: [{IMAGE}, {{docker-image: nginx}}]}}",
        F,
        "no image `nginx`",
    ),
    (f"{{same: pid, of: [{{task: inctr}}, {RUNC}]}}", P, "All have the pid"),
    (
        f"{{same: pid, of: [{RUNC}, {{docker-container: web}}]}}",
        F,
        "`docker-container` has `",
    ),
]


# What to do to Docker, and what its unit then tells of it.
# Both settle, because between two restarts a unit is just starting.
NO_RESTART = """
mkdir -p /run/systemd/system/docker.service.d
printf '[Service]\nRestart=no\n' >/run/systemd/system/docker.service.d/again.conf
systemctl daemon-reload
echo '{' >/etc/docker/daemon.json
! systemctl start docker
"""
SLOW_RESTART = """
printf '[Service]\nRestartSec=99\n' >/run/systemd/system/docker.service.d/again.conf
systemctl daemon-reload
systemctl reset-failed docker.socket docker
systemctl start --no-block docker
until systemctl show docker | grep -q =auto-restart; do sleep 0.1; done
"""
ABSENCES = [
    ("systemctl stop docker", "systemd waits on `/run/docker.sock`"),
    ("systemctl stop docker.socket", "and `docker.service` is stopped"),
    (NO_RESTART, "`docker.service` has failed (exit code 1)"),
    (SLOW_RESTART, "`docker.service` is restarted (exit code 1)"),
    ("systemctl stop docker.socket docker; systemctl mask docker", "is masked"),
    ("systemctl unmask docker; apt-get purge --yes docker.io", "there is no unit"),
]


@pytest.fixture(scope="module")
def machine(lab_machine):
    """A machine with everything on it that the cases ask for."""
    _, door = lab_machine(["containerd", "docker.io"])
    prepared = door.run(["bash", "-ex", "-c", PREPARE], timeout=120)
    assert prepared.exit == 0, prepared.stderr[-2000:]
    return door


@pytest.mark.parametrize(("entry", "status", "said"), CASES, ids=[c[0] for c in CASES])
def test_a_real_state_is_judged_and_told(machine, entry, status, said):
    kinds.judge(machine, entry, status, said)


def test_a_docker_that_does_not_answer_is_explained_from_its_unit(lab_machine):
    _, door = lab_machine(["docker.io"])
    for script, told in ABSENCES:
        do(door, script)
        kinds.judge(door, "{docker: running}", F, told)
        kinds.judge(door, "{docker: stopped}", P, told)


def do(door, script):
    done = door.run(["bash", "-ec", script], timeout=60)
    assert done.exit == 0, done.stderr
