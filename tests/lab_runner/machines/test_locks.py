import subprocess
import sys

import pytest

from lab_runner.machines import locks


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    path = tmp_path / "locks/one"

    with (
        locks.held(path, "busy here"),
        pytest.raises(locks.Busy, match="busy here"),
        locks.held(path, "busy here"),
    ):
        pass


def test_a_lock_leaves_no_file(tmp_path):
    path = tmp_path / "locks/one"

    with locks.held(path, "busy"):
        assert path.exists()

    assert not path.exists()


def test_a_shared_lock_is_held_by_many_and_by_none_beside_one(tmp_path):
    path = tmp_path / "one"

    with locks.held(path, "busy", shared=True):
        with locks.held(path, "busy", shared=True):
            pass
        with pytest.raises(locks.Busy), locks.held(path, "busy"):
            pass
        assert path.exists()

    with (
        locks.held(path, "busy"),
        pytest.raises(locks.Busy),
        locks.held(path, "busy", shared=True),
    ):
        pass
    assert not path.exists()


def test_who_waits_is_told_so_once(tmp_path):
    path, told = tmp_path / "one", []

    with (
        locks.held(path, "busy"),
        pytest.raises(locks.Busy),
        locks.held(path, "waiting for it", wait=0.1, waiting=told.append),
    ):
        pass

    assert told == ["waiting for it"]


def test_the_lock_of_a_killed_holder_is_free(tmp_path):
    path = tmp_path / "one"
    program = (
        "import sys, time; from pathlib import Path; from lab_runner.machines import locks\n"
        "with locks.held(Path(sys.argv[1]), 'busy'): print(flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", program, path]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        holder.kill()

    assert path.exists()
    with locks.held(path, "busy"):
        pass


def test_tidying_removes_the_files_of_the_dead_and_no_others(tmp_path):
    (tmp_path / "dead").touch()

    with locks.held(tmp_path / "alive", "busy"):
        locks.tidy(tmp_path)

        assert [path.name for path in tmp_path.iterdir()] == ["alive"]
