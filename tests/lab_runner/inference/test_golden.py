"""Command lines and what is inferred from them: tests/golden/inference/*.yaml."""

from pathlib import Path

import pytest
import yaml

from checks import registry, spec
from lab_runner.inference import infer
from lab_runner.inference.fold import Fold

GOLDEN = Path(__file__).parents[2] / "golden/inference"


def rows():
    for path in sorted(GOLDEN.glob("*.yaml")):
        for number, row in enumerate(yaml.safe_load(path.read_text()), start=1):
            yield pytest.param(row, id=f"{path.stem}-{number}: {row['line'][:60]}")


@pytest.mark.parametrize("row", list(rows()))
def test_a_command_line_leaves_its_facts(row):
    found = infer.line(row["line"])
    assert found[-1].effects.kind == row["class"], found[-1].effects.why
    left = Fold().step(found)
    assert [dict(each.spec) for each in left] == row.get("facts", [])
    for each in left:
        spec.build(each.kind, registry.load(each.kind), each.spec)
