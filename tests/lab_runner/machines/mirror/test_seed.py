import gzip
import io
import json
import tarfile

import pytest

from lab_runner.machines.mirror import seed

# Enough of busybox to be made an image of.
PROGRAM = """\
#!/bin/sh
case "$1" in
  --list) echo busybox; echo cat; echo sh ;;
  *) echo "BusyBox v1.35.0 (Debian 1:1.35.0-4) multi-call binary." ;;
esac
"""


@pytest.fixture
def storage(tmp_path):
    program = tmp_path / "busybox"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    seed.sow(tmp_path / "images", program)
    return tmp_path / "images/docker/registry/v2"


def image(storage, repository, tag):
    """The configuration of an image and its layers as archives."""
    tags = storage / "repositories" / repository / "_manifests/tags"
    manifest = json.loads(blob(storage, (tags / tag / "current/link").read_text()))
    layers = [
        gzip.decompress(blob(storage, each["digest"])) for each in manifest["layers"]
    ]
    config = json.loads(blob(storage, manifest["config"]["digest"]))
    return config["config"], [tarfile.open(fileobj=io.BytesIO(each)) for each in layers]


def blob(storage, digest):
    value = digest.removeprefix("sha256:")
    return (storage / "blobs/sha256" / value[:2] / value / "data").read_bytes()


@pytest.mark.parametrize("tag", ["latest", "stable", "1.35", "1.35.0"])
def test_busybox_has_the_tags_of_its_version(storage, tag):
    config, _ = image(storage, "library/busybox", tag)

    assert config["Cmd"] == ["sh"]


def test_the_applets_of_busybox_are_links_to_it(storage):
    _, (layer,) = image(storage, "library/busybox", "latest")

    links = {e.name: e.linkname for e in layer.getmembers() if e.islnk()}
    assert links == dict.fromkeys(("bin/cat", "bin/sh", "usr/bin/env"), "bin/busybox")
    assert layer.extractfile("bin/busybox").read() == PROGRAM.encode()
    assert layer.getmember("bin/busybox").mode == 0o755


def test_busybox_has_a_place_for_everything_a_container_needs(storage):
    _, (layer,) = image(storage, "library/busybox", "latest")

    modes = {e.name: e.mode for e in layer.getmembers() if e.isdir()}
    assert modes["tmp"] == 0o1777
    assert {"dev", "etc", "proc", "sys", "root"} < modes.keys()
    assert b"root:x:0:0:" in layer.extractfile("etc/passwd").read()


def test_hello_world_says_where_it_comes_from(storage):
    config, layers = image(storage, "library/hello-world", "latest")

    greeting = layers[1].extractfile(config["Cmd"][1].lstrip("/")).read().decode()
    assert "labrun" in greeting
