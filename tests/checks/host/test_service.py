import json

import pytest

from checks import spec
from checks.doors.process import Result
from checks.errors import CheckError, SpecError, TimedOut, ToolMissing, Unreachable
from checks.host.service import Service
from checks.testing import FakeMachine
from checks.verdict import Status

SHOW = (
    "systemctl show --property=LoadState,ActiveState,SubState,UnitFileState,Result,"
    "ExecMainCode,ExecMainStatus,MainPID,NRestarts,ExecMainStartTimestampMonotonic,"
    "NeedDaemonReload,ConditionResult,ConditionTimestampMonotonic -- "
)
LOG = "journalctl --quiet --boot --lines=1 --output=json --no-pager _SYSTEMD_UNIT="
RUNNING = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "UnitFileState": "enabled",
    "Result": "success",
    "ExecMainCode": "0",
    "ExecMainStatus": "0",
    "MainPID": "351",
    "NRestarts": "0",
    "ExecMainStartTimestampMonotonic": "5000000",
    "NeedDaemonReload": "no",
    "ConditionResult": "yes",
    "ConditionTimestampMonotonic": "4000000",
}
STOPPED = {"ActiveState": "inactive", "SubState": "dead", "MainPID": "0"}
FAILED = {
    "ActiveState": "failed",
    "SubState": "failed",
    "Result": "exit-code",
    "ExecMainCode": "1",
    "ExecMainStatus": "3",
}
UNKNOWN = {**STOPPED, "LoadState": "not-found", "UnitFileState": ""}


UNITS = "systemctl list-unit-files --no-legend --no-pager --plain"
INIT = {"/proc/1/comm": b"systemd\n", "/proc/1/cmdline": b"/sbin/init\0"}
STATUS = b"State:\tS (sleeping)\nUid:\t0\t0\t0\t0\nPPid:\t1\n"


def machine(properties=(), *, unit="containerd.service", log="", units="", files=()):
    """A machine whose unit is running but for the given properties."""
    shown = {**RUNNING, **dict(properties)}
    answer = "".join(f"{name}={value}\n" for name, value in shown.items())
    logged = Result(0, log, "") if isinstance(log, str) else log
    held = {**INIT, **dict(files)}
    return FakeMachine(
        commands={
            f"{SHOW}{unit}": Result(0, answer, ""),
            f"{LOG}{unit}": logged,
            UNITS: Result(0, units, "") if isinstance(units, str) else units,
        },
        folders={"/proc": ["sys", *(path.split("/")[2] for path in held)]},
        files=held,
    )


def entry(message, at):
    return json.dumps({"MESSAGE": message, "__MONOTONIC_TIMESTAMP": str(at)})


def check(name="containerd", **keys):
    return spec.build("service", Service, {"service": name, **keys})


def test_a_running_unit_passes():
    verdict = check(enabled="true").run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`containerd.service` is active (running) and enabled"
    assert tuple(verdict.facts) == Service.FACTS
    assert verdict.facts == {
        "unit": "containerd.service",
        "load_state": "loaded",
        "active_state": "active",
        "sub_state": "running",
        "unit_file_state": "enabled",
        "main_pid": 351,
        "result": "success",
        "restarts": 0,
        "needs_reload": False,
    }


def test_a_suffix_is_left_as_it_is():
    socket = machine({"SubState": "listening"}, unit="docker.socket")

    verdict = check("docker.socket", sub_state="listening").run(socket)

    assert verdict.status is Status.PASSED


def test_a_dot_in_a_name_is_no_suffix():
    found = machine(unit="snap.microk8s.daemon-containerd.service")

    assert check("snap.microk8s.daemon-containerd").run(found).status is Status.PASSED


def test_a_unit_without_some_properties_has_zeros():
    answer = "LoadState=loaded\nActiveState=active\nSubState=mounted\n"
    found = FakeMachine(commands={f"{SHOW}srv.mount": Result(0, answer, "")})

    verdict = check("srv.mount").run(found)

    assert verdict.summary == "`srv.mount` is active (mounted)"
    assert verdict.facts["main_pid"] == 0


def test_a_unit_that_reloads_is_active():
    reloading = {"ActiveState": "reloading", "SubState": "reload"}

    assert check().run(machine(reloading)).status is Status.PASSED


