import dataclasses
import inspect
import subprocess
import sys
import textwrap

import pytest
import yaml

from checks import registry, spec
from checks.errors import SpecError

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
def test_the_page_of_a_kind_holds_one_example_that_builds(kind):
    (entries,) = examples(kind)
    (entry,) = entries

    assert next(iter(entry)) == kind
    spec.build(kind, registry.load(kind), entry)


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
