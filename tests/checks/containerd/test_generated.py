"""The committed messages are what the .proto files say and what the client uses."""

from pathlib import Path

import pytest
from fake_containerd import READS
from google.protobuf import descriptor_pool

from checks.containerd import proto
from checks.containerd.proto.generate import generate
from checks.doors import rpc

COMMITTED = Path(proto.__file__).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    out = tmp_path_factory.mktemp("generated")
    generate(out)
    return out / "checks/containerd/proto"


def contents(folder):
    return {path.name: path.read_text() for path in folder.glob("*_pb2.py*")}


def test_the_committed_messages_are_the_generated_ones(generated):
    assert contents(COMMITTED) == contents(generated)


def test_every_read_of_the_door_is_in_the_client():
    assert READS.keys() == rpc.READS


@pytest.mark.parametrize("method", sorted(rpc.READS))
def test_a_read_has_the_messages_of_its_method(method):
    found = descriptor_pool.Default().FindMethodByName(method.replace("/", "."))

    assert READS[method].request.DESCRIPTOR is found.input_type
    assert READS[method].answer.DESCRIPTOR is found.output_type
