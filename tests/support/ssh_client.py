"""An ssh with a key, a configuration and known hosts of its own, put first on PATH."""

import os
import subprocess

# The real one: PATH may begin with another test's.
SSH = "/usr/bin/ssh"


class Client:
    """Keys and known hosts in `folder`; `path` is a PATH on which its ssh is found."""

    def __init__(self, folder):
        self.folder = folder
        self.known_hosts = folder / "known_hosts"
        self.config = folder / "ssh_config"
        make_key(folder / "id")
        self.config.write_text(
            f"IdentityFile {folder}/id\nIdentitiesOnly yes\n"
            f"UserKnownHostsFile {self.known_hosts}\nGlobalKnownHostsFile none\n"
        )
        (folder / "bin").mkdir()
        (folder / "bin/ssh").write_text(
            f'#!/bin/sh\nexec {SSH} -F {self.config} "$@"\n'
        )
        (folder / "bin/ssh").chmod(0o755)

    @property
    def path(self):
        return f"{self.folder}/bin:{os.environ['PATH']}"

    @property
    def public_key(self):
        return (self.folder / "id.pub").read_text()

    def know(self, host, key):
        """Take a server's public key for the right one."""
        self.known_hosts.write_text(f"{host} {key}")


def make_key(path):
    quiet = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(quiet, check=True)
