"""Generate the Python messages of all daemons: `python -m checks.proto`.

The .proto files hold the few read methods and fields that the checks use, under the
packages, names and numbers of containerd's API (1.0 and later), and of the CRI (v1, so
containerd 1.6 and later). Needs grpcio-tools.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

# Generated modules import each other by the path of their .proto below this folder.
ROOT = Path(__file__).parents[1]


def generate(out: Path) -> None:
    """Write a `_pb2.py` and a `_pb2.pyi` per .proto, below `out` by package path."""
    known = files("grpc_tools") / "_proto"
    sources = sorted(map(str, ROOT.glob("checks/*/proto/*.proto")))
    arguments = [f"-I{ROOT}", f"-I{known}", f"--python_out={out}", f"--pyi_out={out}"]
    if protoc.main(["protoc", *arguments, *sources]) != 0:
        sys.exit("protoc refused the .proto files")


if __name__ == "__main__":
    generate(ROOT)
