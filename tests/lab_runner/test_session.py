"""Which machines a session works on, as far as no machine has to run for it."""

from contextlib import closing

import pytest

import labs
from lab_runner import session
from lab_runner.cli.main import main
from lab_runner.errors import MachineError
from lab_runner.journal import Journal
from lab_runner.machines import state
from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec
from lab_runner.state import state_folder

SEVERAL = "---\nmachines: {{client: {{}}, server: {{}}}}\n---\n" + labs.HOLDING


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """`recorded(*members)` writes down a group `team` of machines that do not run."""
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "machines"))
    monkeypatch.setattr("os.geteuid", lambda: 0)

    def record(*members):
        for member in members:
            state.create(
                MachineRecord(
                    name=f"team-{member}",
                    state="running",
                    spec=MachineSpec(),
                    group="team",
                    member=member,
                    members=members,
                )
            )

    return record


@pytest.fixture
def refused(tmp_path, capsys):
    """`refused(text, on)` starts a lab there and returns what is said against it."""

    def start(text, on):
        lab = str(labs.write(tmp_path, text, "lab"))
        assert main(["start", lab, "--on", on]) == 2
        return capsys.readouterr().err.replace(lab, "LAB")

    return start


@pytest.mark.parametrize(
    ("members", "on", "why"),
    [
        ((), "local", "`local` is not a group of them"),
        ((), "ssh://root@server", "`ssh://root@server` is not a group of them"),
        ((), "team", "`team` is not a group of them"),
        (("client", "server"), "team-client", "`team-client` is not a group of them"),
        (("client",), "team", "`team` has no `server`"),
    ],
)
def test_a_lab_of_several_machines_wants_a_group_of_them(
    recorded, refused, members, on, why
):
    recorded(*members)
    said = refused(SEVERAL, on)

    assert f"lab `lab` takes the machines client, server, and {why}" in said
    assert "`labrun machine up NAME --lab LAB`" in said


def test_a_lab_of_one_machine_wants_no_group(recorded, refused):
    recorded("client", "server")
    said = refused(labs.HOLDING, "team")

    assert "`team` is a group of machines (client, server)" in said
    assert "`labrun start LAB --on team-client`" in said


def test_what_is_recorded_does_not_lead_back_to_where_the_lab_was_started(tmp_path):
    lab = str(labs.write(tmp_path, labs.HOLDING, "one"))
    with (
        closing(Journal(state_folder())) as journal,
        closing(session.start(journal, lab, "local")) as taken,
    ):
        taken.progress.machine = "elsewhere"
        taken.shown(taken.lab.steps[1])

        assert "on" in taken.progress.shown
        assert taken.machines == {"": "elsewhere"}


def test_what_has_to_be_done_again_names_the_group_and_the_lab(tmp_path, recorded):
    lab = str(labs.write(tmp_path, SEVERAL, "several"))
    recorded("client", "server")

    with closing(Journal(state_folder())) as journal, pytest.raises(MachineError) as no:
        session.start(journal, lab, "team")

    assert no.value.message == "machine `team-client` is not running"
    assert f"labrun machine up team --lab {lab}" in no.value.remedy
