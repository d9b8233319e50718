"""What machines reach, and what reaches them: the world, this host, each other."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from machines import begin, labrun, listed, traces, until, up, wait_for

from lab_runner.machines import folder, host, lifecycle, state
from lab_runner.machines.network import bridge, firewall, plan
from lab_runner.model import MachineSpec

pytestmark = pytest.mark.real

BUSYBOX = "docker.io/library/busybox:latest"
HUB = "registry-1.docker.io"
# Ranges for documentation, which nobody has: RFC 5737.
HERE, OUTSIDE = "198.51.100.1", "198.51.100.2"
PORT = 7080
TIMED_OUT = 124  # of timeout(1)
SEVERAL = """\
---
machines:
  server: {}
  client: {}
---
# Several

## One {#one}

```bash
true
```
"""


@contextmanager
def listening(within=()):
    """Have a server listen on all addresses, in a network namespace if one is given."""
    argv = [sys.executable, "-m", "http.server", str(PORT)]
    with subprocess.Popen(
        [*within, *argv], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield
        finally:
            server.kill()


@pytest.fixture(scope="module")
def outside():
    """A network namespace that plays the world beyond this host; a server is in both."""
    name = f"outside-{os.getpid()}"
    link = f"out-{os.getpid()}"[:15]
    host.run(["ip", "netns", "add", name])
    within = ["ip", "netns", "exec", name]
    try:
        host.run(
            ["ip", "link", "add", link, "type", "veth", "peer", "eth0", "netns", name]
        )
        host.run(["ip", "addr", "add", f"{HERE}/24", "dev", link])
        host.run(["ip", "link", "set", link, "up"])
        host.run([*within, "ip", "addr", "add", f"{OUTSIDE}/24", "dev", "eth0"])
        host.run([*within, "ip", "link", "set", "eth0", "up"])
        host.run([*within, "ip", "route", "add", "default", "via", HERE])
        with listening(), listening(within):
            until(lambda: connects(HERE) and connects(OUTSIDE), "no server listens")
            yield within
    finally:
        host.run(["ip", "netns", "delete", name])


def connects(where):
    return host.succeeds(connecting(where, PORT))


def connecting(where, port):
    return ["timeout", "2", "bash", "-c", f"</dev/tcp/{where}/{port}"]


@pytest.fixture(scope="module")
def doors(outside):
    """A machine on its own, an isolated one, and two of a lab."""
    tag = f"net-{os.getpid()}"
    isolated = MachineSpec(packages=("containerd",), isolated=True)
    lifecycle.up(f"{tag}-open", MachineSpec(), print)
    lifecycle.up(f"{tag}-closed", isolated, print)
    lifecycle.up_group(tag, {"server": MachineSpec(), "client": MachineSpec()}, print)
    found = {
        each: lifecycle.find(f"{tag}-{each}")
        for each in ("open", "closed", "server", "client")
    }
    yield found
    for door in found.values():
        door.close()
        lifecycle.down(door.name)


def address(door):
    return state.load(door.name).address


def reaches(door, where, port=PORT):
    return door.run(connecting(where, port), timeout=10).exit == 0


def pings(door, where):
    return door.run(["ping", "-c", "1", "-W", "1", where], timeout=10).exit == 0


@pytest.mark.parametrize(
    ("who", "world", "echo"),
    [("open", True, True), ("client", True, True), ("closed", False, False)],
)
def test_of_world_and_host_a_machine_reaches_what_it_should(doors, who, world, echo):
    door = doors[who]
    gateway = bridge_address(door)

    assert reaches(door, HUB, 443)
    assert reaches(door, OUTSIDE) is world
    assert pings(door, gateway) is echo
    assert not reaches(door, HERE)
    assert not reaches(door, gateway)


def bridge_address(door):
    return plan.load().named(state.load(door.name).network).gateway


def test_an_isolated_machine_finds_no_way_round(doors):
    door = doors["closed"]
    gateway = bridge_address(door)

    door.run(["ip", "route", "add", "default", "via", gateway], timeout=10)

    assert not reaches(door, OUTSIDE)
    assert not reaches(door, HERE)
    assert not pings(door, address(doors["open"]))
    assert door.run(["ctr", "images", "pull", BUSYBOX], timeout=60).exit == 0


def test_machines_of_a_lab_reach_each_other_by_name_and_no_others(doors):
    client, server = doors["client"], doors["server"]

    assert pings(client, "server")
    assert pings(server, "client")
    assert client.run(["hostname"], timeout=10).stdout == "client\n"
    assert not pings(client, address(doors["open"]))
    assert not pings(client, address(doors["closed"]))
    assert not pings(doors["open"], address(client))


def test_this_host_reaches_machines_and_the_world_does_not(doors, outside):
    for door in doors.values():
        # Nobody listens there, so whoever gets through is refused at once.
        there = connecting(address(door), PORT)
        assert subprocess.run(there, capture_output=True).returncode == 1
        assert subprocess.run([*outside, *there]).returncode == TIMED_OUT


def test_no_bridge_has_an_address_of_version_6(doors):
    found = [host.run(["ip", "-6", "addr", "show", "dev", b]) for b in bridge.ours()]

    assert set(found) == {""}


def test_a_policy_to_drop_what_is_forwarded_is_not_for_machines(doors):
    before = host.run(["iptables", "--list-rules", "FORWARD"]).split()[2]
    host.run(["iptables", "--policy", "FORWARD", "DROP"])
    try:
        assert reaches(doors["open"], OUTSIDE)
        assert reaches(doors["client"], OUTSIDE)
    finally:
        host.run(["iptables", "--policy", "FORWARD", before])


def test_a_group_and_a_machine_do_not_share_a_name(doors):
    tag = doors["server"].name.removesuffix("-server")

    code, _, err = labrun("up", tag)

    assert code == 2
    assert f"there is a group of machines `{tag}` already: {tag}-server" in err
    assert f"labrun machine down {tag}" in err


def test_a_machine_of_a_lab_that_is_renewed_keeps_its_address(doors):
    before = address(doors["server"])
    doors.pop("server").close()
    name = doors["client"].name.replace("client", "server")

    lifecycle.renew(name, print)

    doors["server"] = lifecycle.find(name)
    assert address(doors["server"]) == before
    until(lambda: pings(doors["client"], "server"), "the client does not reach it")
    until(lambda: pings(doors["server"], "client"), "it does not reach the client")


# What somebody may do to the rules; {0} is the name of our chains.
DAMAGES = [
    "--table nat --flush {0}",
    "--table nat --delete POSTROUTING --jump {0}",
    "--delete INPUT --jump {0}-IN",
    "--flush {0}-IN",
    "--delete FORWARD --jump {0}",
    "--delete {0} 1",
]


def test_rules_that_somebody_removed_are_put_back_by_list(own_folder):
    up("m")
    assert firewall.is_up(plan.load())

    for damage in DAMAGES:
        words = damage.format(folder.tag().upper()).split()
        host.run(["iptables", "--wait", *words])
        assert not firewall.is_up(plan.load())
        listed()
        assert firewall.is_up(plan.load())


def test_rules_that_somebody_put_before_ours_come_after_them(own_folder):
    rule = ["FORWARD", "--in-interface", "no-such", "--jump", "ACCEPT"]
    up("m")
    host.run(["iptables", "--wait", "--insert", *rule])
    try:
        assert not firewall.is_up(plan.load())
        listed()
        assert firewall.is_up(plan.load())
    finally:
        host.run(["iptables", "--wait", "--delete", *rule])


@pytest.fixture
def lab(tmp_path):
    """A lab of the machines server and client."""
    path = tmp_path / "several.md"
    path.write_text(SEVERAL)
    return str(path)


def test_each_network_goes_with_the_last_of_its_machines(own_folder, lab):
    up("m")
    up("alone", "--isolated")
    up("team", "--lab", lab)
    assert len(bridge.ours()) == 3

    assert labrun("down", "team-server") == (0, "Machine `team-server` is gone.\n", "")
    assert len(bridge.ours()) == 3
    assert labrun("down", "team", "alone")[0] == 0
    assert bridge.ours() == [folder.tag()]
    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


def test_a_name_of_several_machines_means_the_first_of_the_lab(own_folder, lab):
    up("team", "--lab", lab)

    assert labrun("exec", "team", "--", "hostname") == (0, "server\n", "")
    code, out, _ = labrun("down", "team")
    assert (code, out.splitlines()) == (
        0,
        ["Machine `team-server` is gone.", "Machine `team-client` is gone."],
    )
    assert traces(own_folder) == []


@pytest.mark.parametrize(
    "moment", ["locks/machine-team", "machines/team-client/machine.json", "mirror.json"]
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_of_a_group_that_was_cut_short_nothing_is_left(own_folder, lab, moment, number):
    running = begin("up", "team", "--lab", lab)
    wait_for(own_folder / moment)
    running.send_signal(number)
    running.communicate()

    if number == signal.SIGKILL:
        assert listed() == []
    assert traces(own_folder) == []


def test_a_group_of_which_one_machine_never_came_up_is_gone_as_a_whole(own_folder, lab):
    up("team", "--lab", lab)
    record = Path(own_folder, "machines/team-client/machine.json")
    record.write_text(record.read_text().replace('"running"', '"starting"'))

    assert listed() == []
    assert traces(own_folder) == []


def test_two_at_once_for_one_group_give_one_group_and_one_clear_error(own_folder, lab):
    both = [begin("up", "team", "--lab", lab) for _ in range(2)]
    ends = sorted((run.communicate()[1], run.returncode) for run in both)

    assert sorted(code for _, code in ends) in ([0, 2], [0, 3])
    assert "`team" in next(err for err, code in ends if code)
    assert [each["name"] for each in listed()] == ["team-client", "team-server"]
