"""A real sshd on loopback, with users, keys and sudo rules of its own.

It runs in a mount namespace where files of /etc have been laid over, so the host's own
users and rules are neither needed nor changed.
"""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from ssh_client import Client, make_key

# root comes with its own rights, `admin` with sudo, `plain` with nothing.
USERS = {"root": 0, "admin": 4201, "plain": 4202}
BOOT = """
set -e
mount --make-rprivate /
for name in passwd shadow group sudoers; do mount --bind "$1/etc/$name" /etc/$name; done
mkdir -p /run/sshd
exec /usr/sbin/sshd -D -f "$1/sshd_config" -E "$1/sshd.log"
"""


class Sshd:
    """A server at `port`; `folder` holds its files and its users' homes."""

    def __init__(self, folder, shell="/bin/sh"):
        self.folder = folder
        self.port = _unused_port()
        (folder / "client").mkdir()
        self.client = Client(folder / "client")
        self._furnish(shell)
        self._process = None

    def start(self):
        argv = ["unshare", "--mount", "sh", "-c", BOOT, "boot", str(self.folder)]
        self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
        for _ in range(100):
            if socket.socket().connect_ex(("127.0.0.1", self.port)) == 0:
                return self
            assert self._process.poll() is None, self.log
            time.sleep(0.05)
        raise AssertionError(self.log)

    def stop(self):
        """End the server; connections that are open stay open."""
        self._process.terminate()
        self._process.wait()

    def drop(self):
        """Break off every open connection, as a network does."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in children.read_text().split():
            subprocess.run(["kill", "-KILL", child])

    def url(self, user="root", query=""):
        return f"ssh://{user}@127.0.0.1:{self.port}{query}"

    @property
    def log(self):
        return (self.folder / "sshd.log").read_text()

    def renew_host_key(self):
        """Become another server, as a client sees it; takes effect at `start`."""
        for path in self.folder.glob("host_key*"):
            path.unlink()
        make_key(self.folder / "host_key")

    def know(self):
        """Let the client know this server's host key."""
        key = (self.folder / "host_key.pub").read_text()
        self.client.know(f"[127.0.0.1]:{self.port}", key)

    def _furnish(self, shell):
        folder = self.folder
        make_key(folder / "host_key")
        self.know()
        (folder / "authorized_keys").write_text(self.client.public_key)
        self._write_etc(shell)
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\n"
            f"AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\n"
            f"PidFile none\nUsePAM no\nPermitRootLogin yes\nMaxSessions 50\n"
        )
        with self.client.config.open("a") as config:
            config.write("Host the-server\n  HostName 127.0.0.1\n  User root\n")
            config.write(f"  Port {self.port}\n")

    def _write_etc(self, shell):
        etc = self.folder / "etc"
        etc.mkdir()
        rows = {"passwd": "", "shadow": "", "group": ""}
        for name, number in USERS.items():
            home = self.folder / "home" / name
            home.mkdir(parents=True)
            shutil.chown(home, number, number)
            rows["passwd"] += f"{name}:x:{number}:{number}:{name}:{home}:{shell}\n"
            rows["shadow"] += f"{name}:*:19000:0:99999:7:::\n"
            rows["group"] += f"{name}:x:{number}:\n"
        for name, text in rows.items():
            (etc / name).write_text(text + Path("/etc", name).read_text())
        (etc / "sudoers").write_text(
            "Defaults env_reset, use_pty\n"
            'Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n'
            "root ALL=(ALL:ALL) ALL\nadmin ALL=(ALL:ALL) NOPASSWD: ALL\n"
        )
        (etc / "sudoers").chmod(0o440)
        (etc / "shadow").chmod(0o600)


def _unused_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
