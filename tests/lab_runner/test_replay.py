import time
from contextlib import closing

import pytest
from samples import SOURCE, command, lab, step

from lab_runner.errors import LabrunError
from lab_runner.journal import Journal
from lab_runner.progress import Progress
from lab_runner.replay import Replay
from lab_runner.session import Session
from lab_runner.state import state_folder


@pytest.fixture
def replayed():
    """`replayed(*commands)` types each as the solution of a step of its own."""

    def play(*texts, seconds=20):
        steps = [step(f"s{n}", commands=(command(t),)) for n, t in enumerate(texts)]
        with (
            closing(Journal(state_folder())) as journal,
            closing(Session(journal, lab(*steps), "sample", Progress())) as session,
            Replay(session.door_of, seconds) as shells,
        ):
            return [failure for each in steps for failure in shells.take(each)]

    return play


def test_the_steps_of_a_lab_share_a_login_shell(replayed, tmp_path):
    assert replayed(f"cd {tmp_path}", "word=hello", "echo $word $0 > said") == []
    assert (tmp_path / "said").read_text() == "hello bash\n"


def test_a_command_that_fails_is_reported_and_passed_over(replayed, tmp_path):
    (failure,) = replayed("echo one; echo why; (exit 3)", f"touch {tmp_path}/after")

    assert str(failure) == (
        f"{SOURCE}: `echo one; echo why; (exit 3)` ended with exit code 3: why"
    )
    assert (tmp_path / "after").exists()


def test_a_command_that_ends_the_shell_stops_the_step(replayed, tmp_path):
    with pytest.raises(LabrunError) as stopped:
        replayed("exit 4\ntrue", f"touch {tmp_path}/after")

    assert stopped.value.message.startswith(f"{SOURCE}: `exit 4 …` stops the step: ")
    assert not (tmp_path / "after").exists()


def test_a_command_that_does_not_end_stops_the_step(replayed):
    with pytest.raises(LabrunError, match="did not end within"):
        replayed("sleep 60", seconds=2)


def test_what_a_step_started_in_the_background_goes_on(replayed, tmp_path):
    assert replayed(f"(sleep 0.5; touch {tmp_path}/later) &") == []

    for _ in range(200):
        if (tmp_path / "later").exists():
            break
        time.sleep(0.05)
    assert (tmp_path / "later").exists()
