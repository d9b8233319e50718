"""A step of twenty satisfied checks through each door, whole process.

The local door and the one through ssh are used by the machine's own Python inside it,
with sshd on loopback; the contained door by this Python, from outside.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from benched import HERE, do, install, machine
from checks20 import PREPARE
from timing import medians, show

ADMIT = """
mkdir -p -m 0700 /root/.ssh
ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id_ed25519
cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
systemctl restart ssh
ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null >/root/.ssh/known_hosts
useradd --create-home admin
cp -r /root/.ssh /home/admin/ && chown -R admin /home/admin/.ssh
echo "admin ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/admin
"""
PACKAGES = ("containerd", "python3-minimal", "python3", "openssh-server", "sudo")


def run() -> None:
    with machine(*PACKAGES) as door, tempfile.TemporaryDirectory() as folder:
        site = install(door)
        env = f"cd /root/bench; export PYTHONPATH={site} LABRUN_STATE_DIR=/root/state; "
        do(door, env + PREPARE + ADMIT)
        outside = {**os.environ, "LABRUN_STATE_DIR": folder}

        def labrun(*argv: str) -> None:
            command = [sys.executable, "-m", "lab_runner", *argv]
            quiet = subprocess.DEVNULL
            subprocess.run(command, env=outside, stdout=quiet, check=True)

        labrun("start", str(HERE / "twenty.md"), "--on", "bench")
        check = env + "python3 -m lab_runner check"
        sides = {
            "local": lambda: do(door, check),
            "contained": lambda: labrun("check"),
            "ssh as root": lambda: do(door, f"{check} --on ssh://root@127.0.0.1"),
            "ssh with sudo": lambda: do(door, f"{check} --on ssh://admin@127.0.0.1"),
            "ssh HOST true": lambda: do(door, "ssh -o BatchMode=yes 127.0.0.1 true"),
        }
        show(medians(sides, runs=15), "local")
