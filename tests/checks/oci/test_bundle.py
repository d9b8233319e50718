import json

import pytest

from checks.doors.files import Stat
from checks.errors import CheckError, NotPermitted, SpecError
from checks.matchers import equals
from checks.oci.bundle import Bundle
from checks.testing import FakeMachine
from checks.verdict import Status

DIRECTORY, FILE = (Stat(kind, 0o755, 0, 0, 0) for kind in ("directory", "file"))
CONFIG = {
    "ociVersion": "1.0.2-dev",
    "process": {"args": ["sleep", "300"], "cwd": "/"},
    "root": {"path": "rootfs"},
    "hostname": "box",
    "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}]},
}


def bundle(config=CONFIG, root="/b/rootfs", stat=DIRECTORY, names=("bin",)):
    data = config if isinstance(config, bytes) else json.dumps(config).encode()
    return FakeMachine(
        files={"/b/config.json": data},
        stats={root: stat},
        folders={root: list(names)},
    )


def test_a_valid_bundle_passes_with_its_facts():
    verdict = Bundle("/b").run(bundle())
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Bundle `/b` is valid and runs `sleep 300`"
    assert tuple(verdict.facts) == Bundle.FACTS
    assert verdict.facts == {
        "path": "/b",
        "args": "sleep 300",
        "hostname": "box",
        "root": "/b/rootfs",
    }


def test_an_absolute_root_path_is_used_as_it_is():
    config = CONFIG | {"root": {"path": "/srv/root"}}
    verdict = Bundle("/b").run(bundle(config, root="/srv/root"))
    assert verdict.facts["root"] == "/srv/root"


@pytest.mark.parametrize(
    ("wanted", "summary"),
    [
        ({"args": equals("sh")}, "Bundle `/b` has `sleep 300` as its process.args"),
        ({"hostname": equals("web")}, "Bundle `/b` has `box` as its hostname"),
        ({"terminal": True}, "Bundle `/b` has `false` as its process.terminal"),
        ({"readonly": True}, "Bundle `/b` has `false` as its root.readonly"),
        (
            {"namespaces": ("pid", "user")},
            "Bundle `/b` has `pid mount` as its linux.namespaces",
        ),
    ],
)
def test_a_field_that_differs_is_named(wanted, summary):
    verdict = Bundle("/b", **wanted).run(bundle())
    assert verdict.status is Status.FAILED
    assert verdict.summary == summary
    assert verdict.hint.endswith(" in /b/config.json")


def test_everything_as_wanted_passes():
    check = Bundle(
        "/b",
        args=equals("sleep 300"),
        hostname=equals("box"),
        terminal=False,
        readonly=False,
        namespaces=("mount", "pid"),
    )
    assert check.run(bundle()).status is Status.PASSED


@pytest.mark.parametrize(
    ("stat", "summary", "hint"),
    [
        (None, "There is no directory `/b`", "mkdir --parents /b"),
        (DIRECTORY, "`/b` has no `config.json`", "runc spec --bundle /b"),
        (FILE, "`/b` is a file, not a directory", "ls -l /b"),
    ],
)
def test_an_absent_config_is_told_by_what_is_there(stat, summary, hint):
    stats = {"/b": stat, "/b/rootfs/config.json": None}
    machine = FakeMachine(files={"/b/config.json": None}, stats=stats)
    verdict = Bundle("/b").run(machine)
    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)
    assert Bundle("/b", exists=False).run(machine).status is Status.PASSED


def test_a_config_in_the_root_file_system_is_in_the_wrong_place():
    stats = {"/b": DIRECTORY, "/b/rootfs/config.json": FILE}
    machine = FakeMachine(files={"/b/config.json": None}, stats=stats)
    verdict = Bundle("/b").run(machine)
    assert verdict.summary == "`/b` has no `config.json`, it is in `/b/rootfs`"


def test_a_config_that_is_not_json_is_told_with_its_place():
    verdict = Bundle("/b").run(bundle(b'{\n  "a"\n}'))
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`/b/config.json` is not a valid runtime config: "
        "line 3, column 1: Expecting ':' delimiter"
    )


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ({"stat": None}, "is not there"),
        ({"stat": FILE}, "is a file, not a directory"),
        ({"names": ()}, "is empty"),
    ],
)
def test_a_bundle_without_a_root_file_system_fails(root, reason):
    verdict = Bundle("/b").run(bundle(**root))
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"Bundle `/b` has no root file system: `/b/rootfs` {reason}"
    )


def test_a_bundle_that_must_not_exist():
    verdict = Bundle("/b", exists=False).run(bundle(b"not even JSON"))
    assert verdict.status is Status.FAILED
    assert verdict.hint == "rm /b/config.json"


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("error", [NotPermitted("no"), CheckError("a directory")])
def test_a_config_that_cannot_be_read_proves_nothing(exists, error):
    machine = FakeMachine(files={"/b/config.json": error})
    with pytest.raises(CheckError):
        Bundle("/b", exists=exists).run(machine)


def test_a_root_that_may_not_be_looked_at_proves_nothing():
    with pytest.raises(NotPermitted):
        Bundle("/b").run(bundle(stat=NotPermitted("no")))


def test_a_relative_path_is_a_fault_of_the_check():
    with pytest.raises(SpecError, match="`b` is not an absolute path"):
        Bundle("b").run(FakeMachine())
