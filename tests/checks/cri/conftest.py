import pytest

from checks.testing import CriServer


@pytest.fixture
def cri():
    with CriServer() as server:
        yield server
