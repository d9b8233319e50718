import os
import socket
import subprocess
import time
from contextlib import suppress

import pytest

from checks.doors.contained import Contained, started
from checks.doors.terminal import Terminal
from checks.errors import CheckError, NotPermitted, TimedOut, ToolMissing, Unreachable

pytestmark = pytest.mark.real


@pytest.fixture
def root(tree):
    return tree[0]


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("the host's")
    return path


def plant(root, name, target):
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(target)


def test_a_file_is_the_machines_own(contained, root):
    (root / "etc/hostname").write_text("inside\n")

    assert contained.read("/etc/hostname") == b"inside\n"


def test_a_planted_absolute_link_never_reads_the_host(contained, root, secret):
    plant(root, "tmp/link", secret)

    for look in (contained.read, contained.stat):
        with pytest.raises(FileNotFoundError):
            look("/tmp/link")
    assert contained.stat("/tmp/link", follow=False).target == str(secret)


def test_a_planted_relative_link_never_reads_the_host(contained, root, secret):
    plant(root, "tmp/link", "../" * 30 + str(secret).lstrip("/"))

    with pytest.raises(FileNotFoundError):
        contained.read("/tmp/link")


def test_a_planted_directory_link_never_lists_the_host(contained, root, secret):
    plant(root, "tmp/link", secret.parent)

    with pytest.raises(FileNotFoundError):
        contained.names("/tmp/link")


def test_dots_end_at_the_root(contained):
    assert contained.read("/../../etc/hostname") == contained.read("/etc/hostname")


@pytest.mark.parametrize("link", ["/proc/1/root", "/proc/1/cwd"])
def test_the_links_of_the_kernel_lead_nowhere(contained, link):
    with pytest.raises(CheckError, match="cannot be read"):
        contained.names(f"{link}/etc")


def test_a_fifo_and_a_device_are_refused_at_once(contained, root):
    (root / "tmp/fifo").unlink(missing_ok=True)
    os.mkfifo(root / "tmp/fifo")

    with pytest.raises(CheckError, match="`/tmp/fifo` is a fifo"):
        contained.read("/tmp/fifo")
    with pytest.raises(CheckError, match="`/dev/zero` is a character"):
        contained.read("/dev/zero")


def test_a_socket_behind_a_planted_link_is_not_the_hosts(contained, root, tmp_path):
    with socket.socket(socket.AF_UNIX) as host:
        host.bind(str(tmp_path / "s"))
        plant(root, "tmp/s", tmp_path / "s")

        with pytest.raises(FileNotFoundError):
            contained.socket("/tmp/s")


def test_a_socket_inside_is_dialled_from_outside(contained, root):
    (root / "run/s").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as us:
        server.bind(str(root / "run/s"))
        server.listen()
        held = contained.socket("/run/s")

        us.connect(held.path)

        server.accept()[0].close()
        held.close()


def test_the_processes_seen_are_the_machines_own(contained):
    assert contained.read("/proc/1/comm") == b"sleep\n"


def test_a_program_runs_inside(contained):
    result = contained.run(["sh", "-c", "cat /proc/1/comm; pwd; exit 3"])

    assert (result.exit, result.stdout) == (3, "sleep\n/\n")


def test_a_program_has_the_environment_of_a_root_login(contained):
    seen = contained.run(["sh", "-c", "echo $HOME $USER $PATH $LC_ALL"]).stdout.split()

    assert seen == ["/root", "root", ":".join(contained.search_path), "C.UTF-8"]


def test_a_program_that_is_not_inside_is_missing(contained):
    with pytest.raises(ToolMissing, match="there is no `no-such-program`"):
        contained.run(["no-such-program"])


def test_a_file_inside_that_may_not_be_run_is_not_permitted(contained, root):
    (root / "tmp/plain").write_text("#!/bin/sh\n")

    with pytest.raises(NotPermitted, match="`/tmp/plain` may not be run"):
        contained.run(["/tmp/plain"])


def test_a_program_that_fails_to_start_another_is_just_a_failure(contained):
    result = contained.run(["sh", "-c", "no-such-program"])

    assert result.exit == 127


def test_a_timeout_names_what_the_learner_knows(contained):
    with pytest.raises(TimedOut) as caught:
        contained.run(["sleep", "61"], timeout=0.3)

    assert caught.value.message == "`sleep 61` did not end within 0.3 s"
    assert not _runs(contained, "sleep 61")


def test_a_terminal_inside_has_a_name(contained):
    shell = Terminal(lambda: contained.spawn(["sh"]))

    assert shell.run("tty").output.startswith("/dev/pts/")
    assert shell.run("cat /proc/1/comm").output == "sleep"
    shell.close()


def test_a_closed_terminal_leaves_no_program(contained):
    shell = Terminal(lambda: contained.spawn(["sh"]))
    with pytest.raises(TimedOut):
        shell.run("sleep 62", timeout=0.5)

    assert not _runs(contained, "sleep 62")


def test_a_machine_that_has_ended_cannot_be_entered():
    first = subprocess.Popen(["sleep", "60"])
    machine = Contained("gone", first.pid)
    first.kill()
    first.wait()

    with pytest.raises(Unreachable) as caught:
        machine.run(["true"])

    machine.close()
    assert caught.value.message == "machine `gone` is not running"
    assert caught.value.remedy == "labrun machine up gone"


def test_a_machine_that_ends_during_a_check_decides_nothing():
    first = subprocess.Popen(["sleep", "60"])
    machine = Contained("going", first.pid)

    with pytest.raises(Unreachable, match="machine `going` is not running"):
        machine.run(["sh", "-c", f"kill -KILL {first.pid}; sleep 0.1; exit 1"])

    machine.close()
    first.wait()


def test_there_is_no_machine_without_a_process():
    ended = subprocess.Popen(["true"])
    ended.wait()

    with pytest.raises(Unreachable, match="machine `none` is not running"):
        Contained("none", ended.pid)


def test_a_process_is_known_by_its_number_and_its_start():
    assert started(os.getpid()) == started(os.getpid()) > 0
    assert started(1) != started(os.getpid())


def test_a_closed_machine_holds_nothing(tree):
    before = len(os.listdir("/proc/self/fd"))
    machine = Contained("tree", tree[1])

    machine.close()
    machine.close()

    assert len(os.listdir("/proc/self/fd")) == before


def _runs(machine, command):
    """Tell whether a command line is still among the machine's processes after 2 s."""
    for _ in range(40):
        if command not in list(_command_lines(machine)):
            return False
        time.sleep(0.05)
    return True


def _command_lines(machine):
    for name in filter(str.isdigit, machine.names("/proc")):
        with suppress(FileNotFoundError):
            line = machine.read(f"/proc/{name}/cmdline")
            yield line.replace(b"\0", b" ").decode().strip()
