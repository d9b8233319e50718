import pytest
from fake_containerd import FakeContainerd


@pytest.fixture
def containerd(tmp_path):
    fake = FakeContainerd(tmp_path / "containerd.sock")
    yield fake
    fake.close()
