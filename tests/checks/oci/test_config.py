import json

import pytest

from checks.oci.config import Config, Invalid, parse

VALID = {
    "ociVersion": "1.0.2-dev",
    "process": {"args": ["sleep", "300"], "cwd": "/", "terminal": True},
    "root": {"path": "rootfs", "readonly": True},
    "hostname": "box",
    "linux": {"namespaces": [{"type": "pid"}, {"type": "mount", "path": "/proc/1/ns"}]},
}


def changed(path, value):
    config = json.loads(json.dumps(VALID))
    *parents, last = path.split(".")
    place = config
    for name in parents:
        place = place[name]
    place[last] = value
    return json.dumps(config).encode()


def test_the_fields_that_matter_are_read():
    assert parse(json.dumps(VALID).encode()) == Config(
        args=("sleep", "300"),
        root="rootfs",
        hostname="box",
        terminal=True,
        readonly=True,
        namespaces=("pid", "mount"),
    )


def test_what_is_optional_may_be_left_out():
    least = {"ociVersion": "1.0.2", "process": {"args": ["sh"], "cwd": "/"}}
    config = parse(json.dumps(least | {"root": {"path": "/r"}}).encode())
    assert config == Config(("sh",), "/r", "", False, False, ())


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("ociVersion", None, "`ociVersion` is missing"),
        ("ociVersion", 1, "`ociVersion` is not a text"),
        ("ociVersion", "1.0", "`ociVersion` is `1.0`, not a version such as 1.0.2"),
        ("process", None, "`process.cwd` is missing"),
        ("process", [], "`process.cwd` is missing"),
        ("process.cwd", "tmp", "`process.cwd` is `tmp`, not an absolute path"),
        ("process.args", None, "`process.args` is missing"),
        ("process.args", "sh", "`process.args` is not a list"),
        ("process.args", [], "`process.args` is not a list of one or more texts"),
        ("process.args", [1], "`process.args` is not a list of one or more texts"),
        ("process.terminal", "yes", "`process.terminal` is not true or false"),
        ("root", {}, "`root.path` is missing"),
        ("root.path", "", "`root.path` is ``, not a path"),
        ("root.readonly", 1, "`root.readonly` is not true or false"),
        ("hostname", 7, "`hostname` is not a text"),
        ("linux.namespaces", {}, "`linux.namespaces` is not a list"),
        ("linux.namespaces", ["pid"], "`type` is missing"),
        (
            "linux.namespaces",
            [{"type": "net"}],
            "`linux.namespaces` has the unknown type `net`",
        ),
    ],
)
def test_a_field_that_breaks_the_specification_is_named(path, value, fault):
    with pytest.raises(Invalid) as error:
        parse(changed(path, value))
    assert str(error.value) == fault


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'{\n  "a": 1,\n}', "line 3, column 1: "),
        (b"", "line 1, column 1: "),
        (b"\xff\xfe\xfa", "not JSON: "),
        (b"[" * 100_000, "not JSON: "),
        (b"[]", "not a JSON object"),
    ],
)
def test_what_is_not_a_json_object_is_told_with_its_place(data, fault):
    with pytest.raises(Invalid) as error:
        parse(data)
    assert str(error.value).startswith(fault)
