import pytest
from registries import Remembering, serving

from lab_runner.machines.mirror.store import Store
from lab_runner.machines.mirror.upstream import Upstream


@pytest.fixture
def shop(tmp_path):
    """The mirror's own store, empty."""
    return Store(tmp_path / "mirror")


@pytest.fixture
def far(tmp_path):
    """The store of a registry elsewhere."""
    return Store(tmp_path / "far")


@pytest.fixture
def upstream(far):
    """That registry at `url`, which writes down in `asked` what it is asked for."""
    cache = Remembering(far)
    with serving(cache) as url:
        source = Upstream("docker.io", url)
        source.url, source.asked = url, cache.asked
        yield source
