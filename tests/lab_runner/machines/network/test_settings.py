import pytest

from lab_runner.machines.network import settings

FORWARD = "net/ipv4/ip_forward"
WATCHERS = "fs/inotify/max_user_instances"


@pytest.fixture
def kernel(tmp_path):
    for name, value in ((FORWARD, "0\n"), (WATCHERS, "128\n")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(value)
    return tmp_path


def values(kernel):
    return {name: int((kernel / name).read_text()) for name in (FORWARD, WATCHERS)}


def test_what_is_lacking_is_raised_and_put_back(kernel):
    before = settings.lacking(kernel)
    assert before == {FORWARD: 0, WATCHERS: 128}

    settings.make(kernel)
    assert values(kernel) == {FORWARD: 1, WATCHERS: 8192}
    assert settings.lacking(kernel) == {}

    settings.put_back(before, kernel)
    assert values(kernel) == before


def test_what_suffices_is_left_as_it_is(kernel):
    (kernel / WATCHERS).write_text("65536")

    assert WATCHERS not in settings.lacking(kernel)
    settings.make(kernel)

    assert values(kernel)[WATCHERS] == 65536


def test_what_somebody_has_changed_since_is_not_put_back(kernel):
    before = settings.lacking(kernel)
    settings.make(kernel)
    (kernel / WATCHERS).write_text("9000")

    settings.put_back(before, kernel)

    assert values(kernel) == {FORWARD: 0, WATCHERS: 9000}
