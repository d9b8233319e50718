import socket

import pytest

from checks import spec
from checks.doors.machine import Local
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError, ToolMissing
from checks.host.port import Port
from checks.testing import FakeMachine
from checks.verdict import Status

HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n"
LOOPBACK, ANY = "0100007F", "00000000"
LOOPBACK6, ANY6 = "00000000000000000000000001000000", "0" * 32


def table(*rows):
    """A table of proc(5) with rows of (address, port, state)."""
    lines = [
        f"  {n}: {address}:{port:04X} {'0' * len(address)}:0000 {state} 00000000\n"
        for n, (address, port, state) in enumerate(rows)
    ]
    return (HEADING + "".join(lines)).encode()


SEEN = 'LISTEN 0 511 *:80 *:* users:(("nginx",pid=9,fd=6),("nginx",pid=7,fd=6),("envoy",pid=8,fd=6))\n'


def machine(tcp=(), tcp6=(), udp=(), udp6=(), seen=None):
    """A machine with these tables; one that is None is not there, nor is ss."""
    tables = {"tcp": tcp, "tcp6": tcp6, "udp": udp, "udp6": udp6}
    files = {
        f"/proc/1/net/{name}": None if rows is None else table(*rows)
        for name, rows in tables.items()
    }
    ss = "ss --no-header --listening --numeric --processes --tcp sport = :80"
    return FakeMachine(files=files, commands={ss: seen})


def check(port=80, **keys):
    return spec.build("port", Port, {"port": str(port), **keys})


def test_a_port_that_is_listened_on_passes():
    verdict = check().run(machine(tcp=[(ANY, 80, "0A")]))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Something listens on tcp port 80 at `0.0.0.0`"
    assert tuple(verdict.facts) == Port.FACTS
    assert verdict.facts == {"port": 80, "protocol": "tcp", "addresses": ["0.0.0.0"]}


def test_every_address_is_told():
    found = machine(tcp=[(LOOPBACK, 80, "0A")], tcp6=[(LOOPBACK6, 80, "0A")])

    assert check().run(found).facts["addresses"] == ["127.0.0.1", "::1"]


def test_a_udp_port_is_another():
    found = machine(udp=[(ANY, 53, "07")], udp6=[(ANY6, 53, "07")])

    verdict = check(53, protocol="udp").run(found)

    assert verdict.status is Status.PASSED
    assert verdict.facts["addresses"] == ["0.0.0.0", "::"]


@pytest.mark.parametrize("state", ["01", "06", "08"])
def test_a_connection_is_not_listening(state):
    verdict = check().run(machine(tcp=[(LOOPBACK, 80, state)]))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Nothing listens on tcp port 80"


def test_a_connected_udp_socket_is_not_listening():
    found = machine(udp=[(LOOPBACK, 53, "01")])

    assert check(53, protocol="udp").run(found).status is Status.FAILED


def test_another_port_is_no_help():
    found = machine(tcp=[(ANY, 8080, "0A"), (ANY, 0x8000, "0A")])

    assert check().run(found).summary == "Nothing listens on tcp port 80"


def test_another_protocol_is_told():
    verdict = check(53).run(machine(udp=[(ANY, 53, "07")]))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Nothing listens on tcp port 53, only on udp port 53"


def test_one_wanted_address_of_several_is_enough():
    found = machine(tcp=[(ANY, 80, "0A")], tcp6=[(LOOPBACK6, 80, "0A")])

    verdict = check(address="::1").run(found)

    assert verdict.summary == "Something listens on tcp port 80 at `::1`"


def test_another_address_is_told():
    verdict = check(address="0.0.0.0").run(machine(tcp=[(LOOPBACK, 80, "0A")]))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Something listens on tcp port 80 at `127.0.0.1`, not `0.0.0.0`:"
        " only the machine itself reaches it"
    )
    assert (verdict.expected, verdict.actual) == ("0.0.0.0", "127.0.0.1")


