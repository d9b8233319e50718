"""What one machine takes is bounded: the host and the other machines go on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from machines import begin, labrun, listed, traces, up, wait_for

from lab_runner.errors import MachineError
from lab_runner.machines import cgroups, lifecycle, state
from lab_runner.machines.nspawn import disk

pytestmark = pytest.mark.real

BUSYBOX = "docker.io/library/busybox:latest"
MIB = 1 << 20
# As root of the machine: of its own groups as they are mounted, and mounted anew.
LIFT = """
for d in /sys/fs/cgroup/*/; do mount -o remount,bind,rw $d; done
mkdir /mnt/pids /mnt/memory /mnt/unified
mount -t cgroup -o pids x /mnt/pids; mount -t cgroup -o memory x /mnt/memory
mount -t cgroup2 x /mnt/unified
for g in /sys/fs/cgroup /sys/fs/cgroup/* /mnt/*; do
  for f in pids.max memory.max memory.swap.max cpu.max; do echo max >$g/$f; done
  for f in memory.memsw.limit_in_bytes memory.limit_in_bytes cpu.cfs_quota_us; do
    echo -1 >$g/$f
  done
done
"""
SPAWN = """perl -e '
for (1 .. 500) { my $pid = fork; last unless defined $pid; exec qw(sleep 1000) unless $pid }
' >/dev/null 2>&1"""
HOG = "exec perl -e '$x = \"x\" x (1 << 30); print length $x'"
FILL = (
    "dd if=/dev/zero of=/root/full bs=1M; dd if=/dev/zero of=/var/lib/docker/full bs=1M"
)
LOOPS = """
mknod /dev/loop-control c 10 237
for f in /root/file /var/lib/containerd/file /dev/shm/file; do
  truncate -s 1M $f
  n=$(losetup --find | tr -dc 0-9); [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n
  losetup /dev/loop$n $f
  echo $n
done
"""


def inside(name, script):
    """Run a script on a machine as its learner does: exit code and output."""
    code, out, _ = labrun("exec", name, "--", "bash", "-c", script)
    return code, out.strip()


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def backing_file(number):
    """What is behind a loop device; empty when nothing is."""
    path = Path(f"/sys/block/loop{number}/loop/backing_file")
    try:
        return path.read_text()
    except OSError:
        return ""


def others_go_on(name):
    return (
        inside(name, "systemctl is-system-running; echo more >/root/more")
        == (0, "running")
        and subprocess.run(["true"]).returncode == 0
    )


def test_a_fork_bomb_leaves_the_host_and_other_machines_working(own_folder):
    up("bad", "--processes", "200")
    up("good")
    bomb = begin("exec", "bad", "--", "bash", "-c", "b() { b | b & }; b; sleep 1000")
    wait_until(lambda: len(cgroups.members(cgroups.machine("bad"))) >= 190)

    assert others_go_on("good")
    assert len(cgroups.members(cgroups.machine("bad"))) <= 200
    assert labrun("down", "bad")[0] == 0
    bomb.communicate()
    assert labrun("down", "good")[0] == 0
    assert traces(own_folder) == []


def test_what_takes_too_much_memory_is_killed_and_its_machine_runs_on(own_folder):
    up("m", "--memory", "256M")

    assert inside("m", HOG)[0] == 128 + signal.SIGKILL
    assert inside("m", "systemctl is-system-running") == (0, "running")


def test_full_folders_for_passing_files_leave_their_machine_working(own_folder):
    up("m", "--memory", "256M", "--disk", "1G")

    fills = (
        "head -c 300M /dev/zero >/tmp/full; echo $?; head -c 300M /dev/zero >/dev/shm/x"
    )
    assert inside("m", fills) == (1, "0")
    assert inside("m", "systemctl is-system-running") == (0, "running")


def test_a_full_disk_leaves_the_host_and_other_machines_working(own_folder):
    up("bad", "--disk", "300M")
    up("good")

    code, _ = inside("bad", FILL)
    assert code == 1
    assert disk.usage("bad") <= 300 * MIB
    assert others_go_on("good")
    assert inside("bad", "rm /root/full; echo again >/root/again")[0] == 0
    assert inside("bad", FILL)[0] == 1
    assert labrun("down", "bad", "good")[0] == 0
    assert traces(own_folder) == []


def test_what_is_deleted_on_a_machine_is_free_on_the_host(own_folder):
    up("m")
    before = disk.usage("m")
    inside("m", "head -c 100M /dev/zero >/root/x; sync /root; rm /root/x; sync /root")

    wait_until(lambda: disk.usage("m") < before + 50 * MIB)


def test_root_of_a_machine_cannot_lift_its_limits(own_folder):
    up("m", "--memory", "256M", "--processes", "200")
    inside("m", LIFT)

    assert inside("m", HOG)[0] == 128 + signal.SIGKILL
    inside("m", SPAWN)
    assert len(cgroups.members(cgroups.machine("m"))) <= 200


def test_machines_say_which_limits_hold(own_folder):
    up("m", "--memory", "1G", "--cpus", "0.5", "--processes", "500", "--disk", "5G")

    limits = {"memory": 1 << 30, "cpus": 0.5, "processes": 500, "disk": 5 << 30}
    assert [machine["limits"] for machine in listed()] == [limits]


def test_what_a_machine_says_on_its_console_is_bounded(own_folder):
    up("m")
    inside("m", "head -c 3M /dev/zero | tr '\\0' x >/dev/console")

    log = own_folder / "machines/m/console.log"
    wait_until(lambda: log.stat().st_size == MIB)
    assert inside("m", "head -c 3M /dev/zero >/dev/console && echo on") == (0, "on")
    assert log.stat().st_size == MIB


def test_a_machine_that_cannot_boot_says_why(own_folder):
    up("m")
    inside("m", "rm /lib/systemd/systemd")
    disk.save(state.load("m"), own_folder / "saved")

    with pytest.raises(MachineError, match="No such file or directory"):
        lifecycle.up("n", state.load("m").spec, print, origin=own_folder / "saved")


def test_a_machine_that_hangs_on_shutdown_is_thrown_away_all_the_same(own_folder):
    up("m")
    hangs = "-p KillMode=none -p TimeoutStopSec=infinity -p ExecStop='sleep infinity'"
    inside("m", f"systemd-run {hangs} -p RemainAfterExit=yes true; systemctl poweroff")
    inside("m", "until systemctl list-jobs | grep -q stop; do sleep 0.1; done")

    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


def test_loop_devices_that_were_set_up_on_a_machine_go_with_it(own_folder):
    up("m")
    code, numbers = inside("m", LOOPS)
    behind = {number: backing_file(number) for number in numbers.split()}
    assert (code, len(behind)) == (0, 3)
    assert all(behind.values())

    assert labrun("down", "m")[0] == 0
    # Another machine may have been given the device in the meantime.
    wait_until(lambda: all(backing_file(n) != file for n, file in behind.items()))
    assert traces(own_folder) == []


def test_a_machine_starts_from_a_disk_that_was_saved_while_programs_wrote(own_folder):
    up("m", "--package", "containerd")
    inside("m", f"ctr images pull {BUSYBOX}; mkdir /etc/kept")
    writer = "cd /root; for ((i=0; ; i++)); do echo $i >>one; echo $i >>two; done"
    inside("m", f"systemd-run --quiet bash -c '{writer}'")
    saved = own_folder / "saved"
    disk.save(state.load("m"), saved)
    grows = "wc -l </root/one; sleep 0.2; wc -l </root/one"
    before, after = inside("m", grows)[1].split()
    assert int(after) > int(before)

    lifecycle.up("n", state.load("m").spec, print, origin=saved)
    counts = inside("n", "tail -qn 1 /root/one /root/two; ls -d /etc/kept; hostname")
    one, two, *rest = counts[1].split()
    assert 0 <= int(one) - int(two) <= 1
    assert rest == ["/etc/kept", "n"]
    run = f"systemctl start containerd; ctr run --rm {BUSYBOX} x echo hello"
    assert inside("n", run) == (0, "hello")
    assert labrun("down", "--all")[0] == 0
    assert traces(own_folder) == []


def test_a_saved_disk_cannot_write_to_the_host_when_it_is_used(own_folder):
    up("m")
    victim = own_folder / "victim"
    victim.mkdir()
    inside("m", f"mv /etc /kept; ln -s {victim} /etc; ln -s {victim}/new /kept/hosts")
    disk.save(state.load("m"), own_folder / "saved")

    lifecycle.up("n", state.load("m").spec, print, origin=own_folder / "saved")

    assert list(victim.iterdir()) == []


def test_a_machine_goes_on_when_labrun_is_killed_while_it_saves_the_disk(own_folder):
    up("m")
    inside("m", "head -c 300M /dev/urandom >/root/much")
    script = (
        "from lab_runner.machines import state; from pathlib import Path;"
        "from lab_runner.machines.nspawn import disk;"
        f"disk.save(state.load('m'), Path('{own_folder}/saved'))"
    )
    saving = subprocess.Popen([sys.executable, "-c", script])
    wait_for(own_folder / "saved")
    saving.kill()
    saving.wait()

    assert inside("m", "echo on") == (0, "on")
    assert labrun("down", "m")[0] == 0
    wait_until(lambda: traces(own_folder) == [])
