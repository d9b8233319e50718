"""The committed messages are what the .proto files say and what the client uses."""

from pathlib import Path

import pytest
from google.protobuf import descriptor_pool

from checks.doors import rpc
from checks.proto import generate
from checks.testing import containerd, cri

ROOT = Path(rpc.__file__).parents[2]
FOLDERS = ("checks/containerd/proto", "checks/cri/proto")
READS = containerd.READS | cri.READS


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    out = tmp_path_factory.mktemp("generated")
    generate(out)
    return out


def contents(folder):
    return {path.name: path.read_text() for path in folder.glob("*_pb2.py*")}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_committed_messages_are_the_generated_ones(generated, folder):
    assert contents(ROOT / folder) == contents(generated / folder)


def test_every_read_of_the_door_is_in_a_client():
    assert READS.keys() == rpc.READS


@pytest.mark.parametrize("method", sorted(rpc.READS))
def test_a_read_has_the_messages_of_its_method(method):
    found = descriptor_pool.Default().FindMethodByName(method.replace("/", "."))

    assert READS[method].request.DESCRIPTOR is found.input_type
    assert READS[method].answer.DESCRIPTOR is found.output_type
