import os
import subprocess

import pytest

from checks.doors.ssh import remote

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
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
