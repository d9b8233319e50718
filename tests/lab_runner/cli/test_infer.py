"""`labrun dev infer`, through `main`."""

import json

import pytest

from lab_runner.formats import native

TEXT = """\
# Web

## Install

```bash
apt install -y containerd && frobnicate
```

## Look

```bash
systemctl status containerd
```
"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(TEXT)
    return path


def test_each_command_is_told_with_its_line(labrun, page):
    code, out, _ = labrun("dev", "infer", str(page))

    assert code == 0
    assert "Package `containerd` is installed" in out
    assert "page.md:6: unknown: frobnicate" in out


def test_json_has_the_facts_left_by_each_step(labrun, page):
    _, out, _ = labrun("dev", "infer", str(page), "--json")

    found = json.loads(out)
    assert [each["line"] for each in found["commands"]] == [6, 6, 12]
    assert [each["facts"] for each in found["steps"]] == [
        [{"package": "containerd"}],
        [{"service": "containerd", "active": True}],
    ]


def test_the_copy_is_a_lab_with_these_checks(labrun, page, tmp_path):
    copy = tmp_path / "copy.md"
    code, _, _ = labrun("dev", "infer", str(page), "--write", str(copy))

    lab = native.read(copy, b"seed").lab
    assert code == 0
    assert [task.origin for step in lab.steps for task in step.tasks] == [
        "authored",
        "authored",
    ]


def test_no_file_is_overwritten(labrun, page):
    code, _, err = labrun("dev", "infer", str(page), "--write", str(page))

    assert (code, page.read_text()) == (2, TEXT)
    assert "is there already" in err