@pytest.mark.parametrize(
    ("table", "wanted", "reach"),
    [
        ({"tcp": [(LOOPBACK, 80, "0A")]}, "::", ": only the machine itself reaches it"),
        ({"tcp6": [(ANY6, 80, "0A")]}, "0.0.0.0", ": it is bound to IPv6 alone"),
        ({"tcp": [(LOOPBACK, 80, "0A")]}, "10.0.0.1", ""),
    ],
)
def test_what_another_address_means_is_told(table, wanted, reach):
    summary = check(address=wanted).run(machine(**table)).summary

    assert summary.endswith(f", not `{wanted}`{reach}")


@pytest.mark.parametrize("keys", [{"exists": "false"}, {"address": "::1"}])
def test_who_listens_is_told(keys):
    found = machine(tcp=[(ANY, 80, "0A")], seen=Result(0, SEEN, ""))

    assert (
        check(**keys)
        .run(found)
        .summary.startswith(
            "`nginx` (PID 7) with `envoy` listens on tcp port 80 at `0.0.0.0`"
        )
    )


def test_the_process_that_listens_is_compared():
    found = machine(tcp=[(ANY, 80, "0A")], seen=Result(0, SEEN, ""))

    assert check(process="nginx").run(found).status is Status.PASSED
    verdict = check(process="httpd").run(found)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`nginx` (PID 7) with `envoy` listens on tcp port 80, not `httpd`"
    )
    assert verdict.hint == "kill 7"


@pytest.mark.parametrize(
    ("seen", "error"),
    [
        (None, ToolMissing),
        (Result(0, "LISTEN 0 511 *:80 *:*\n", ""), NotPermitted),
        (Result(1, "", "Cannot open netlink socket\n"), CheckError),
    ],
)
def test_a_process_that_cannot_be_seen_is_an_error(seen, error):
    found = machine(tcp=[(ANY, 80, "0A")], seen=seen)

    with pytest.raises(error) as caught:
        check(process="nginx").run(found)
    assert type(caught.value) is error


def test_a_port_that_should_be_free_is():
    verdict = check(exists="false").run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Nothing listens on tcp port 80"


def test_a_port_that_should_be_free_is_not():
    verdict = check(exists="false").run(machine(tcp=[(ANY, 80, "0A")]))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Something listens on tcp port 80 at `0.0.0.0`"
    assert verdict.hint == "ss -lnp 'sport = :80'"


def test_a_port_that_should_be_free_at_one_address_may_be_taken_at_another():
    found = machine(tcp=[(LOOPBACK, 80, "0A")])

    verdict = check(exists="false", address="0.0.0.0").run(found)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Something listens on tcp port 80 at `127.0.0.1`"


def test_a_kernel_without_ipv6_has_only_ipv4():
    old = machine(tcp=[(ANY, 80, "0A")], tcp6=None, udp6=None)

    assert check(80).run(old).status is Status.PASSED
    assert check(81).run(old).status is Status.FAILED


@pytest.mark.parametrize("exists", ["true", "false"])
def test_without_a_table_nothing_can_be_told(exists):
    with pytest.raises(CheckError, match="there is no `/proc/1/net/tcp`"):
        check(exists=exists).run(machine(tcp=None))


def test_a_table_that_may_not_be_read_is_an_error():
    found = FakeMachine(files={"/proc/1/net/tcp": NotPermitted("no")})

    with pytest.raises(NotPermitted):
        check(exists="false").run(found)


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(SpecError) as caught:
        check(port)

    assert caught.value.message == f"`port`: {port} is not between 1 and 65535"


@pytest.mark.parametrize(
    ("family", "kind", "protocol", "address"),
    [
        (socket.AF_INET, socket.SOCK_STREAM, "tcp", "127.0.0.1"),
        (socket.AF_INET6, socket.SOCK_STREAM, "tcp", "::1"),
        (socket.AF_INET, socket.SOCK_DGRAM, "udp", "127.0.0.1"),
    ],
)
def test_a_port_of_this_machine_is_found(family, kind, protocol, address):
    with socket.socket(family, kind) as bound:
        bound.bind((address, 0))
        if kind is socket.SOCK_STREAM:
            bound.listen()
        port = bound.getsockname()[1]

        verdict = check(port, protocol=protocol).run(Local())

    assert verdict.status is Status.PASSED
    assert verdict.facts["addresses"] == [address]
