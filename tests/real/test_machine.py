"""A lab machine from up to down: what is in it, and what is left of it."""

import json
import subprocess

import pexpect
import pytest
from machines import LABRUN, begin, labrun, listed, traces, up

from lab_runner.machines import lifecycle, state
from lab_runner.model import MachineSpec

pytestmark = pytest.mark.real

BUSYBOX = "docker.io/library/busybox:latest"


def said(door, command, timeout=120):
    """What a command printed on a machine; it must have succeeded."""
    result = door.run(["sh", "-c", command], timeout=timeout)
    assert result.exit == 0, result
    return result.stdout.strip()


def test_a_machine_has_its_own_systemd_and_nothing_is_left_of_it(own_folder):
    up("m")
    door = lifecycle.find("m")

    assert said(door, "hostname") == "m"
    assert said(door, "systemctl is-system-running") == "running"
    assert said(door, "systemctl --failed --no-legend") == ""
    door.close()
    assert labrun("down", "m") == (0, "Machine `m` is gone.\n", "")
    assert traces(own_folder) == []


def test_containerd_and_docker_work_as_typed_without_the_internet(lab_machine):
    _, door = lab_machine()
    said(door, "ip route delete default")

    said(door, "apt update && apt install -y containerd")
    assert said(door, "systemctl is-active containerd") == "active"
    said(door, f"ctr images pull {BUSYBOX}")
    assert said(door, f"ctr run --rm {BUSYBOX} x echo hello") == "hello"
    said(door, "apt install -y docker.io")
    said(door, "docker pull busybox")
    assert said(door, "docker run --rm busybox:1.35 echo hello") == "hello"
    assert "Hello from a container!" in said(door, "docker run --rm hello-world")


def test_containers_and_immutable_files_do_not_outlive_their_machine(own_folder):
    up("m", "--package", "containerd")
    door = lifecycle.find("m")
    said(door, f"ctr images pull {BUSYBOX}")
    said(door, f"ctr run --detach {BUSYBOX} x sleep 1000")
    said(door, "touch /root/kept && chattr +i /root/kept")
    door.close()

    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


def test_packages_of_the_specification_are_there_and_running_from_the_start(
    lab_machine,
):
    _, door = lab_machine(["containerd"])

    assert said(door, "systemctl is-active containerd") == "active"


def test_machines_reach_the_mirror_and_not_each_other(lab_machine):
    (one, here), (_, there) = lab_machine(), lab_machine()
    address = state.load(one).address
    hub = "curl --silent --output /dev/null --write-out '%{http_code}'"

    assert said(here, f"{hub} https://registry-1.docker.io/v2/") == "200"
    assert said(there, f"{hub} https://registry-1.docker.io/v2/") == "200"
    assert said(here, f"ping -c 1 -W 1 {address} >/dev/null && echo up") == "up"
    ping = ["ping", "-c", "1", "-W", "1", address]
    assert there.run(ping, timeout=10).exit == 1
    said(there, f"ip route add {address} via $(ip route show default | cut -d' ' -f3)")
    assert there.run(ping, timeout=10).exit == 1


@pytest.mark.parametrize(
    "way",
    [
        ["exec", "{}", "--"],
        ["exec", "{}", "--", "systemd-run", "--quiet", "--pipe", "--wait"],
    ],
)
def test_nothing_on_a_machine_sets_the_clock_of_the_host(lab_machine, way):
    name, _ = lab_machine()
    # To the second it shows anyway: should it succeed, no harm is done.
    command = ["sh", "-c", "date --set=@$(date +%s)"]

    code, _, err = labrun(*(word.format(name) for word in way), *command)

    assert code == 1
    assert "Operation not permitted" in err


def test_a_paused_container_does_not_keep_its_machine(own_folder):
    up("m", "--package", "containerd")
    door = lifecycle.find("m")
    said(door, f"ctr images pull {BUSYBOX}")
    said(door, f"ctr run --detach {BUSYBOX} x sleep 1000 && ctr tasks pause x")
    door.close()

    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


@pytest.mark.parametrize("verb", ["down", "up", "shell"])
def test_a_name_cannot_lead_out_of_the_folder(own_folder, verb):
    victim = own_folder / "victim"
    victim.touch()

    code, _, err = labrun(verb, "x/../../victim")

    assert code == 2
    assert "cannot be the name of a machine" in err
    assert victim.exists()


