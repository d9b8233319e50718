"""The example of every kind holds on a real machine that was made as it says."""

import examples
import pytest
import yaml

from checks import description, registry, spec
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("examples")]


@pytest.fixture(scope="module")
def machine(lab_machine):
    _, door = lab_machine(examples.PACKAGES)
    examples.prepare(door)
    return door


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_example_of_a_kind_holds(machine, kind):
    (entry,) = yaml.load(description.describe(kind).example, yaml.BaseLoader)
    machine.allow(10)

    verdict = spec.build(kind, registry.load(kind), entry).run(machine)

    assert verdict.status is Status.PASSED, verdict
