import os
import signal

import pytest

# As the rpc door has it: nothing of gRPC may wake, and print, in a program started here.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# Started in the background, pytest and all it starts would be deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    """Every test keeps its progress to itself and sees no colour."""
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "state"))
    for name in ("LABRUN_LABS", "LABRUN_TERMINAL", "CONTAINERD_ADDRESS", "DOCKER_HOST"):
        monkeypatch.delenv(name, raising=False)


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected files"
    )
