import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.network import addresses


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "10.213.0.0/24"),
        (["172.17.0.0/16", "192.0.2.7"], "10.213.0.0/24"),
        (["10.213.0.0/24", "10.213.1.128/25"], "10.213.2.0/24"),
        (["10.213.0.53"], "10.213.1.0/24"),
        (["10.0.0.0/8"], "192.168.0.0/24"),
        (["10.0.0.0/8", "192.168.0.0/16"], "100.64.0.0/24"),
    ],
)
def test_a_range_overlaps_nothing_that_the_host_has(taken, free):
    assert addresses.free_subnet(taken) == free


def test_a_host_that_has_everything_has_no_room():
    with pytest.raises(MachineError, match="no range of addresses is free"):
        addresses.free_subnet(["0.0.0.0/0"])


def test_the_range_chosen_here_overlaps_nothing_here():
    taken = addresses.taken()

    assert addresses.free_subnet(taken) not in taken


@pytest.mark.parametrize(
    ("own", "asked", "servers"),
    [
        (
            "search x\nnameserver 192.0.2.1\nnameserver 192.0.2.2",
            "",
            "192.0.2.1 192.0.2.2",
        ),
        ("nameserver 127.0.0.53", "nameserver 192.0.2.9", "192.0.2.9"),
        ("nameserver 127.0.0.1\nnameserver 192.0.2.1", "", "192.0.2.1"),
        ("nameserver 2001:db8::1\nnameserver 192.0.2.1", "", "192.0.2.1"),
        ("# nameserver 192.0.2.1\nnameserver\n", "", ""),
    ],
)
def test_name_servers_are_those_that_a_machine_can_reach(tmp_path, own, asked, servers):
    paths = (tmp_path / "own", tmp_path / "asked")
    for path, text in zip(paths, (own, asked), strict=True):
        path.write_text(text)

    assert addresses.name_servers(paths) == servers.split()


def test_a_host_without_a_resolver_has_no_name_servers(tmp_path):
    assert addresses.name_servers([tmp_path / "none"]) == []


def test_packets_are_no_larger_than_ethernet_carries():
    assert 576 <= addresses.mtu() <= 1500
