import pytest

from lab_runner.machines import folder
from lab_runner.machines.network import addresses, firewall
from lab_runner.machines.network.plan import Network, Plan

PLAN = Plan(
    (
        Network("default", 0, "10.213.0.0/24", 1500),
        Network("isolated", 1, "10.213.1.0/24", 1500, outside=False),
        Network("team", 2, "10.213.2.0/24", 1500, shared=True),
    )
)


@pytest.fixture(autouse=True)
def tag(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path))
    return folder.tag()


def rules(hook, plan=PLAN):
    return next(c for c in firewall.chains(plan) if c.hook == hook).rules


def test_machines_of_an_open_network_leave_with_their_own_addresses(tag):
    accepted = [rule for rule in rules("FORWARD") if f"-i {tag}" in rule]
    accepted = [rule for rule in accepted if rule.endswith("ACCEPT")]

    assert accepted == [
        f"-i {tag}n2 -o {tag}n2 -j ACCEPT",
        f"-s 10.213.0.0/24 -i {tag} -j ACCEPT",
        f"-s 10.213.2.0/24 -i {tag}n2 -j ACCEPT",
    ]
    assert rules("POSTROUTING") == (
        f"-s 10.213.0.0/24 ! -o {tag} -j MASQUERADE",
        f"-s 10.213.2.0/24 ! -o {tag}n2 -j MASQUERADE",
    )


@pytest.mark.parametrize("hook", ["FORWARD", "INPUT"])
def test_what_no_rule_allows_is_dropped(hook, tag):
    assert rules(hook)[-1] == f"-i {tag}+ -j DROP"


def test_the_mirror_has_its_addresses_on_the_default_network(tag):
    https = [rule for rule in rules("INPUT") if "--dport 443" in rule]

    assert https == [f"-d 10.213.0.0/24 -i {tag}+ -p tcp -m tcp --dport 443 -j ACCEPT"]


def test_a_host_that_is_its_own_name_server_answers_open_networks(tag, monkeypatch):
    monkeypatch.setattr(addresses, "name_servers", lambda: ["192.0.2.1"])

    answered = [rule for rule in rules("INPUT") if "--dport 53" in rule]

    assert answered == [
        f"-d 192.0.2.1/32 -i {tag}{net} -p {kind} -m {kind} --dport 53 -j ACCEPT"
        for net in ("", "n2")
        for kind in ("udp", "tcp")
    ]
