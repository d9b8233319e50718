"""What connects, what breaks, and what is left behind."""

import os
import subprocess
import sys
import threading

import pytest
from ssh_doors import clients, door_to, folders, found, gone, outcome, runs, wait_until

from checks.doors.ssh.server import Server
from checks.doors.terminal import Conversation
from checks.errors import NotPermitted, Unreachable

NOBODY = 65534
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


def test_a_server_with_an_unknown_key_is_not_talked_to(sshd):
    sshd.client.known_hosts.write_text("")
    try:
        with door_to(sshd.url()) as door, pytest.raises(NotPermitted) as caught:
            door.run(["true"])
    finally:
        sshd.know()
    assert caught.value.message == "the host key of `root@127.0.0.1` is not known here"
    assert caught.value.remedy.startswith(f"`ssh -p {sshd.port} root@127.0.0.1` once")


def test_a_server_with_another_key_is_not_talked_to(own):
    own.renew_host_key()
    own.start()

    with door_to(own.url()) as door, pytest.raises(NotPermitted) as caught:
        door.run(["true"])

    assert "has changed: it is another server" in caught.value.message
    assert f"ssh-keygen -R '[127.0.0.1]:{own.port}'" in caught.value.remedy


def test_a_user_who_is_not_let_in_is_told_so(own):
    (own.folder / "authorized_keys").write_text("")
    own.start()

    with door_to(own.url()) as door, pytest.raises(NotPermitted) as caught:
        door.run(["true"])

    assert caught.value.message == "`root@127.0.0.1` does not let you in"
    assert caught.value.remedy == f"`ssh-copy-id -p {own.port} root@127.0.0.1`"


@pytest.mark.parametrize("ask", ["run", "read", "stat", "names", "socket", "spawn"])
def test_a_server_that_does_not_answer_is_unreachable_whatever_is_asked(ask):
    argument = ["true"] if ask in ("run", "spawn") else "/etc/passwd"
    with (
        door_to("ssh://root@127.0.0.1:1") as door,
        pytest.raises(Unreachable) as caught,
    ):
        getattr(door, ask)(argument)

    assert "Connection refused" in caught.value.message
    assert caught.value.remedy.startswith("`ssh -p 1 root@127.0.0.1`")


def test_a_connection_that_breaks_decides_nothing(own):
    own.start()
    with door_to(own.url()) as door:
        assert door.run(["true"]).exit == 0
        breaking = threading.Timer(0.3, own.drop)
        breaking.start()

        with pytest.raises(Unreachable, match="broke off"):
            door.run(["sleep", "20"])
        with pytest.raises(Unreachable, match="broke off"):
            door.stat("/nothing")


def test_a_dialogue_whose_connection_breaks_has_no_exit_code(own):
    own.start()
    with door_to(own.url()) as door:
        program = Conversation(door.spawn(["cat"]))
        own.drop()

        with pytest.raises(Unreachable, match="broke off"):
            program.finish(10)
        with pytest.raises(Unreachable, match="broke off"):
            program.close()


def test_a_closed_door_leaves_nothing(sshd):
    before = len(os.listdir("/proc/self/fd")), folders(), clients()
    with door_to(sshd.url()) as door:
        door.run(["true"])
        assert len(folders() - before[1]) == 1
        assert all(f.stat().st_mode & 0o777 == 0o700 for f in folders() - before[1])

    assert (len(os.listdir("/proc/self/fd")), folders(), clients()) == before


def test_a_door_closed_in_mid_check_ends_what_it_runs(sshd):
    door = Server(sshd.url())
    door.allow(60)
    worker = threading.Thread(
        target=outcome, args=[lambda: door.run(["sleep", "4714"])]
    )
    worker.start()
    wait_until(lambda: found("sleep 4714"))

    door.close()

    worker.join()
    assert not runs("sleep 4714")


def test_what_a_killed_labrun_left_is_cleaned_up_by_the_next(sshd):
    before = folders(), clients()
    code = (
        "import os, sys; from checks.doors.ssh.server import Server;"
        "door = Server(sys.argv[1]); door.run(['true']); print('up', flush=True);"
        "door.run(['sleep', '4'], timeout=60)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", code, sshd.url()], stdout=subprocess.PIPE
    )
    assert killed.stdout.readline() == b"up\n"
    wait_until(lambda: found("sleep 4"))
    killed.kill()
    killed.wait()
    killed.stdout.close()
    for left in folders() - before[0]:
        os.utime(left, (0, 0))

    with door_to(sshd.url()):
        pass

    assert folders() == before[0]
    assert gone(lambda: clients() > before[1])


def test_under_sudo_the_learners_own_ssh_is_used(own, monkeypatch):
    (own.client.folder / "id").chmod(0o644)  # nobody has no key of its own
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    before = folders()

    with door_to(own.start().url()) as door:
        made = folders() - before
        assert door.run(["id", "-u"]).stdout == "0\n"
        assert {folder.stat().st_uid for folder in made} == {NOBODY}
        assert {(folder / "control").stat().st_uid for folder in made} == {NOBODY}

    assert folders() == before
