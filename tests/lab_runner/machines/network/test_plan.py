import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.network import plan
from lab_runner.machines.network.plan import Network, Plan


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    return tmp_path


def test_addresses_are_counted_within_the_range():
    network = Network("default", 0, "10.213.7.0/24", 1500)

    assert network.gateway == "10.213.7.1"
    assert network.address(254) == "10.213.7.254"


def test_networks_overlap_neither_each_other_nor_the_host():
    planned = Plan().having("default").having("isolated").having("lab")

    assert len({each.subnet for each in planned.networks}) == 3
    assert len({each.bridge for each in planned.networks}) == 3


def test_the_name_of_a_bridge_is_no_longer_than_linux_takes():
    names = [Network("x", number, "", 1500).bridge for number in plan.NUMBERS]

    assert max(map(len, names)) <= 15


def test_a_network_that_is_there_stays_as_it_is():
    planned = Plan().having("default")

    assert planned.having("default", outside=False) == planned


def test_a_number_that_has_become_free_is_given_again():
    planned = Plan().having("default").having("one").having("two").keeping(["two"])

    assert [each.name for each in planned.networks] == ["default", "two"]
    assert planned.having("three").named("three").number == 1


def test_a_closed_network_has_a_route_to_the_mirror_alone():
    planned = Plan().having("default").having("isolated", outside=False)

    assert planned.route(planned.default) == "default"
    assert planned.route(planned.named("isolated")) == planned.default.subnet


def test_a_network_that_is_not_there_is_named():
    with pytest.raises(MachineError, match="the network `lab` is gone"):
        Plan().named("lab")


def test_a_plan_is_read_as_it_was_written():
    planned = Plan().having("default").having("lab", shared=True)
    plan.save(planned)

    assert plan.load() == planned


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"subnet": "10.213.0.0/24"}'])
def test_a_plan_that_cannot_be_read_has_no_networks(own_folder, text):
    (own_folder / "network.json").write_text(text)

    assert plan.load() == Plan()
