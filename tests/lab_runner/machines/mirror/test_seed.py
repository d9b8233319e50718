import gzip
import io
import json
import tarfile

import pytest

from lab_runner.machines.mirror import references, seed
from lab_runner.machines.mirror.store import Store

# Enough of busybox to be made an image of.
PROGRAM = """\
#!/bin/sh
case "$1" in
  --list) echo busybox; echo cat; echo sh ;;
  *) echo "BusyBox v1.35.0 (Debian 1:1.35.0-4) multi-call binary." ;;
esac
"""


@pytest.fixture
def shop(tmp_path):
    program = tmp_path / "busybox"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    shop = Store(tmp_path / "images")
    seed.sow(shop, program)
    return shop


def image(shop, name):
    """The configuration of an image and its layers as archives."""
    manifest = json.loads(shop.read(shop.entry(references.parse(name)).digest))
    layers = [gzip.decompress(shop.read(each["digest"])) for each in manifest["layers"]]
    config = json.loads(shop.read(manifest["config"]["digest"]))
    return config["config"], [tarfile.open(fileobj=io.BytesIO(each)) for each in layers]


@pytest.mark.parametrize("tag", ["latest", "stable", "1.35", "1.35.0"])
def test_busybox_has_the_tags_of_its_version(shop, tag):
    config, _ = image(shop, f"busybox:{tag}")

    assert config["Cmd"] == ["sh"]


def test_the_applets_of_busybox_are_links_to_it(shop):
    _, (layer,) = image(shop, "busybox")

    links = {e.name: e.linkname for e in layer.getmembers() if e.islnk()}
    assert links == dict.fromkeys(("bin/cat", "bin/sh", "usr/bin/env"), "bin/busybox")
    assert layer.extractfile("bin/busybox").read() == PROGRAM.encode()
    assert layer.getmember("bin/busybox").mode == 0o755


def test_busybox_has_a_place_for_everything_a_container_needs(shop):
    _, (layer,) = image(shop, "busybox")

    modes = {e.name: e.mode for e in layer.getmembers() if e.isdir()}
    assert modes["tmp"] == 0o1777
    assert {"dev", "etc", "proc", "sys", "root"} < modes.keys()
    assert b"root:x:0:0:" in layer.extractfile("etc/passwd").read()


def test_hello_world_says_where_it_comes_from(shop):
    config, layers = image(shop, "hello-world")

    greeting = layers[1].extractfile(config["Cmd"][1].lstrip("/")).read().decode()
    assert "labrun" in greeting
