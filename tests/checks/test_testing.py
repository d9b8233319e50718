"""The kit that is shipped for tests of kinds, and its page in the guide."""

import subprocess
import sys
from pathlib import Path

import pytest
from distributions import install_example
from google.protobuf.empty_pb2 import Empty
from markdown_it import MarkdownIt

from checks import testing
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.doors.rpc import Daemon, Read
from checks.errors import CheckError
from checks.testing import ContainerdServer, Unscripted

PAGE = Path(__file__).parents[2] / "content/guide/testing.md"


def test_every_example_of_the_guide_is_a_test_that_passes(tmp_path):
    install_example(tmp_path)
    tokens = MarkdownIt().parse(PAGE.read_text())
    blocks = [each.content for each in tokens if each.info == "python"]
    (tmp_path / "test_swap.py").write_text("\n".join(blocks))
    argv = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_swap.py"]

    ended = subprocess.run([sys.executable, *argv], cwd=tmp_path, capture_output=True)

    tests = sum(block.count("def test_") for block in blocks)
    assert ended.stdout.decode().splitlines()[-1].startswith(f"{tests} passed")


@pytest.mark.parametrize("name", testing.__all__)
def test_every_part_is_there_by_its_name(name):
    assert getattr(testing, name).__name__ == name


def test_a_machine_is_had_without_grpc():
    asked = "import sys; from checks.testing import FakeMachine; print('grpc' in sys.modules)"

    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True)

    assert ended.stdout == b"False\n"


def test_what_a_server_does_not_know_ends_the_test():
    read = Read("runtime.v1.RuntimeService/Version", Empty, Empty)

    server = ContainerdServer()
    daemon = Daemon(server.machine, DEFAULT_ADDRESS, "containerd")
    with pytest.raises(CheckError):
        daemon.ask(read, Empty())

    with pytest.raises(Unscripted, match=read.method):
        server.close()
