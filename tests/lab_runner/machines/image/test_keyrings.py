"""Keys from an archive of the test's own, on this host."""

import hashlib
import subprocess
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.image import keyrings, systems
from lab_runner.machines.image.systems import Package


@pytest.fixture(autouse=True)
def own_machines(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "machines"))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(tmp_path):
    """A folder, and the address at which it is served."""
    folder = tmp_path / "archive"
    folder.mkdir()
    handler = partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def made(tmp_path):
    """A Debian package with a keyring in it."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        "Package: keys\nVersion: 1\nArchitecture: all\nMaintainer: x\n"
        "Description: keys\n"
    )
    (tree / "usr/share/keyrings").mkdir(parents=True)
    (tree / "usr/share/keyrings/test-keys.gpg").write_text("the keys")
    subprocess.run(["dpkg-deb", "--build", tree, tmp_path / "x.deb"], check=True)
    return (tmp_path / "x.deb").read_bytes()


def distribution(url, content):
    return replace(
        systems.UBUNTU,
        archive=replace(systems.UBUNTU.archive, main=url),
        keyring=Path("/usr/share/keyrings/test-keys.gpg"),
        keys=Package("x.deb", hashlib.sha256(content).hexdigest()),
    )


def test_the_keyring_of_the_host_is_used_where_it_has_one(tmp_path):
    keyring = tmp_path / "keys.gpg"
    keyring.touch()

    assert keyrings.ensure(replace(systems.UBUNTU, keyring=keyring)) == keyring


def test_a_keyring_is_fetched_once(served, tmp_path):
    folder, url = served
    content = made(tmp_path)
    (folder / "x.deb").write_bytes(content)

    found = keyrings.ensure(distribution(url, content))
    assert found.read_text() == "the keys"
    (folder / "x.deb").unlink()
    assert keyrings.ensure(distribution(url, content)) == found


def test_a_package_that_is_not_the_known_one_is_not_even_unpacked(served, tmp_path):
    folder, url = served
    (folder / "x.deb").write_bytes(made(tmp_path))

    with pytest.raises(MachineError, match="is not the package of keys that Ubuntu"):
        keyrings.ensure(distribution(url, b"another"))
    assert not (tmp_path / "machines/keyrings").exists()


def test_an_archive_out_of_reach_is_told_in_one_sentence():
    with pytest.raises(MachineError) as error:
        keyrings.ensure(distribution("http://127.0.0.1:1", b""))

    assert error.value.message.startswith("the archive of Ubuntu cannot be reached: ")
    assert error.value.remedy