@pytest.mark.parametrize(
    ("properties", "summary", "hint"),
    [
        (
            UNKNOWN,
            "systemd knows no unit `containerd.service`",
            "systemctl list-unit-files",
        ),
        (
            {**UNKNOWN, "ActiveState": "active"},
            "`containerd.service` is active, but its unit file is gone",
            "systemctl stop containerd.service",
        ),
        (
            STOPPED,
            "`containerd.service` is inactive (dead) and enabled",
            "systemctl start containerd.service",
        ),
        (
            {**STOPPED, "LoadState": "masked", "UnitFileState": "masked"},
            "`containerd.service` is masked",
            "systemctl unmask containerd.service",
        ),
        (
            {**STOPPED, "LoadState": "bad-setting"},
            "`containerd.service` has a faulty unit file",
            "systemd-analyze verify containerd.service",
        ),
        (
            FAILED,
            "`containerd.service` failed (exit code 3)",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {**FAILED, "Result": "signal", "ExecMainCode": "2", "ExecMainStatus": "9"},
            "`containerd.service` failed (SIGKILL)",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {**FAILED, "Result": "timeout", "ExecMainCode": "0"},
            "`containerd.service` failed (timeout)",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {
                **FAILED,
                "ActiveState": "activating",
                "SubState": "auto-restart",
                "NRestarts": "14",
            },
            "`containerd.service` does not stay up (exit code 3, restarted 14 times)",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {"ActiveState": "activating", "SubState": "start-pre"},
            "`containerd.service` is still starting (start-pre)",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {**FAILED, "NRestarts": "5"},
            "`containerd.service` failed (exit code 3) and was restarted 5 times in vain",
            "journalctl --unit=containerd.service --lines=20 --no-pager",
        ),
        (
            {**STOPPED, "ConditionResult": "no"},
            "`containerd.service` was not started, one of its conditions is not met",
            "systemctl cat containerd.service",
        ),
        (
            {**STOPPED, "ConditionResult": "no", "ConditionTimestampMonotonic": "0"},
            "`containerd.service` is inactive (dead) and enabled",
            "systemctl start containerd.service",
        ),
        (
            {**STOPPED, "NeedDaemonReload": "yes"},
            (
                "`containerd.service` is inactive (dead) and enabled,"
                " and its unit file has changed since systemd read it"
            ),
            "systemctl daemon-reload && systemctl restart containerd.service",
        ),
        (
            {"ActiveState": "deactivating", "SubState": "stop-sigterm"},
            "`containerd.service` is deactivating (stop-sigterm) and enabled",
            "systemctl status containerd.service",
        ),
    ],
)
def test_a_unit_that_is_not_active_is_explained(properties, summary, hint):
    verdict = check().run(machine(properties))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


def test_a_failed_unit_is_told_with_its_last_log_line():
    found = machine(FAILED, log=entry("cannot open\nconfiguration\n", 5_000_001))

    assert check().run(found).summary == (
        "`containerd.service` failed (exit code 3), its last log line: configuration"
    )


def test_a_unit_that_does_not_stay_up_is_told_with_its_last_log_line():
    restarting = {**FAILED, "ActiveState": "activating", "SubState": "auto-restart"}
    found = machine(restarting, log=entry("cannot open", 5_000_001))

    assert check().run(found).summary.endswith(", its last log line: cannot open")


def test_one_command_starts_and_enables_a_unit():
    asleep = machine({**STOPPED, "UnitFileState": "disabled"})

    assert check(enabled="true").run(asleep).hint == (
        "systemctl enable --now containerd.service"
    )


@pytest.mark.parametrize(
    "log",
    [
        entry("of an earlier run", 4_999_999),
        entry([1, 2, 255], 5_000_001),
        "no journal files were found",
        Result(1, "", "denied"),
        TimedOut("too slow"),
        "",
        None,
    ],
)
def test_a_log_that_says_nothing_explains_nothing(log):
    verdict = check().run(machine(FAILED, log=log))

    assert verdict.summary == "`containerd.service` failed (exit code 3)"


@pytest.mark.parametrize(
    ("state", "summary", "hint"),
    [
        (
            "disabled",
            "`containerd.service` is active (running) and disabled",
            "systemctl enable containerd.service",
        ),
        (
            "enabled-runtime",
            "`containerd.service` is enabled only until the next boot",
            "systemctl enable containerd.service",
        ),
        (
            "masked",
            "`containerd.service` is active (running) and masked",
            (
                "systemctl unmask containerd.service"
                " && systemctl enable containerd.service"
            ),
        ),
        ("static", "`containerd.service` cannot be enabled, it is static", ""),
        ("transient", "`containerd.service` cannot be enabled, it is transient", ""),
    ],
)
def test_a_running_unit_that_is_not_enabled_is_told(state, summary, hint):
    verdict = check(enabled="true").run(machine({"UnitFileState": state}))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)
    assert (verdict.expected, verdict.actual) == ("enabled", state)


@pytest.mark.parametrize(
    ("units", "near"),
    [
        ("cron.service enabled\n", ""),
        (
            "containerd@.service disabled\n",
            (
                ", only the template `containerd@.service`,"
                " of which an instance has to be named"
            ),
        ),
        ("containerd.socket enabled\n", ", but there is `containerd.socket`"),
        ("containerd2.service enabled\n", ", but there is `containerd2.service`"),
        (TimedOut("too slow"), ""),
    ],
)
def test_a_similar_unit_is_told(units, near):
    verdict = check().run(machine(UNKNOWN, units=units))

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"systemd knows no unit `containerd.service`{near}"


