import pytest
from fake_cri import FakeCri


@pytest.fixture
def cri(tmp_path):
    fake = FakeCri(tmp_path / "containerd.sock")
    yield fake
    fake.close()
