"""Filling the mirror from archives and folders, with the real skopeo."""

import json
import tarfile

import pytest
from registries import Remembering, archive, put, put_index, serving

from lab_runner.cli.main import main
from lab_runner.machines import host
from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.store import Store

pytestmark = pytest.mark.real


@pytest.fixture
def folder(own_folder, tmp_path, monkeypatch):
    """A folder of the test's own, in which a registry elsewhere is laid down by `take`."""
    monkeypatch.chdir(tmp_path)
    return own_folder


@pytest.fixture
def take(tmp_path):
    """`take(image, target)` copies an image of a registry elsewhere; its digest there."""
    store = Store(tmp_path / "far")
    here = documents.architecture()
    digests = {
        "one": put(store, "one"),
        "many": put_index(store, "many", {here: archive(), "other": archive(b"y")}),
    }
    with serving(Remembering(store)) as url:

        def take(image, target, *options):
            source = f"docker://{url.removeprefix('http://')}/library/{image}:latest"
            copy = ["skopeo", "copy", "--all", "--src-tls-verify=false", *options]
            host.run([*copy, source, target])
            return digests[image]

        take.server = url.removeprefix("http://")
        yield take


def mirror(capsys, *argv):
    """Run `labrun machine mirror … --json`: exit code and images."""
    code = main(["machine", "mirror", *argv, "--json"])
    return code, json.loads(capsys.readouterr().out).get("images")


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("oci:stick", "oci:stick"),
        ("oci:stick:one", "oci:stick:one"),
        ("oci-archive:one.tar", "oci-archive:one.tar"),
        ("docker-archive:one.tar", "docker-archive:one.tar"),
        ("dir:stick", "dir:stick"),
    ],
)
def test_an_image_comes_from_whatever_skopeo_wrote(
    folder, take, capsys, target, source
):
    take("one", target)
    # What a labrun that was killed has left does not matter.
    (folder / ".unpacked/image").mkdir(parents=True)

    code, (image,) = mirror(capsys, "add", "quay.io/team/one:1", "--from", source)

    assert (code, image["status"]) == (0, "fetched")
    assert Store(folder / "mirror").is_whole(image["digest"], everywhere=True)
    assert not (folder / ".unpacked").exists()
    assert mirror(capsys, "sync")[1][0]["status"] == "kept"


@pytest.mark.parametrize("image", ["one", "many"])
def test_digests_stay_exact(folder, take, capsys, image):
    digest = take(image, "dir:stick", "--preserve-digests")

    name = f"{image}@{digest}"
    code, (found,) = mirror(capsys, "add", name, "--from", "dir:stick")
    assert (code, found["digest"]) == (0, digest)

    server = f"docker://{take.server}"
    code, (found,) = mirror(capsys, "add", image, "--from", server, "--all-platforms")
    assert (code, found["digest"]) == (0, digest)


def test_an_archive_that_is_damaged_is_told_in_one_sentence(
    folder, take, capsys, tmp_path
):
    take("one", "oci-archive:one.tar")
    whole = (tmp_path / "one.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[:3000])
    (tmp_path / "no.tar").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass

    for name in ("cut.tar", "no.tar", "empty.tar", "nowhere.tar"):
        code, (found,) = mirror(capsys, "add", "one", "--from", f"oci-archive:{name}")
        assert (code, found["status"]) == (3, "failed")
        start = f"`oci-archive:{name}` cannot be read: "
        assert found["message"].startswith(start)
        assert "\n" not in found["message"]

    assert [i for i in mirror(capsys, "list")[1] if i["origin"] != "shipped"] == []


def test_a_layer_that_was_changed_is_not_taken(folder, take, capsys, tmp_path):
    take("one", "dir:stick")
    layer = max(
        (each for each in (tmp_path / "stick").iterdir() if len(each.name) == 64),
        key=lambda each: each.read_bytes()[:1] == b"\x1f",
    )
    layer.write_bytes(bytes(layer.stat().st_size))

    code, (found,) = mirror(capsys, "add", "one", "--from", "dir:stick")

    assert (code, found["status"]) == (3, "failed")
    assert not (folder / "mirror/names").exists()
