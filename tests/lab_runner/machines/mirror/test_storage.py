import gzip
import hashlib
import json

import pytest

from lab_runner.machines.mirror.storage import Registry


@pytest.fixture
def storage(tmp_path):
    Registry(tmp_path, "arm64").put("library/x", ["latest", "1.0"], [b"layer"], ["sh"])
    return tmp_path / "docker/registry/v2"


def blob(storage, digest):
    algorithm, value = digest.split(":")
    data = (storage / "blobs" / algorithm / value[:2] / value / "data").read_bytes()
    assert hashlib.sha256(data).hexdigest() == value
    return data


def manifest(storage, tag="latest"):
    tags = storage / "repositories/library/x/_manifests/tags"
    return json.loads(blob(storage, (tags / tag / "current/link").read_text()))


def test_a_tag_leads_to_the_image(storage):
    found = manifest(storage)

    config = json.loads(blob(storage, found["config"]["digest"]))
    assert config["architecture"] == "arm64"
    assert config["config"]["Cmd"] == ["sh"]
    assert gzip.decompress(blob(storage, found["layers"][0]["digest"])) == b"layer"


def test_the_configuration_names_the_layers_as_they_are_unpacked(storage):
    config = json.loads(blob(storage, manifest(storage)["config"]["digest"]))

    digest = hashlib.sha256(b"layer").hexdigest()
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}"]


def test_sizes_are_those_of_the_blobs(storage):
    found = manifest(storage)

    for each in (found["config"], *found["layers"]):
        assert each["size"] == len(blob(storage, each["digest"]))


def test_all_tags_name_one_image(storage):
    assert manifest(storage, "1.0") == manifest(storage, "latest")


def test_every_blob_and_manifest_is_linked_to_its_repository(storage):
    found = manifest(storage)
    repository = storage / "repositories/library/x"

    for each in (found["config"], *found["layers"]):
        link = repository / "_layers" / each["digest"].replace(":", "/") / "link"
        assert link.read_text() == each["digest"]
    assert len(list((repository / "_manifests/revisions/sha256").iterdir())) == 1


def test_the_same_image_has_the_same_digest_everywhere(tmp_path):
    digests = {
        Registry(tmp_path / where, "amd64").put("x", ["latest"], [b"layer"], ["sh"])
        for where in ("here", "there")
    }

    assert len(digests) == 1
