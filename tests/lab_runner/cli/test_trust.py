"""Labs of other systems run nothing outside of lab machines without being asked."""

import pytest

import labs

FOREIGN = """\
---
made_for: a cluster of three
---
# Foreign

## Make {{#make}}

```yaml check
- shell: touch {folder}/ran
```
"""


@pytest.fixture
def foreign(tmp_path):
    return str(labs.write(tmp_path, FOREIGN, "foreign"))


@pytest.fixture
def ran(tmp_path):
    return (tmp_path / "files" / "ran").exists


def test_it_is_not_started_on_the_local_machine(foreign, labrun):
    code, _, err = labrun("start", foreign)
    assert code == 2
    assert "was written for a cluster of three" in err
    assert "--trust" in err


def test_it_is_started_there_when_it_is_trusted(foreign, labrun, ran):
    code, out, _ = labrun("start", foreign, "--trust")
    assert code == 0
    assert "It was written for a cluster of three" in out
    assert labrun("next")[0] == 0
    assert ran()


def test_it_stays_trusted_when_it_begins_again(foreign, labrun):
    labrun("start", foreign, "--trust")
    assert labrun("reset")[0] == 0
    assert labrun("check")[0] == 0


def test_it_is_not_started_on_a_server_either(foreign, labrun):
    code, _, err = labrun("start", foreign, "--on", "ssh://root@server.invalid")
    assert code == 2
    assert "would run on `ssh://root@server.invalid`" in err


def test_a_scenario_is_taken_like_any_lab(tmp_path, labrun):
    (tmp_path / "index.json").write_text(
        '{"title": "Scenario", "details": {"steps": [{"text": "a.md"}]}}'
    )
    (tmp_path / "a.md").write_text("# Look\n\n`ls`{{exec}}\n")
    code, out, _ = labrun("start", str(tmp_path), "--trust")
    assert code == 0
    assert "Scenario" in out
    assert "ls" in out
