import pytest

from lab_runner import facts

FOUND = {
    "pid": 7,
    "labels": {"app": "web", "org.opencontainers.image.version": "1.2"},
    "checks": [{"kind": "package", "facts": {"version": "1.6"}}],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pid", 7),
        ("labels.app", "web"),
        ("labels.org.opencontainers.image.version", "1.2"),
        ("checks.0.facts.version", "1.6"),
        ("checks.1.facts.version", None),
        ("checks.-1", None),
        ("labels.nothing", None),
        ("pid.more", None),
        ("nothing", None),
    ],
)
def test_a_dotted_name_leads_to_a_fact(name, value):
    assert facts.find(FOUND, name) == value