def test_a_process_that_was_started_by_hand_is_told():
    files = {
        "/proc/7/comm": b"containerd\n",
        "/proc/7/cmdline": b"/usr/bin/containerd\0",
        "/proc/7/status": STATUS,
    }

    assert check().run(machine(STOPPED, files=files)).summary == (
        "`containerd.service` is inactive (dead) and enabled,"
        " but a process `containerd` runs without it (PID 7)"
    )


@pytest.mark.parametrize("properties", [{}, STOPPED, FAILED])
def test_only_the_start_at_boot_can_be_asked_for(properties):
    asked = check(active="any", enabled=True)

    assert asked.run(machine(properties)).status is Status.PASSED
    disabled = machine({**properties, "UnitFileState": "disabled"})
    assert asked.run(disabled).hint == "systemctl enable containerd.service"


def test_an_enabled_unit_that_is_not_running_is_told():
    verdict = check(enabled="true").run(machine(STOPPED))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`containerd.service` is inactive (dead) and enabled"


@pytest.mark.parametrize("state", ["enabled", "enabled-runtime"])
def test_a_unit_that_should_not_be_enabled_is(state):
    verdict = check(enabled="false").run(machine({"UnitFileState": state}))

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`containerd.service` is active (running) and {state}"
    assert verdict.hint == "systemctl disable containerd.service"


@pytest.mark.parametrize("state", ["disabled", "static", "masked", ""])
def test_a_unit_that_should_not_be_enabled_is_not(state):
    verdict = check(enabled="false").run(machine({"UnitFileState": state}))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("properties", "summary"),
    [
        (STOPPED, "`containerd.service` is inactive (dead) and enabled"),
        (FAILED, "`containerd.service` is failed and enabled"),
    ],
)
def test_a_unit_that_should_be_stopped_is(properties, summary):
    verdict = check(active="false").run(machine(properties))

    assert verdict.status is Status.PASSED
    assert verdict.summary == summary


@pytest.mark.parametrize("state", ["active", "reloading", "activating", "deactivating"])
def test_a_unit_that_should_be_stopped_is_not(state):
    verdict = check(active="false").run(machine({"ActiveState": state}))

    assert verdict.status is Status.FAILED
    assert verdict.hint == "systemctl stop containerd.service"
    assert (verdict.expected, verdict.actual) == ("inactive", state)


def test_a_unit_that_should_be_stopped_has_to_be_there():
    assert check(active="false").run(machine(UNKNOWN)).status is Status.FAILED


def test_another_sub_state_is_told():
    verdict = check(sub_state="exited").run(machine())

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`containerd.service` has sub-state `running`, not `exited`"
    )


def test_a_unit_that_should_not_be_there_is_not():
    verdict = check(exists="false").run(machine(UNKNOWN))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "systemd knows no unit `containerd.service`"


@pytest.mark.parametrize(
    "properties", [{}, STOPPED, {**UNKNOWN, "ActiveState": "active"}]
)
def test_a_unit_that_should_not_be_there_is(properties):
    assert check(exists="false").run(machine(properties)).status is Status.FAILED


@pytest.mark.parametrize("keys", [{}, {"active": "false"}, {"exists": "false"}])
@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (None, ToolMissing, "there is no `systemctl` on this machine"),
        (
            Result(1, "", "System has not been booted with systemd as init system\n"),
            Unreachable,
            "systemd is not running on this machine",
        ),
        (
            Result(1, "", "Failed to connect to bus: Host is down\n"),
            Unreachable,
            "systemd is not running on this machine",
        ),
        (
            Result(1, "", "Failed to get properties: Access denied\n"),
            CheckError,
            "systemctl could not tell: Failed to get properties: Access denied",
        ),
        (
            Result(0, "", ""),
            CheckError,
            "what systemctl says about `containerd.service` cannot be understood",
        ),
        (
            Result(
                0, "LoadState=loaded\nActiveState=active\nSubState=x\nMainPID=?\n", ""
            ),
            CheckError,
            "what systemctl says about `containerd.service` cannot be understood",
        ),
    ],
)
def test_what_systemd_cannot_tell_is_an_error(keys, answer, error, message):
    found = FakeMachine(commands={f"{SHOW}containerd.service": answer})

    with pytest.raises(error) as caught:
        check(**keys).run(found)

    assert type(caught.value) is error
    assert caught.value.message == message


@pytest.mark.parametrize("name", ["containerd*", "a b", "x;reboot", "[ab].service"])
def test_what_is_no_unit_name_is_refused(name):
    with pytest.raises(SpecError) as caught:
        check(name)

    assert caught.value.message == f"`service`: `{name}` is not the name of a unit"
