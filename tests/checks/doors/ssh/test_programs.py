"""Programs run over there, side by side with those run here."""

import os
import re
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from ssh_doors import door_to, open_folder, outcome, runs
from sshd import Sshd

from checks.doors import process
from checks.doors.terminal import Terminal
from checks.errors import NotPermitted, TimedOut

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("ssh")]


@pytest.mark.parametrize(
    "argv",
    [
        ["sh", "-c", "echo out; echo err >&2; exit 3"],
        [
            "printf",
            "%s|",
            "",
            "a b",
            "it's",
            '"',
            "$HOME",
            "\\",
            "\n\n",
            "-n",
            "é",
            "*",
        ],
        ["sh", "-c", r"printf 'a\377\000b'"],
        ["sh", "-c", "kill -KILL $$"],
        ["sh", "-c", "trap 'kill 0' EXIT; sleep 30 & exit 3"],
        ["sh", "-c", "no-such-program"],
        ["sh", "-c", "exec >&- 2>&-; exit 4"],
        ["sh", "-c", "trap"],
        ["cat"],
        ["no-such-program"],
        ["/no/such/program"],
        ["a\0b"],
    ],
    ids=str,
)
def test_a_program_leaves_what_it_leaves_here(local, root, argv):
    assert outcome(lambda: root.run(argv)) == outcome(lambda: local.run(argv))


def test_a_file_that_may_not_be_run_is_not_permitted(root):
    with pytest.raises(NotPermitted, match="`/etc/passwd` may not be run"):
        root.run(["/etc/passwd"])


def test_bytes_that_are_no_text_reach_the_program(root):
    assert root.run(
        ["sh", "-c", 'printf %s "$1" | od -An -tx1', "sh", "a\udcff"]
    ).stdout == (" 61 ff\n")


def test_output_beyond_the_limit_is_dropped_and_said_to_be_cut(either):
    result = either.run(
        ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo e >&2"]
    )

    assert (result.exit, len(result.stdout), result.stderr, result.cut) == (
        0,
        process.OUTPUT_LIMIT,
        "e\n",
        True,
    )


def test_a_program_that_takes_too_long_is_ended_with_its_children(door):
    with pytest.raises(TimedOut) as caught:
        door.run(["sh", "-c", "sleep 4711 & sleep 4712"], timeout=0.5)

    assert (
        caught.value.message
        == "`sh -c sleep 4711 & sleep 4712` did not end within 0.5 s"
    )
    assert not runs("sleep 4711")
    assert not runs("sleep 4712")
    assert door.run(["echo", "on"]).stdout == "on\n"


def test_a_program_that_writes_for_ever_is_ended(root):
    with pytest.raises(TimedOut):
        root.run(["yes", "4716"], timeout=0.3)

    assert not runs("yes 4716")


def test_a_child_left_behind_is_not_waited_for_and_never_heard_again(root):
    began = time.monotonic()
    loud = root.run(
        ["sh", "-c", "while sleep 0.01; do echo LATE; echo LATE >&2; done & echo $!"]
    )

    later = [root.run(["echo", "clean"]) for _ in range(20)]

    os.kill(int(re.search(r"\d+", loud.stdout)[0]), 9)
    assert time.monotonic() - began < 10
    assert {(r.stdout, r.stderr) for r in later} == {("clean\n", "")}


def test_many_threads_are_answered_each_its_own(root):
    answers = {}

    def ask(number):
        said = root.run(["sh", "-c", f"sleep 0.1; echo {number}"]).stdout
        answers[number] = said, root.read(f"/proc/{os.getpid()}/comm")

    workers = [threading.Thread(target=ask, args=[n]) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    comm = Path("/proc/self/comm").read_bytes()
    assert answers == {n: (f"{n}\n", comm) for n in range(8)}


def test_a_user_with_sudo_is_root_and_one_without_is_not(sshd):
    with door_to(sshd.url("admin")) as admin, door_to(sshd.url("plain")) as plain:
        assert admin.run(["id", "-u"]).stdout == "0\n"
        assert plain.run(["id", "-u"]).stdout == "4202\n"


def test_sudo_can_be_done_without(sshd):
    with door_to(sshd.url("admin", "?sudo=no")) as door:
        assert door.run(["id", "-u"]).stdout == "4201\n"
        assert outcome(lambda: door.read("/etc/shadow"))[:2] == (
            NotPermitted,
            "`/etc/shadow` may not be read",
        )


def test_programs_are_found_where_root_finds_them(door):
    assert {"/usr/bin", "/usr/sbin", "/sbin"} <= set(door.search_path)
    assert len(set(door.search_path)) == len(door.search_path)


def test_an_alias_of_the_configuration_is_a_server(sshd):
    with door_to("ssh://the-server") as door:
        assert door.run(["id", "-u"]).stdout == "0\n"


@pytest.mark.parametrize("shell", ["/bin/bash", "/bin/dash", "/usr/bin/zsh"])
def test_the_users_shell_may_be_another(shell, monkeypatch):
    if not Path(shell).exists():
        pytest.skip(f"there is no {shell}")
    with open_folder() as folder:
        server = Sshd(folder, shell).start()
        monkeypatch.setenv("PATH", server.client.path)
        for name in (".bashrc", ".zshenv"):
            (folder / "home/root" / name).write_text("echo noise; echo noise >&2\n")
        with door_to(server.url()) as door:
            assert door.run(["echo", "a b"]).stdout == "a b\n"
            with closing(Terminal(lambda: door.spawn(["sh"]))) as terminal:
                assert terminal.run("echo ok").output == "ok"
        server.stop()


def test_a_bash_does_not_read_the_startup_file_of_logins_over_ssh(sshd):
    startup = sshd.folder / "home/plain/.bashrc"
    startup.write_text("echo noise\n")
    with door_to(sshd.url("plain")) as door:
        assert door.run(["bash", "-c", "echo said"]).stdout == "said\n"
    startup.unlink()