def test_what_a_crash_has_emptied_is_made_anew(own_folder):
    up("m")
    for name in ("network.json", "mirror.json"):
        (own_folder / name).write_text("")
    keeper = state.load("m").keeper
    keeper.kill()
    keeper.ended()

    assert listed() == []
    up("m")
    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


def test_a_machine_that_reboots_is_the_same_machine(lab_machine):
    name, door = lab_machine()
    said(door, "touch /root/kept")
    labrun("exec", name, "--", "systemctl", "reboot")

    leader = state.load(name).leader
    assert not leader or leader.ended(within=10)
    for _ in range(100):
        if (
            labrun("exec", name, "--", "systemctl", "is-system-running", "--wait")[0]
            == 0
        ):
            break
    code, out, _ = labrun("exec", name, "--", "sh", "-c", "ls /root; ip -brief address")
    assert code == 0
    assert "kept" in out
    assert state.load(name).address in out


def test_a_machine_that_powers_off_is_gone(own_folder):
    up("m")
    labrun("exec", "m", "--", "systemctl", "poweroff")
    state.load("m").keeper.ended(within=20)

    assert listed() == []
    assert traces(own_folder) == []


def test_a_machine_whose_keeper_was_killed_is_cleaned_up(own_folder):
    up("m")
    keeper = state.load("m").keeper
    keeper.kill()
    keeper.ended()

    assert listed() == []
    assert traces(own_folder) == []


def test_a_machine_from_before_a_reboot_of_the_host_is_cleaned_up(own_folder):
    lifecycle.up("m", MachineSpec(), print)
    record = own_folder / "machines/m/machine.json"
    text = json.loads(record.read_text())
    text["keeper"]["boot"] = "another"
    record.write_text(json.dumps(text))

    assert listed() == []
    assert traces(own_folder) == []


def test_exec_hands_on_input_output_and_exit_code(lab_machine):
    name, _ = lab_machine()
    run = subprocess.run(
        [*LABRUN, "exec", name, "--", "sh", "-c", "cat; echo no >&2; exit 7"],
        input="typed\n",
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stdout, run.stderr) == (7, "typed\n", "no\n")


def test_shell_is_a_login_on_a_terminal_of_the_machine(lab_machine):
    name, _ = lab_machine()
    shell = pexpect.spawn(LABRUN[0], [*LABRUN[1:], "shell", name], encoding="utf-8")

    shell.expect_exact(f"root@{name}:~# ", timeout=10)
    shell.sendline("tty; stty size")
    shell.expect(r"/dev/pts/\d+\r\n24 80\r\n", timeout=10)
    shell.sendline("exit 3")
    shell.expect(pexpect.EOF, timeout=10)
    shell.close()
    assert shell.exitstatus == 3


def test_exec_has_a_terminal_where_the_caller_has_one(lab_machine):
    name, _ = lab_machine()
    argv = [*LABRUN[1:], "exec", name, "--", "sh", "-c", "tty && exit 5"]
    command = pexpect.spawn(LABRUN[0], argv, encoding="utf-8")

    command.expect(r"/dev/pts/\d+\r\n", timeout=10)
    command.expect(pexpect.EOF, timeout=10)
    command.close()
    assert command.exitstatus == 5


def test_a_name_that_is_taken_is_refused_and_says_what_to_do(lab_machine):
    name, _ = lab_machine()

    code, _, err = labrun("up", name)

    assert code == 2
    assert f"there is a machine `{name}` already" in err
    assert f"labrun machine shell {name}" in err


def test_a_machine_that_is_not_there_is_named_with_the_nearest(own_folder):
    up("web")

    code, _, err = labrun("exec", "wep", "--", "true")

    assert code == 3
    assert "there is no machine `wep`, did you mean `web`?" in err
    assert "labrun machine up wep" in err


def test_two_who_end_all_machines_at_once_end_them_all(own_folder):
    up("a")
    up("b")

    ending = [begin("down", "--all") for _ in range(2)]

    told = [running.communicate() for running in ending]
    assert [running.returncode for running in ending] == [0, 0], told
    assert traces(own_folder) == []


def test_a_package_that_does_not_exist_is_named(own_folder):
    code, _, err = labrun("up", "m", "--package", "no-such-package")

    assert code == 3
    assert "Unable to locate package no-such-package" in err
    assert traces(own_folder) == []
