"""Lab machines in containers of Docker: the same machines, and nothing left of them."""

import signal
import subprocess
import sys
import time
from contextlib import closing

import docker_engine
import pytest
from machines import begin, labrun, listed, traces, up, wait_for

from lab_runner.machines import folder, lifecycle, state
from lab_runner.machines.docker import engine, images
from lab_runner.model import Limits, MachineFile, MachineSpec

# In one process, for the engine and its images are made once.
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("docker")]

BUSYBOX = "docker.io/library/busybox:latest"
LAB = """\
# Under Docker

## Pull an image

```bash
ctr images pull docker.io/library/busybox:latest
```

```yaml check
- service: containerd
- image: docker.io/library/busybox:latest
```
"""
MOMENTS = [
    "network.json",
    "machines/m/machine.json",
    "machines/m/shared/notify",
    "machines/m/console.log",
]


@pytest.fixture(scope="module")
def address():
    with docker_engine.running() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", address)
        yield address


@pytest.fixture(autouse=True)
def under_docker(address, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", address)
    monkeypatch.setenv("LABRUN_MACHINE_HOST", "docker")


def said(door, command, timeout=120):
    """What a command printed on a machine; it must have succeeded."""
    result = door.run(["sh", "-c", command], timeout=timeout)
    assert result.exit == 0, result
    return result.stdout.strip()


def left(root):
    """Return all that a machine folder has on this host and in Docker."""
    return [*traces(root), *containers()]


def containers():
    label = f"label={engine.FOLDER}={folder.tag()}"
    return docker_engine.said("ps", "--all", "--quiet", "--filter", label).split()


def test_a_machine_has_its_own_systemd_and_nothing_is_left_of_it(own_folder):
    up("m", "--host", "docker")
    with closing(lifecycle.find("m")) as door:
        assert said(door, "systemctl is-system-running") == "running"
        assert said(door, "systemctl --failed --no-legend") == ""
        assert said(door, "hostname") == "m"
        assert said(door, "getent hosts m") == "127.0.1.1       m"
        assert said(door, "cat /etc/hostname") == "m"
    assert labrun("down", "m")[0] == 0
    assert left(own_folder) == []


@pytest.fixture(scope="module")
def machine(address):
    """One machine with containerd for the tests that leave it as they found it."""
    name = "test-docker"
    lifecycle.up(
        name, MachineSpec(limits=Limits(memory=512 << 20)), print, host="docker"
    )
    with closing(lifecycle.find(name)) as door:
        said(door, "apt-get update && apt-get install -y containerd")
        yield door
    lifecycle.down(name)


def test_containerd_works_as_typed_without_the_internet(machine):
    said(machine, f"ctr images pull {BUSYBOX}")

    assert said(machine, f"ctr run --rm {BUSYBOX} x echo hello") == "hello"


def test_a_step_is_checked_through_the_same_door(machine, tmp_path, monkeypatch):
    lab = tmp_path / "lab.md"
    lab.write_text(LAB)
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path))
    command = [sys.executable, "-m", "lab_runner"]
    subprocess.run([*command, "start", lab, "--on", machine.name], check=True)

    machine.run(["ctr", "images", "rm", BUSYBOX], timeout=60)
    assert subprocess.run([*command, "next"]).returncode == 1
    said(machine, f"ctr images pull {BUSYBOX}")
    assert subprocess.run([*command, "next"]).returncode == 0


def test_docker_itself_works_inside(machine):
    said(machine, "apt-get install -y docker.io")
    said(machine, "docker pull busybox")

    assert said(machine, "docker run --rm busybox echo hello") == "hello"


def test_root_inside_cannot_lift_the_limits_of_its_machine(machine):
    lift = "echo -1 >/sys/fs/cgroup/memory/memory.limit_in_bytes"
    if said(machine, "stat -fc %T /sys/fs/cgroup") == "cgroup2fs":
        lift = "echo max >/sys/fs/cgroup/memory.max"
    # All that tail(1) gets is one line, which it keeps in memory.
    hog = "head --bytes=800M /dev/zero | tail >/dev/null"

    code, _, _ = labrun("exec", machine.name, "--", "sh", "-c", f"{lift}; {hog}")
    assert code == 137


