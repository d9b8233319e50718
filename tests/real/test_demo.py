"""`labrun demo`: a lab before the reader's eyes, on a machine that is gone afterwards."""

import subprocess
import sys

import pytest

from lab_runner.machines import state

LAB = """\
# A demonstration

## Make a file {#make}

```bash setup
mkdir -p /srv/demo
```

```bash
echo hello > /srv/demo/file
```

```yaml check
- file: /srv/demo/file
  content: hello
```

## Weigh it {#weigh}

```yaml question
id: size
ask: How many bytes has the file?
fact: {file: /srv/demo/file}
get: size
```

## Never {#never}

```bash
true
```

%s
"""
CHECK = "```yaml check\n- file: /srv/demo/absent\n```"


def demo(path):
    return subprocess.run(
        [sys.executable, "-m", "lab_runner", "demo", path],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.real
@pytest.mark.xdist_group("demo")
def test_it_reaches_the_end_and_leaves_no_machine(tmp_path):
    lab = tmp_path / "lab.md"
    lab.write_text(LAB % "")

    ran = demo(lab)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "echo hello > /srv/demo/file" in ran.stdout
    assert "labrun answer size '6'" in ran.stdout
    assert "100 %  (2 of 2)" in ran.stdout
    assert "demo" not in state.names()


@pytest.mark.real
@pytest.mark.xdist_group("demo")
def test_a_lab_that_is_not_accepted_as_written_is_told(tmp_path):
    lab = tmp_path / "lab.md"
    lab.write_text(LAB % CHECK)

    ran = demo(lab)

    assert ran.returncode == 3
    assert "step `never` was done as written and is not accepted" in ran.stderr
    assert "demo" not in state.names()
