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


@pytest.fixture
def note(tmp_path):
    return tmp_path / "note.json"


def values(kernel):
    return {name: int((kernel / name).read_text()) for name in (FORWARD, WATCHERS)}


def test_what_is_lacking_is_raised_and_put_back(kernel, note):
    before = values(kernel)

    settings.make(kernel, note)
    assert values(kernel) == {FORWARD: 1, WATCHERS: 8192}
    assert settings.lacking(kernel) == {}

    settings.put_back(kernel, note)
    assert values(kernel) == before
    assert not note.exists()


def test_what_suffices_is_left_as_it_is(kernel, note):
    (kernel / WATCHERS).write_text("65536")

    assert WATCHERS not in settings.lacking(kernel)
    settings.make(kernel, note)

    assert values(kernel)[WATCHERS] == 65536


def test_what_somebody_has_changed_since_is_not_put_back(kernel, note):
    settings.make(kernel, note)
    (kernel / WATCHERS).write_text("9000")

    settings.put_back(kernel, note)

    assert values(kernel) == {FORWARD: 0, WATCHERS: 9000}


def test_the_last_of_several_folders_puts_back_what_the_first_found(kernel, note):
    before = values(kernel)
    settings.make(kernel, note)
    # Somebody has lowered it meanwhile: that was not how it was without machines.
    (kernel / WATCHERS).write_text("500")
    settings.make(kernel, note)

    settings.put_back(kernel, note)

    assert values(kernel) == before


def test_what_others_rely_on_stays(kernel, note):
    settings.make(kernel, note)

    settings.leave(note)
    settings.put_back(kernel, note)

    assert values(kernel) == {FORWARD: 1, WATCHERS: 8192}


def test_a_note_that_a_crash_has_emptied_puts_nothing_back(kernel, note):
    settings.make(kernel, note)
    note.write_text("")

    settings.put_back(kernel, note)

    assert values(kernel) == {FORWARD: 1, WATCHERS: 8192}
