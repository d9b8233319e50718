import pytest

from checks import spec
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError, ToolMissing
from checks.host.kernel import FOLDERS
from checks.host.sysctl import Sysctl
from checks.testing import FakeMachine
from checks.verdict import Status

FORWARD = "net.ipv4.ip_forward"
CAT, LS = "cat /proc/sys/net/ipv4/ip_forward", "ls /proc/sys/net/ipv4"
ABSENT = Result(1, "", "cat: /proc/sys/x: No such file or directory\n")


def machine(value="1", files=(), commands=()):
    """A machine that forwards or not, with these files of settings."""
    held = {"/etc/sysctl.conf": None, **dict(files)}
    folders = {
        folder: [path.rpartition("/")[2] for path in held if path.startswith(folder)]
        for folder in FOLDERS
    }
    return FakeMachine(
        commands={CAT: Result(0, f"{value}\n", ""), **dict(commands)},
        files=held,
        folders={folder: names or None for folder, names in folders.items()},
    )


def check(key=FORWARD, **keys):
    return spec.build("sysctl", Sysctl, {"sysctl": key, **keys})


@pytest.mark.parametrize("key", [FORWARD, "net/ipv4/ip_forward"])
def test_a_parameter_passes_however_it_is_written(key):
    verdict = check(key, value="1").run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == f"`{key}` is `1`"
    assert verdict.facts == {"key": key, "value": "1"}
    assert tuple(verdict.facts) == Sysctl.FACTS


def test_a_dot_in_the_name_of_an_interface_is_kept():
    answer = {"cat /proc/sys/net/ipv4/conf/eth0.5/forwarding": Result(0, "0\n", "")}

    for key in ("net/ipv4/conf/eth0.5/forwarding", "net.ipv4.conf.eth0/5.forwarding"):
        verdict = check(key, value="0").run(machine(commands=answer))
        assert verdict.status is Status.PASSED


def test_several_numbers_are_joined_by_one_space():
    many = machine("4096\t131072\t6291456")

    assert check(value="4096 131072 6291456").run(many).status is Status.PASSED


def test_a_number_is_compared_as_one():
    assert check(value={"at_least": "9"}).run(machine("-1")).status is Status.FAILED
    assert check(value={"at_least": "9"}).run(machine("10")).status is Status.PASSED


def test_another_value_is_told():
    verdict = check(value="1").run(machine("0"))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`net.ipv4.ip_forward` is `0`, not `1`"
    assert verdict.hint == "sysctl -w net.ipv4.ip_forward=1"


def test_a_setting_that_is_not_applied_is_told():
    files = {"/etc/sysctl.d/50-a.conf": b"# on\nnet.ipv4.ip_forward=1\n"}

    verdict = check(value="1").run(machine("0", files))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`net.ipv4.ip_forward` is `0`, `1` is set in `/etc/sysctl.d/50-a.conf`"
        " but not applied"
    )
    assert verdict.hint == "sysctl --system"


@pytest.mark.parametrize(
    "files",
    [
        {"/etc/sysctl.conf": b"net.ipv4.ip_forward = 1\n"},
        {"/etc/sysctl.d/a.conf": b"-net/ipv4/ip_forward = 1\n"},
        {"/run/sysctl.d/a.conf": b"net.ipv4.ip_* = 1\n"},
        {
            "/etc/sysctl.d/a.conf": b"net.ipv4.ip_forward = 0\n",
            "/usr/lib/sysctl.d/b.conf": b"net.ipv4.ip_forward = 1\n",
        },
        {
            "/etc/sysctl.d/a.conf": b"net.ipv4.ip_forward = 1\n",
            "/usr/lib/sysctl.d/a.conf": b"net.ipv4.ip_forward = 0\n",
        },
        {
            "/etc/sysctl.d/a.conf": b"net.ipv4.ip_forward = 1\n",
            "/etc/sysctl.d/b.conf": b"net.ipv4.ip_* = 0\n;net.ipv4.ip_forward = 0\n",
        },
    ],
)
def test_a_parameter_that_is_set_at_boot_is_persistent(files):
    found = machine("1", files)

    assert check(value="1", persistent="true").run(found).status is Status.PASSED
    assert check(persistent="true").run(found).status is Status.PASSED
    assert check(value="1", persistent="false").run(found).status is Status.FAILED


def test_a_parameter_that_no_file_sets_is_told():
    verdict = check(value="1", persistent="true").run(machine())

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`net.ipv4.ip_forward` is `1` only until the next boot"
    assert verdict.hint == (
        "echo 'net.ipv4.ip_forward = 1' >/etc/sysctl.d/60-ip_forward.conf"
    )
    assert check(persistent="false").run(machine()).status is Status.PASSED


def test_another_value_at_boot_is_told():
    files = {"/etc/sysctl.conf": b"net.ipv4.ip_forward = 0\n"}

    verdict = check(value="1", persistent="true").run(machine("1", files))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`/etc/sysctl.conf` sets `net.ipv4.ip_forward` to `0` at boot"
    )


def test_a_parameter_that_is_not_there_is_answered_with_the_nearest():
    names = Result(0, "ip_forward\ntcp_mem\n", "")
    answers = {"cat /proc/sys/net/ipv4/ip_forwrd": ABSENT, LS: names}

    verdict = check("net.ipv4.ip_forwrd").run(machine(commands=answers))

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no parameter `net.ipv4.ip_forwrd`, did you mean `ip_forward`?"
    )


def test_a_parameter_of_a_module_is_told_with_the_module():
    key = "net.bridge.bridge-nf-call-iptables"
    answers = {"cat /proc/sys/net/bridge/bridge-nf-call-iptables": ABSENT}

    verdict = check(key, value="1").run(machine(commands=answers))

    assert verdict.summary == (
        f"There is no parameter `{key}`, it comes with the module `br_netfilter`"
    )
    assert verdict.hint == "modprobe br_netfilter"


def test_a_parameter_that_should_not_be_there():
    assert check(exists="false").run(machine(commands={CAT: ABSENT})).status is (
        Status.PASSED
    )
    assert check(exists="false").run(machine()).status is Status.FAILED


@pytest.mark.parametrize("exists", ["true", "false"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Result(1, "", "cat: /proc/sys/x: Permission denied\n"), NotPermitted),
        (Result(1, "", "cat: /proc/sys/x: Operation not permitted\n"), NotPermitted),
        (Result(1, "", "cat: /proc/sys/x: Is a directory\n"), CheckError),
        (Result(1, "", "cat: /proc/sys/x: Invalid argument\n"), CheckError),
        (None, ToolMissing),
    ],
)
def test_what_the_kernel_cannot_tell_is_an_error(exists, answer, error):
    with pytest.raises(error) as caught:
        check(exists=exists).run(machine(commands={CAT: answer}))

    assert type(caught.value) is error


def test_files_that_may_not_be_read_leave_it_open_what_is_persistent():
    hidden = machine("1", {"/etc/sysctl.conf": NotPermitted("no")})

    with pytest.raises(NotPermitted):
        check(persistent="true").run(hidden)
    assert check(value="0").run(hidden).status is Status.FAILED


@pytest.mark.parametrize("key", ["net..x", "../../etc/shadow", "/net", "a b", "-a"])
def test_what_is_no_parameter_is_refused(key):
    with pytest.raises(SpecError, match="is not the name of a parameter"):
        check(key)
