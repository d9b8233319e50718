import dataclasses
import inspect
import subprocess
import sys
import textwrap
import typing

import pytest
import yaml

from checks import registry, spec
from checks.errors import SpecError

DIGEST = f"sha256:{'0' * 64}"
HEAVY = (
    "grpc",
    "google.protobuf",
    "pexpect",
    "http.client",
    "yaml",
    "markdown_it",
    "rich",
)


def examples(kind):
    """Return the indented blocks of a kind's page, each as YAML with scalars as text."""
    page = inspect.getdoc(registry.load(kind))
    blocks = [block for block in page.split("\n\n") if block.startswith("    ")]
    return [
        yaml.load(textwrap.dedent(block), Loader=yaml.BaseLoader) for block in blocks
    ]


@pytest.mark.parametrize("kind", registry.KINDS)
def test_a_kind_is_a_frozen_record(kind):
    cls = registry.load(kind)

    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert "__slots__" in vars(cls)


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_fields_of_a_kind_have_types_that_can_be_written_in_a_lab(kind):
    hints = typing.get_type_hints(registry.load(kind))
    fields = dataclasses.fields(registry.load(kind))

    assert all(spec.buildable(hints[field.name]) for field in fields)


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_page_of_a_kind_holds_one_example_that_builds(kind):
    (entries,) = examples(kind)
    (entry,) = entries

    assert next(iter(entry)) == kind
    spec.build(kind, registry.load(kind), entry)


@pytest.mark.parametrize(
    ("entry", "allowed"),
    [
        ({"package": "runc", "version": "1"}, False),
        ({"command": "runc", "path": "/bin/runc"}, False),
        ({"file": "/a", "type": "file"}, False),
        ({"service": "x", "active": "true"}, False),
        ({"service": "x", "enabled": "true"}, False),
        ({"namespace": "x", "labels": {"a": "b"}}, False),
        ({"image": "x", "digest": {"contains": "a"}}, False),
        ({"container": "x", "runtime": "y"}, False),
        ({"task": "x", "status": "running"}, False),
        ({"snapshot": "x", "kind": "view"}, False),
        ({"content": DIGEST, "size": "1"}, False),
        ({"docker-image": "x", "digest": {"contains": "a"}}, False),
        ({"docker-container": "x", "exit": "0"}, False),
        ({"bundle": "/x", "namespaces": ["pid"]}, False),
        ({"runc": "x", "bundle": "/x"}, False),
        ({"task": "x", "namespace": "n", "address": "/run/c.sock"}, True),
        ({"snapshot": "x", "snapshotter": "native"}, True),
        ({"runc": "x", "root": "/run/runc"}, True),
        ({"process": "x", "count": "1"}, False),
        ({"process": "x", "user": "root"}, True),
        ({"port": "80", "protocol": "udp", "address": "::"}, True),
    ],
)
def test_what_shall_not_be_there_takes_only_a_place(entry, allowed):
    kind = next(iter(entry))
    entry = entry | {"exists": "false"}
    found = list(spec.problems(kind, registry.load(kind), entry))

    assert bool(found) is not allowed


def test_an_unknown_kind_is_answered_with_the_nearest():
    with pytest.raises(SpecError) as caught:
        registry.load("packege")

    assert caught.value.message == (
        "unknown kind of check `packege`, did you mean `package`?"
    )


@pytest.mark.parametrize(
    "kind", ["package", "command", "file", "service", "process", "port", "shell"]
)
def test_a_light_kind_imports_nothing_heavy(kind):
    script = (
        "import sys; from checks import registry; "
        f"registry.load({kind!r}); print(*[m for m in {HEAVY!r} if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == ""
