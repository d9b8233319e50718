import pytest

from checks.testing import ContainerdServer


@pytest.fixture
def containerd():
    with ContainerdServer() as server:
        yield server
