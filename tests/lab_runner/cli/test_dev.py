"""`labrun dev`, through `main`: kinds, the schema and the reference."""

import json

import pytest
from distributions import install, install_example

from checks import extensions, registry
from lab_runner.formats import native

LAB = """\
# A lab

## A step

```yaml check
- swap: true
  size: {at_least: 1}
```
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of distributions that are installed for this test."""
    monkeypatch.syspath_prepend(tmp_path)
    forget()
    yield tmp_path
    forget()


def forget():
    extensions.installed.cache_clear()
    registry.load.cache_clear()


def test_kinds_are_listed_by_family(labrun):
    code, out, err = labrun("dev", "kinds")

    assert (code, err) == (0, "")
    assert out.startswith("Host\n  package ")
    assert "\n\nOCI\n  bundle " in out


def test_the_page_of_a_kind_is_shown(labrun):
    code, out, _ = labrun("dev", "kinds", "port")

    assert code == 0
    assert out.startswith("# port\n")
    assert "| `protocol` | `tcp` or `udp` | `tcp` |" in out


def test_an_unknown_kind_is_guessed_at(labrun):
    code, _, err = labrun("dev", "kinds", "prot")

    assert code == 2
    assert "did you mean `port`?" in err


def test_a_kind_is_reported_with_its_keys_types_defaults_and_facts(report):
    code, found = report("dev", "kinds", "dialogue")

    (kind,) = found["kinds"]
    subject, script, _ = kind["keys"]
    assert code == 0
    assert (kind["family"], kind["origin"], kind["facts"]) == (
        "shell",
        "labrun",
        ["exit"],
    )
    assert (subject["name"], subject["type"], subject["required"]) == (
        "dialogue",
        "text",
        True,
    )
    assert [key["name"] for key in script["keys"]] == ["expect", "send"]


def test_a_default_that_is_compared_with_is_reported_as_written(report):
    _, found = report("dev", "kinds", "shell")
    keys = {key["name"]: key for key in found["kinds"][0]["keys"]}

    assert keys["exit"]["default"] == "0"


def test_what_cannot_be_used_is_told_beside_the_others(site, labrun, report):
    install_example(site)
    install(site, "labrun-bad", {"odd": "nowhere:Kind", "file": "nowhere:Kind"})

    code, out, err = labrun("dev", "kinds")
    _, found = report("dev", "kinds")

    assert code == 0
    assert "labrun-swap 1.0\n  swap " in out
    shadowed, missing = err.splitlines()
    assert "`file` of labrun-bad 1.0 cannot be used: labrun has a kind" in shadowed
    assert "`odd` of labrun-bad 1.0 cannot be used: ModuleNotFoundError" in missing
    assert "Try: `pip install --upgrade labrun-bad`, or uninstall it." in missing
    assert len(found["unusable"]) == 2


def test_a_lab_may_use_a_kind_of_another_distribution(site):
    install_example(site)
    path = site / "lab.md"
    path.write_text(LAB)

    ((task,),) = [step.tasks for step in native.read(path, b"").lab.steps]

    assert (task.kind, task.spec) == (
        "swap",
        {"swap": "true", "size": {"at_least": "1"}},
    )


def test_a_kind_that_cannot_be_used_is_a_fault_with_its_place(site, labrun):
    install(site, "labrun-bad", {"swap": "nowhere:Kind"})
    path = site / "lab.md"
    path.write_text(LAB)

    code, _, err = labrun("start", str(path))

    assert code == 4
    assert "lab.md:6:3: error: the kind `swap` of labrun-bad 1.0 cannot be used" in err


def test_the_schema_has_kinds_of_other_distributions(site, labrun):
    install_example(site)

    _, out, _ = labrun("dev", "schema", "checks")
    schema = json.loads(out)

    assert schema["$ref"] == "#/$defs/checks"
    assert "swap" in schema["$defs"]["task-swap"]["properties"]


def test_an_unknown_part_of_a_lab_has_no_schema(labrun):
    code, _, err = labrun("dev", "schema", "quesion")

    assert code == 2
    assert "did you mean `question`?" in err


def test_the_reference_is_written_in_a_checkout(labrun, tmp_path, monkeypatch):
    guide = tmp_path / "content/guide"
    (guide / "checks").mkdir(parents=True)
    (guide / "checks/gone.md").write_text("A kind of the past")
    (guide / "checks.md").write_text("# Kinds\n\nMine.\n\n## Every kind\n\nOutdated.\n")
    monkeypatch.chdir(tmp_path)

    code, _, _ = labrun("dev", "reference")

    assert code == 0
    assert {path.stem for path in (guide / "checks").iterdir()} == set(registry.KINDS)
    index = (guide / "checks.md").read_text()
    assert index.startswith("# Kinds\n\nMine.\n\n## Every kind\n\n### Host\n")
    assert "Outdated" not in index


def test_elsewhere_there_is_no_reference_to_write(labrun, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, _, err = labrun("dev", "reference")

    assert code == 2
    assert "checkout" in err


def test_a_page_of_the_reference_is_read(labrun):
    code, out, _ = labrun("read", "checks/image")

    assert code == 0
    assert out.startswith("# image\n")
