import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading

import pytest

from lab_runner import journal as module
from lab_runner.errors import JournalError
from lab_runner.journal import MIGRATIONS, SCHEMA, Event, Journal
from lab_runner.state import StateFolder


@pytest.fixture
def journal(tmp_path):
    opened = Journal(StateFolder(tmp_path / "state"))
    yield opened
    opened.close()


def note(step="one", **data):
    return Event("hint", "lab", "digest", step, data=data)


def test_events_come_back_in_order_with_their_data(journal):
    journal.append([note("one", n=1), note("two", n=2)])

    found = journal.events("lab", ["hint"])

    assert [(e.step, e.data) for e in found] == [("one", {"n": 1}), ("two", {"n": 2})]
    assert found[0].at.endswith("+00:00")


def test_a_file_name_that_is_not_utf8_comes_back(journal):
    journal.append([note(path="/labs/\udcff.md")])

    assert journal.events("lab", ["hint"])[0].data == {"path": "/labs/\udcff.md"}


def test_a_lab_does_not_see_another_labs_events(journal):
    journal.append([note(), Event("hint", "other", "digest")])

    assert len(journal.events("lab", ["hint"])) == 1


def test_reading_makes_no_file(journal):
    assert journal.events("lab", ["hint"]) == []
    assert not journal.path.exists()


def test_the_seed_is_made_once(journal, tmp_path):
    seed = journal.seed()

    again = Journal(StateFolder(tmp_path / "state"))

    assert len(seed) == 16
    assert again.seed() == seed


def test_a_seed_that_was_not_made_is_not_made_by_asking(journal):
    assert journal.known_seed() == b""
    assert not journal.path.exists()
    assert journal.known_seed() != journal.seed() == journal.known_seed()


def test_data_nested_beyond_reason_is_one_sentence(journal):
    journal.append([note()])
    with sqlite3.connect(journal.path) as database:
        database.execute(
            "INSERT INTO event (at, kind, lab, digest, step, task, data)"
            " VALUES ('', 'hint', 'lab', '', '', '', ?)",
            ("[" * 200_000,),
        )

    with pytest.raises(JournalError, match="cannot be used"):
        journal.events("lab", ["hint"])


def test_two_learners_have_two_seeds(journal, tmp_path):
    assert Journal(StateFolder(tmp_path / "else")).seed() != journal.seed()


def test_events_can_be_neither_changed_nor_deleted(journal):
    journal.append([note()])
    database = sqlite3.connect(journal.path)

    for statement in ("DELETE FROM event", "UPDATE event SET step = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)


def test_a_failing_append_leaves_nothing_of_itself(journal):
    journal.append([note("before")])

    with pytest.raises(JournalError):
        journal.append([note("whole"), Event("hint", None, "digest")])

    assert [e.step for e in journal.events("lab", ["hint"])] == ["before"]


def test_two_writers_at_once_lose_nothing(tmp_path):
    def write(name):
        own = Journal(StateFolder(tmp_path / "state"))
        for number in range(25):
            own.append([note(f"{name}{number}")])
        own.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = Journal(StateFolder(tmp_path / "state")).events("lab", ["hint"])
    assert len({e.step for e in found}) == 100


def test_kill_9_in_mid_write_keeps_every_event_that_was_reported(tmp_path):
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from lab_runner.journal import Event, Journal
        from lab_runner.state import StateFolder
        journal = Journal(StateFolder(Path(sys.argv[1])))
        for number in range(100000):
            journal.append([Event("hint", "lab", "d", f"{number}-{half}") for half in "ab"])
            print(number, flush=True)
        """
    )
    for kill_after in (1, 7, 20):
        folder = tmp_path / str(kill_after)
        writer = subprocess.Popen(
            [sys.executable, "-c", script, folder], stdout=subprocess.PIPE, text=True
        )
        reported = [int(writer.stdout.readline()) for _ in range(kill_after)]
        writer.send_signal(signal.SIGKILL)
        reported += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()

        journal = Journal(StateFolder(folder))
        steps = [e.step for e in journal.events("lab", ["hint"])]

        assert {f"{n}-{half}" for n in reported for half in "ab"} <= set(steps)
        assert len(steps) % 2 == 0, "a transaction is whole or absent"
        journal.append([note("after")])
        journal.close()


def test_a_newer_schema_is_refused_with_advice(journal):
    journal.append([note()])
    journal.close()
    with sqlite3.connect(journal.path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")

    with pytest.raises(JournalError, match="newer labrun") as caught:
        journal.events("lab", ["hint"])

    assert "pip install --upgrade labrun" in caught.value.remedy


def test_an_older_schema_is_upgraded_and_keeps_its_events(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir()
    with sqlite3.connect(folder / module.FILE) as database:
        database.executescript(MIGRATIONS[0])
        database.execute("PRAGMA user_version = 1")
        database.execute(
            "INSERT INTO event (at, kind, lab, digest, step, task, data)"
            " VALUES ('2026-01-01', 'hint', 'lab', 'd', 'old', '', '{}')"
        )
    database.close()

    journal = Journal(StateFolder(folder))
    journal.append([note("new")])

    assert [e.step for e in journal.events("lab", ["hint"])] == ["old", "new"]
    version = sqlite3.connect(journal.path).execute("PRAGMA user_version").fetchone()
    assert version == (SCHEMA,)


def test_a_full_disk_is_one_sentence_and_loses_nothing(journal):
    journal.append([note("before")])
    database = journal._readable()
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalError, match="is full: this was not recorded"):
        journal.append([note("x", text="x" * 100_000)])

    assert [e.step for e in journal.events("lab", ["hint"])] == ["before"]


def test_a_damaged_journal_says_how_to_go_on(journal):
    journal.append([note()])
    journal.close()
    journal.path.write_bytes(b"this is not a database, it is a sentence" * 100)

    with pytest.raises(JournalError, match="is damaged") as caught:
        journal.events("lab", ["hint"])

    assert "mv " in caught.value.remedy


def test_a_state_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    journal = Journal(StateFolder(tmp_path / "file" / "state"))

    with pytest.raises(JournalError, match="progress cannot be kept") as caught:
        journal.append([note()])

    assert "LABRUN_STATE_DIR" in caught.value.remedy


@pytest.mark.real
def test_a_read_only_home_is_one_sentence_and_can_still_be_read(tmp_path):
    folder = tmp_path / "state"
    Journal(StateFolder(folder)).append([note("before")])
    mount = ["mount", "-o", "bind,ro", folder, folder]
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run([*mount[:2], "remount,bind,ro", folder], check=True)
        journal = Journal(StateFolder(folder))
        assert [e.step for e in journal.events("lab", ["hint"])] == ["before"]
        with pytest.raises(JournalError, match="may not be written"):
            journal.append([note("after")])
        journal.close()
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.real
def test_a_disk_that_is_really_full_is_one_sentence(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True
    )
    try:
        journal = Journal(StateFolder(folder))
        journal.append([note("before")])
        big = [note("x", text=os.urandom(8192).hex()) for _ in range(100)]
        with pytest.raises(JournalError, match="is full"):
            journal.append(big)
        kept = journal.events("lab", ["hint"])
        assert kept[0].step == "before"
        journal.close()
    finally:
        subprocess.run(["umount", folder], check=True)
