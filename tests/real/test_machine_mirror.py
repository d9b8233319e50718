"""The registry that machines take for Docker Hub, without the internet and with it."""

import io
import json
import subprocess
import tarfile
from contextlib import contextmanager

import pytest
from machines import labrun, listed, up

from lab_runner.machines import host, lifecycle
from lab_runner.machines.mirror.storage import Registry

pytestmark = pytest.mark.real

OTHER = "docker.io/library/other:latest"
BUSYBOX = "docker.io/library/busybox:latest"


@contextmanager
def upstream(folder, port):
    """A registry of this host that plays Docker Hub, with one image in it."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as layer:
        layer.addfile(tarfile.TarInfo("empty"))
    architecture = host.run(["dpkg", "--print-architecture"]).strip()
    registry = Registry(folder / "images", architecture)
    registry.put("library/other", ["latest"], [archive.getvalue()], ["true"])
    config = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(folder / "images")}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    (folder / "config.yml").write_text(json.dumps(config))
    argv = ["docker-registry", "serve", folder / "config.yml"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert any("listening on" in line for line in running.stderr)
            yield
        finally:
            running.kill()


def pulls(name, image):
    """Whether a machine that does not have the image gets it by `ctr images pull`."""
    labrun("exec", name, "--", "ctr", "images", "remove", image)
    labrun("exec", name, "--", "ctr", "content", "prune", "references")
    return labrun("exec", name, "--", "ctr", "images", "pull", image)[0] == 0


def test_what_was_pulled_once_is_there_without_the_internet(
    own_folder, tmp_path, unused_port, monkeypatch
):
    monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", f"http://127.0.0.1:{unused_port}")
    with upstream(tmp_path, unused_port):
        up("m", "--package", "containerd")
        assert pulls("m", OTHER)
        assert pulls("m", BUSYBOX)

    # The connection is lost while the machine runs.
    assert pulls("m", OTHER)
    labrun("down", "m")
    # There is none from the start.
    up("m", "--package", "containerd")
    assert pulls("m", OTHER)
    assert pulls("m", BUSYBOX)


def test_an_image_that_nobody_pulled_is_not_there_without_the_internet(own_folder):
    up("m", "--package", "containerd")

    assert not pulls("m", OTHER)


def test_a_mirror_without_the_internet_becomes_a_cache_when_it_comes_back(
    own_folder, tmp_path, unused_port, monkeypatch
):
    monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", f"http://127.0.0.1:{unused_port}")
    up("m", "--package", "containerd")
    with upstream(tmp_path, unused_port):
        assert not pulls("m", OTHER)
        up("another")

        assert pulls("m", OTHER)


def test_a_mirror_that_died_is_started_again_by_list(own_folder):
    up("m", "--package", "containerd")
    mirror = json.loads((own_folder / "mirror.json").read_text())["process"]["pid"]
    host.run(["kill", "-KILL", str(mirror)])
    assert not pulls("m", BUSYBOX)

    assert [machine["name"] for machine in listed()] == ["m"]

    assert pulls("m", BUSYBOX)


def test_the_key_of_the_authority_is_for_root_alone(own_folder):
    lifecycle.sweep()

    mode = (own_folder / "certificates/ca.key").stat().st_mode
    assert mode & 0o077 == 0
