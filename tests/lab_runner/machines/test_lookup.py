import pytest

from lab_runner.errors import MachineError
from lab_runner.machines import lookup, state
from lab_runner.machines.state import MachineRecord
from lab_runner.model import MachineSpec

FELLOWS = ("web", "client", "api")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)


def write_down(*members):
    for member in members:
        record = MachineRecord(
            name=f"team-{member}",
            state="running",
            spec=MachineSpec(),
            group="team",
            member=member,
            members=FELLOWS,
        )
        state.create(record)


def test_the_machines_of_a_group_are_in_the_order_of_their_lab():
    write_down("api", "client", "web")
    state.create(MachineRecord("team-other", "running", MachineSpec()))

    assert list(lookup.members("team")) == list(FELLOWS)


def test_one_machine_has_no_members():
    state.create(MachineRecord("team", "running", MachineSpec()))

    assert lookup.members("team") == {}


@pytest.mark.parametrize(
    ("there", "member", "said"),
    [
        (FELLOWS, "", "machine `team-web` is not running"),
        (FELLOWS, "api", "machine `team-api` is not running"),
        (("client",), "", "machine `team-web` has gone"),
        (("client",), "ap", "group `team` has no machine `ap`, did you mean `api`"),
        ((), "api", "`team` is not a group of machines"),
        ((), "", "there is no machine `team`"),
    ],
)
def test_a_machine_of_a_group_that_is_not_up_is_named(there, member, said):
    write_down(*there)

    with pytest.raises(MachineError, match=said):
        lookup.find("team", member)


def test_the_group_of_a_machine_that_has_gone_can_be_started_again():
    write_down("client")

    with pytest.raises(MachineError) as raised:
        lookup.find("team")

    assert raised.value.remedy == (
        "labrun machine down team, then labrun machine up team --lab LAB"
    )
