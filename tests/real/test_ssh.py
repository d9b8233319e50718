"""Labs taken on a server where nothing is installed but sshd."""

import json
import signal
import subprocess
import sys

import kinds
import pexpect
import pytest
from ssh_client import Client
from ssh_doors import (
    door_to,
    folders,
    found,
    open_folder,
    own_temporary_folder,
    runs,
    wait_until,
)
from sshd import Sshd

import labs

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]

LABRUN = (sys.executable, "-m", "lab_runner")
PACKAGES = ["containerd", "docker.io", "openssh-server", "sudo"]
ADMIT = """
useradd --create-home --shell /bin/bash admin
echo "admin ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/admin
for home in /root /home/admin; do
  mkdir -p $home/.ssh && echo "$1" >$home/.ssh/authorized_keys
  chown -R --reference=$home $home/.ssh
done
ssh-keygen -A && systemctl restart ssh
"""


@pytest.fixture(scope="module")
def machine(lab_machine, tmp_path_factory):
    """A lab machine with everything on it, and sshd; its address."""
    _, door = lab_machine(PACKAGES)
    kinds.prepare(door)
    client = Client(tmp_path_factory.mktemp("client"))
    script = ["bash", "-ec", ADMIT, "admit", client.public_key]
    admitted = door.run(script, timeout=30)
    assert admitted.exit == 0, admitted.stderr
    address = door.run(["hostname", "-I"]).stdout.split()[0]
    client.know(address, door.read("/etc/ssh/ssh_host_ed25519_key.pub").decode())
    return address, client


@pytest.mark.parametrize("user", ["root", "admin"])
def test_every_kind_tells_over_ssh_what_it_tells_from_inside(
    machine, user, monkeypatch
):
    address, client = machine
    monkeypatch.setenv("PATH", client.path)

    with door_to(f"ssh://{user}@{address}") as door:
        for case in kinds.CASES:
            if "expect: nothing" not in case[0]:  # it waits as long as it may
                kinds.judge(door, *case)


@pytest.fixture
def server(monkeypatch):
    """A server on loopback whose users have bash, and the tiny lab; `files` is its."""
    with open_folder() as folder, own_temporary_folder():
        (folder / "sshd").mkdir()
        started = Sshd(folder / "sshd", "/bin/bash").start()
        monkeypatch.setenv("PATH", started.client.path)
        started.lab = labs.write(folder, labs.TINY) / "lab.md"
        started.files = folder / "files"
        started.files.chmod(0o777)
        yield started
        started.stop()


def labrun(*argv):
    run = subprocess.run([*LABRUN, *argv], capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


def test_a_lab_is_taken_on_a_server(server):
    assert labrun("start", str(server.lab), "--on", server.url("plain"))[0] == 0
    assert labrun("next")[0] == 1

    (server.files / "one").touch()

    code, out, _ = labrun("next", "--json")
    assert (code, json.loads(out)["tasks"][0]["status"]) == (0, "passed")
    assert folders() == set()


def test_a_lab_is_not_started_on_a_server_that_does_not_let_us_in(server):
    (server.folder / "authorized_keys").write_text("")

    code, _, err = labrun("start", str(server.lab), "--on", server.url())

    assert code == 3
    assert "`root@127.0.0.1` does not let you in" in err
    assert f"ssh-copy-id -p {server.port} root@127.0.0.1" in err
    assert labrun("status")[0] == 2
    assert folders() == set()


@pytest.mark.parametrize(
    "url", ["ssh://-oProxyCommand=id", "ssh://host:none", "ssh://"]
)
def test_a_lab_is_not_started_on_what_is_no_server(server, url):
    code, _, err = labrun("start", str(server.lab), "--on", url)

    assert code == 2
    assert "ssh://user@host:port" in err


def test_the_shell_on_a_server_is_the_users_and_knows_labrun(server):
    labrun("start", str(server.lab), "--on", server.url("plain"))
    shell = pexpect.spawn(
        LABRUN[0], [*LABRUN[1:], "shell"], timeout=20, encoding="utf-8"
    )
    shell.setwinsize(33, 200)
    prompt = r"\$ "
    shell.expect(prompt)

    def typed(line):
        shell.sendline(line)
        shell.expect_exact(line)
        shell.expect(prompt)
        return shell.before

    assert "plain" in typed("id -un")
    assert "33 200" in typed("stty size")
    assert "does not exist" in typed("labrun next")
    typed(f"touch {server.files}/one")
    assert "Step 2" in typed("labrun next")
    shell.sendline("sleep 4716")
    wait_until(lambda: found("sleep 4716"))
    shell.sendintr()
    shell.expect(prompt)
    shell.sendline("exit 5")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 5
    assert folders() == set()


def test_an_interrupted_check_leaves_nothing_here_or_there(server):
    text = server.lab.read_text().replace("test -e", "sleep 4715; test -e")
    server.lab.write_text(text)
    labrun("start", str(server.lab), "--on", server.url())
    checking = subprocess.Popen(
        [*LABRUN, "check", "another"], stdout=subprocess.DEVNULL
    )
    wait_until(lambda: found("sleep 4715"))

    checking.send_signal(signal.SIGINT)

    assert checking.wait() == 130
    assert not runs("sleep 4715")
    assert folders() == set()
