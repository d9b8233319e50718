"""A Docker engine for tests: the one at hand, else one that leaves nothing."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

DEFAULT = "unix:///var/run/docker.sock"
# It changes nothing of the host's network: machines bring their own.
ALONE = ("--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false")


@contextmanager
def running():
    """Have an engine for as long as the block lasts; yields its DOCKER_HOST."""
    address = os.environ.get("DOCKER_HOST") or DEFAULT
    if answers(address):
        yield address
        return
    if not shutil.which("dockerd"):
        raise FileNotFoundError("there is no Docker engine: apt install docker.io")
    # Not in /tmp, which may be memory, and Docker needs a disk.
    folder = Path(tempfile.mkdtemp(prefix="labrun-docker-", dir="/var/tmp"))
    address, log = f"unix://{folder}/docker.sock", folder / "log"
    daemon = _start(folder, address, log)
    try:
        while not answers(address):
            assert daemon.poll() is None, log.read_text()
            time.sleep(0.1)
        yield address
    finally:
        daemon.terminate()
        daemon.wait()
        shutil.rmtree(folder)


def answers(address):
    with suppress(FileNotFoundError):
        argv = ["docker", "--host", address, "version"]
        return subprocess.run(argv, capture_output=True).returncode == 0
    return False


def said(*argv):
    """What `docker` printed; it must have succeeded."""
    argv = ["docker", *argv]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _start(folder, address, log):
    places = {"data-root": "data", "exec-root": "exec", "pidfile": "docker.pid"}
    options = [f"--{name}={folder}/{place}" for name, place in places.items()]
    argv = ["dockerd", f"--host={address}", *options, *ALONE]
    with log.open("wb") as output:
        return subprocess.Popen(argv, stdout=output, stderr=output)