def test_the_list_says_what_a_machine_has_written(machine):
    fields = next(each for each in listed() if each["name"] == machine.name)
    said(machine, "head --bytes=50M /dev/urandom >/var/lib/containerd/more")
    later = next(each for each in listed() if each["name"] == machine.name)

    assert fields["host"] == "docker"
    assert later["disk"] - fields["disk"] >= 50 << 20


def test_machines_reach_the_mirror_and_not_each_other(machine, lab_machine):
    _, other = lab_machine()
    address = state.load(machine.name).address
    hub = "curl --silent --output /dev/null --write-out '%{http_code}'"

    assert said(other, f"{hub} https://registry-1.docker.io/v2/") == "200"
    assert said(machine, f"ping -c 1 -W 1 {address} >/dev/null && echo up") == "up"
    assert other.run(["ping", "-c", "1", "-W", "1", address], timeout=10).exit == 1


def test_a_machine_that_reboots_is_the_same_machine(own_folder):
    up("m")
    labrun("exec", "m", "--", "touch", "/root/kept")
    first = state.load("m").leader
    labrun("exec", "m", "--", "systemctl", "reboot")

    assert first.ended(within=20)
    for _ in range(200):
        command = "systemctl is-system-running --wait && ls /root && hostname -I"
        code, out, _ = labrun("exec", "m", "--", "sh", "-c", command)
        if code == 0:
            break
    assert out.split() == ["running", "kept", state.load("m").address]


def test_a_machine_that_powers_off_is_gone(own_folder):
    up("m")
    labrun("exec", "m", "--", "systemctl", "poweroff")
    state.load("m").keeper.ended(within=20)

    assert listed() == []
    assert left(own_folder) == []


def test_neither_paused_containers_nor_immutable_files_keep_a_machine(own_folder):
    up("m")
    with closing(lifecycle.find("m")) as door:
        said(door, "apt-get install -y containerd")
        said(door, f"ctr images pull {BUSYBOX}")
        said(door, f"ctr run --detach {BUSYBOX} x sleep 1000 && ctr tasks pause x")
        said(door, "chattr +i /etc/hosts /var/lib/containerd/*/meta.db")

    assert labrun("down", "m")[0] == 0
    assert left(own_folder) == []


def test_a_reset_machine_is_a_new_one_under_docker(own_folder):
    up("m")
    labrun("exec", "m", "--", "touch", "/root/kept")

    lifecycle.renew("m", print)
    assert state.load("m").host == "docker"
    assert labrun("exec", "m", "--", "ls", "/root") == (0, "", "")


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_a_killed_labrun_left_is_gone_after_list(own_folder, moment):
    running = begin("up", "m")
    wait_for(own_folder / moment)
    running.kill()
    running.communicate()

    assert listed() == []
    _settled(lambda: left(own_folder) == [])


def test_an_interrupted_up_leaves_nothing(own_folder):
    running = begin("up", "m")
    wait_for(own_folder / "machines/m/console.log")
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()

    assert running.returncode == 130
    assert "Traceback" not in err
    _settled(lambda: left(own_folder) == [])


def test_a_container_that_nobody_waits_for_ends_by_itself(own_folder):
    running = begin("up", "m")
    wait_for(own_folder / "machines/m/console.log")
    running.kill()
    running.communicate()

    _settled(lambda: containers() == [])


def test_prune_takes_what_docker_has_of_an_image_with_the_image(own_folder):
    spec = MachineSpec(files=(MachineFile("/etc/motd", "Only here.\n"),))
    lifecycle.up("m", spec, print)
    key = state.load("m").trees[0].split("/")[-2]
    assert images.size(key) > 100 << 20
    labrun("down", "m")

    assert labrun("prune", "--all")[0] == 0
    assert images.size(key) == 0


def _settled(happened, seconds=20):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)
