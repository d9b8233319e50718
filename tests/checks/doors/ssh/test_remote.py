import os
import shutil
import subprocess

import pytest

from checks.doors.ssh import remote
from checks.doors.ssh.shell import Answer, Shell

SHELLS = [
    shell
    for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"])
    if shutil.which(shell[0])
]
ODD = [
    "",
    " ",
    "a b",
    "it's",
    '"',
    "$HOME",
    "`id`",
    "\\",
    "\n\n",
    "*",
    "~",
    "é",
    "\udcff",
]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_every_word_arrives_as_it_is(shell):
    script = b"printf '%s\\0' " + remote.words(ODD)

    printed = subprocess.run([*shell, "-c", script], capture_output=True, check=True)

    assert printed.stdout == b"".join(os.fsencode(word) + b"\0" for word in ODD)


def test_a_null_byte_is_no_part_of_a_word():
    with pytest.raises(ValueError, match="null byte"):
        remote.words(["a\0b"])


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_a_script_passes_a_login_shell_unharmed(shell):
    script = b"printf %s " + remote.words(["!'\"\\$\n\xff é"])

    line = remote.command_line(script)

    printed = subprocess.run([*shell, "-c", line], capture_output=True, check=True)
    assert printed.stdout == os.fsencode("!'\"\\$\n\xff é")
    assert not set(line.split("' sh '")[1].rstrip("'")) - set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\\"
    )


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_any_posix_shell_answers(shell):
    opened = Shell(shell, sudo=False)
    opened.open(10)

    found = [
        opened.run(["sh", "-c", "echo out; echo err >&2; kill -KILL $$"], 10, 100),
        opened.run(["no-such-program"], 10, 1000),
        opened.ask(b"labrun_read /no/such/file 10", 10, 1000),
        opened.ask(b"labrun_read /proc/sys/kernel/ostype 3", 10, 1000),
    ]

    opened.end()
    opened.close()
    assert found[0] == Answer(137, b"out\n", b"err\n")
    assert (found[1].exit, found[1].is_refused) == (127, True)
    assert found[2].exit == 1
    assert found[3].stdout == b"Lin"
