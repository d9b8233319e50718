from lab_runner.machines.network.bridge import Network


def test_addresses_are_counted_within_the_range():
    network = Network("10.213.7.0/24", 1500, before={})

    assert network.gateway == "10.213.7.1"
    assert network.address(254) == "10.213.7.254"
