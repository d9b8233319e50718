"""Kinds on a real machine: what holds, what nearly does, and what is said of it.

That every kind is tried for real is seen to by test_examples.
"""

import kinds
import pytest
from kinds import CASES


@pytest.fixture(scope="module")
def machine(lab_machine):
    """A machine with everything on it that the cases ask for."""
    _, door = lab_machine(["containerd", "docker.io"])
    kinds.prepare(door)
    return door


@pytest.mark.real
@pytest.mark.xdist_group("kinds")
@pytest.mark.parametrize(
    ("entry", "status", "said"), CASES, ids=[case[0][:60] for case in CASES]
)
def test_a_real_state_is_judged_and_told(machine, entry, status, said):
    kinds.judge(machine, entry, status, said)
