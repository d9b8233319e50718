"""Going to a step: what is on the machine then, and how it came there."""

import json
import os
import pwd
import subprocess
import sys
from contextlib import closing

import pytest

from lab_runner.machines import lifecycle

pytestmark = pytest.mark.real

LAB = """\
---
machine: {packages: [containerd]}
---
# Steps that build on each other

## A folder {#folder}

```bash setup
touch /root/ready
```

```bash
mkdir /root/made && cd /root/made
```

```yaml check
- file: /root/made
  type: directory
```

## An image {#image}

```bash
touch here
ctr images pull docker.io/library/busybox:latest
```

```yaml check
- file: /root/made/here
- image: docker.io/library/busybox:latest
```

## A container {#container}

```bash
ctr run --detach docker.io/library/busybox:latest web sleep 1000
```

```yaml check
- task: web
  status: running
```

## A pause {#pause}

```bash
ctr tasks pause web
```

```yaml check
- task: web
  status: paused
```
"""


def labrun(*argv):
    done = subprocess.run(
        [sys.executable, "-m", "lab_runner", *argv], capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def asked(*argv):
    code, out, err = labrun(*argv, "--json")
    assert code == 0, err or out
    return json.loads(out)


@pytest.fixture
def lab(own_folder, tmp_path, monkeypatch):
    """A lab started on a machine; gives the name of the machine."""
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "steps.md"
    path.write_text(LAB)
    assert labrun("machine", "up", "m", "--lab", str(path))[0] == 0
    asked("start", str(path), "--on", "m")
    return path


def inside(command):
    with closing(lifecycle.find("m")) as door:
        return door.run(["sh", "-c", command]).exit == 0


def test_everything_before_the_step_is_done_and_the_step_is_not(lab):
    arrived = asked("goto", "container")

    assert arrived["replayed"] == ["folder", "image"]
    assert arrived["current"] == "container"
    assert inside("test -e /root/ready && test -e /root/made/here")
    assert labrun("check", "image")[0] == 0
    assert labrun("check", "container")[0] == 1


def test_what_was_done_once_comes_from_the_layer_the_next_time(lab):
    asked("goto", "container")
    again = asked("goto", "container")

    assert (again["kept"], again["replayed"]) == (["folder", "image"], [])
    assert labrun("check", "image")[0] == 0


def test_what_runs_is_replayed_because_no_layer_keeps_it(lab):
    asked("goto", "pause")
    again = asked("goto", "pause")

    assert again["replayed"][-1] == "container"
    assert labrun("check", "container")[0] == 0


def test_going_back_gives_the_machine_as_it_was_then(lab):
    asked("goto", "container")
    asked("goto", "image")

    assert inside("test -d /root/made && ! test -e /root/made/here")
    assert asked("status")["current"] == "image"


def test_a_lab_can_be_started_at_a_step(lab):
    started = asked("start", str(lab), "--on", "m", "--from", "image")

    assert started["step"]["id"] == "image"
    assert inside("test -d /root/made")


def test_steps_done_for_the_learner_earn_nothing(lab):
    asked("goto", "container")

    status = asked("status")
    assert [step["given"] for step in status["steps"]] == [True, True, False, False]
    assert status["done"] == 0


def test_a_change_of_the_text_ahead_leaves_the_layers_behind_it_good(lab):
    asked("goto", "image")
    lab.write_text(LAB.replace("sleep 1000", "sleep 2000"))

    assert asked("goto", "image")["kept"] == ["folder"]


def test_a_solution_that_its_own_checks_refuse_is_named(lab):
    lab.write_text(LAB.replace("mkdir /root/made &&", "mkdir -p /root/maid;"))

    code, _, err = labrun("goto", "image")

    assert code == 4
    assert "step `folder` was done as written" in err
    assert "`folder/file-root-made`" in err


def test_the_machine_of_the_learner_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("LABRUN_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "steps.md"
    path.write_text(LAB)
    asked("start", str(path))

    code, _, err = labrun("goto", "image")

    assert code == 2
    assert "only a lab machine can" in err


def test_reset_gives_a_machine_as_new(lab):
    asked("goto", "container")
    asked("reset")

    assert not inside("test -e /root/made")
    assert asked("status")["current"] == "folder"


def test_the_list_of_machines_says_who_works_there_at_what(lab):
    asked("goto", "image")

    (machine,) = asked("machine", "list")["machines"]
    assert machine["lab"].startswith("steps@")
    assert machine["learner"] == pwd.getpwuid(os.getuid()).pw_name
    assert machine["memory"] > 1 << 20
    assert machine["disk"] > 1 << 16


def test_two_at_once_do_not_work_against_each_other(lab):
    argv = [sys.executable, "-m", "lab_runner", "goto", "container"]
    both = [
        subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ends = sorted((run.communicate()[1], run.returncode) for run in both)

    codes = sorted(code for _, code in ends)
    assert codes in ([0, 0], [0, 3])
    assert all("another labrun" in err for err, code in ends if code)
    assert labrun("check", "image")[0] == 0
