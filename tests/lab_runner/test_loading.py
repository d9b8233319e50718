import json
import os
import pwd
import signal

import pytest

from lab_runner import loading
from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats import native
from lab_runner.state import StateFolder

TEXT = "# A lab\n\n## A step\n\n```yaml check\n- command: ls\n```\n"
SEED = b"seed"


@pytest.fixture
def state(tmp_path):
    return StateFolder(StateFolder(tmp_path / "state").make())


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "my.md"
    written.write_text(TEXT)
    return written


@pytest.fixture
def ends():
    """Fail a test that waits for ever, instead of the whole run."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for ever"))
    signal.alarm(10)
    yield
    signal.alarm(0)


def entry(state):
    (found,) = (state.path / "cache").iterdir()
    return found


def test_a_lab_comes_back_as_it_was_read(file, state):
    read = native.read(file, SEED).lab

    assert loading.load(file, SEED, state) == read
    assert loading.load(file, SEED, state) == read


def test_a_file_is_understood_once(file, state):
    loading.load(file, SEED, state)
    kept = json.loads(entry(state).read_text())
    entry(state).write_text(
        json.dumps({**kept, "lab": {**kept["lab"], "title": "From the cache"}})
    )

    assert loading.load(file, SEED, state).title == "From the cache"


def test_a_changed_file_is_read_anew(file, state):
    loading.load(file, SEED, state)
    file.write_text(TEXT.replace("A lab", "Another lab"))

    assert loading.load(file, SEED, state).title == "Another lab"


def test_a_lab_is_read_anew_when_a_file_that_it_takes_changes(tmp_path, state):
    lab, asset = tmp_path / "lab.md", tmp_path / "motd"
    files = "machine: {files: {/etc/motd: {from: motd}}}"
    lab.write_text(f"---\n{files}\n---\n{TEXT}")
    asset.write_text("one")
    before = loading.load(lab, SEED, state)
    asset.write_text("two")
    after = loading.load(lab, SEED, state)

    assert [file.content for file in after.machine.files] == ["two"]
    assert before.digest != after.digest
    asset.unlink()
    with pytest.raises(LabBroken, match="there is no file `motd`"):
        loading.load(lab, SEED, state)


def test_places_are_shown_from_where_the_reader_is_now(file, state, monkeypatch):
    loading.load(file, SEED, state)
    monkeypatch.chdir(file.parent)

    assert loading.load(file, SEED, state).steps[0].tasks[0].source.path == "my.md"


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", "5", "[" * 100_000])
def test_a_damaged_entry_is_a_miss(file, state, damage):
    read = loading.load(file, SEED, state)
    entry(state).write_text(damage)

    assert loading.load(file, SEED, state) == read


def test_without_a_state_folder_a_lab_is_only_read_slower(file, tmp_path):
    state = StateFolder(tmp_path / "nowhere")

    assert loading.load(file, SEED, state).title == "A lab"
    assert not state.path.exists()


def test_a_write_that_fails_leaves_nothing_behind(file, state):
    loading.load(file, SEED, state)
    taken = entry(state)
    taken.unlink()
    taken.mkdir()

    loading.load(file, SEED, state)

    assert entry(state) == taken


def test_a_fifo_is_refused_and_not_waited_for(tmp_path, state, ends):
    os.mkfifo(tmp_path / "f.md")

    with pytest.raises(UsageError, match="is not a file"):
        loading.load(tmp_path / "f.md", SEED, state)


def test_of_an_endless_file_no_more_is_read_than_a_lab_may_hold(tmp_path, state):
    with (tmp_path / "f.md").open("wb") as endless:
        endless.truncate(1 << 40)

    with pytest.raises(LabBroken, match="larger than"):
        loading.load(tmp_path / "f.md", SEED, state)


@pytest.mark.real
def test_under_sudo_the_cache_stays_the_learners(file, tmp_path):
    assert os.geteuid() == 0, "this test runs as root"
    nobody = pwd.getpwnam("nobody")
    state = StateFolder(tmp_path / "state", (nobody.pw_uid, nobody.pw_gid))
    state.make()

    loading.load(file, SEED, state)

    for path in (state.path / "cache", entry(state)):
        assert path.stat().st_uid == nobody.pw_uid, path


def test_a_folder_is_read_anew_when_a_page_comes_to_it(tmp_path, state):
    folder = tmp_path / "tutorial"
    folder.mkdir()
    for name in ("1-a.md", "2-b.md"):
        (folder / name).write_text("# Go on\n\n```bash\ntouch /srv/a\n```\n")
    before = loading.load(folder, SEED, state)
    (folder / "3-c.md").write_text("# More\n\n```bash\ntouch /srv/b\n```\n")

    assert len(before.steps) == 2
    assert len(loading.load(folder, SEED, state).steps) == 3
