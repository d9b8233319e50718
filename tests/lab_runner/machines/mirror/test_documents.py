import json

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents

DIGESTS = ["sha256:" + digit * 64 for digit in "abcd"]


def index(*platforms):
    manifests = [
        {"digest": digest, "size": 1, "platform": {"os": system, "architecture": name}}
        for digest, (system, name) in zip(DIGESTS, platforms, strict=False)
    ]
    return documents.read(json.dumps({"manifests": manifests}).encode())


def test_of_an_index_only_this_hosts_platform_is_taken():
    here = documents.architecture()
    found = index(("linux", "other"), ("linux", here), ("windows", here))

    assert [part.digest for part in found.for_platform(False)] == [DIGESTS[1]]


def test_of_an_index_all_platforms_can_be_taken():
    found = index(("linux", "amd64"), ("windows", "amd64"))

    assert [part.digest for part in found.for_platform(True)] == DIGESTS[:2]


def test_the_parts_of_a_manifest_are_its_configuration_and_its_layers():
    config, layer = ({"digest": each, "size": 7} for each in DIGESTS[:2])

    found = documents.read(json.dumps({"config": config, "layers": [layer]}).encode())

    assert [(part.digest, part.size) for part in found.parts] == [
        (DIGESTS[0], 7),
        (DIGESTS[1], 7),
    ]
    assert found.media_type == "application/vnd.oci.image.manifest.v1+json"


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"manifests": [{"digest": "sha256:../../etc", "size": 1}]}',
        b'{"config": {"digest": 1, "size": 1}, "layers": []}',
    ],
)
def test_what_is_no_manifest_is_refused(data):
    with pytest.raises(MachineError, match="not the manifest of an image"):
        documents.read(data)


def test_a_kind_of_manifest_from_before_digests_is_refused():
    kind = "application/vnd.docker.distribution.manifest.v1+json"
    document = {"mediaType": kind, "manifests": []}

    with pytest.raises(MachineError, match="are not understood"):
        documents.read(json.dumps(document).encode())
