import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.doors.contained import Contained
from checks.doors.machine import Local

NOBODY = 65534
MERGED = ("bin", "sbin", "lib", "lib64")
UNSHARE = ("unshare", "--fork", "--kill-child", "--pid", "--mount", "--uts")
BOOT = """
set -e
cd "$1"
mount --make-rprivate /
mount --bind /usr usr
mount -t proc proc proc
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
exec chroot . sh -c 'echo up; exec sleep infinity'
"""


@pytest.fixture
def local():
    machine = Local()
    yield machine
    machine.close()


@pytest.fixture
def as_nobody():
    """A context in which this process has the rights of nobody."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become nobody")

    @contextmanager
    def drop():
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return drop


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A process tree with its own root: the root's path and the first process."""
    if os.geteuid() != 0:
        pytest.skip("needs root for namespaces and mounts")
    root = tmp_path_factory.mktemp("tree")
    _furnish(root)
    keeper = subprocess.Popen(
        [*UNSHARE, "sh", "-c", BOOT, "boot", str(root)],
        stdout=subprocess.PIPE,
    )
    assert keeper.stdout.readline() == b"up\n"
    children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children").read_text()
    yield root, int(children.split()[0])
    keeper.kill()
    keeper.wait()
    keeper.stdout.close()


@pytest.fixture
def contained(tree):
    machine = Contained("tree", tree[1])
    yield machine
    machine.close()


def _furnish(root):
    for name in ("usr", "proc", "dev/pts", "etc", "run", "tmp", "root"):
        (root / name).mkdir(parents=True)
    for name in MERGED:
        if Path("/", name).is_symlink():
            (root / name).symlink_to(f"usr/{name}")
    (root / "etc/hostname").write_text("tree\n")
    (root / "dev/ptmx").symlink_to("pts/ptmx")
    for name, minor in (("null", 3), ("zero", 5)):
        os.mknod(root / "dev" / name, 0o20666, os.makedev(1, minor))
