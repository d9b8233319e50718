"""What Docker and containerd told while a learner worked in `labrun shell`."""

import json
import sys

import pexpect
import pytest

from lab_runner.cli.main import main

pytestmark = pytest.mark.real

LAB = """\
---
title: Events
summary: Things that happen and leave nothing behind.
minutes: 2
level: beginner
---
# Events

## containerd {#containerd}

```yaml check
- event: /tasks/exit
  namespace: default
  fields: {container_id: brief, exit_status: 3}
```

## Docker {#docker}

```yaml check
- event: container/die
  source: docker
  fields: {name: web, exitCode: 3}
- event: container/die
  source: docker
  fields: {name: api}
- event: image/pull
  source: docker
- event: container/oom
  source: docker
  exists: false
```
"""
BUSYBOX = "docker.io/library/busybox:latest"


@pytest.fixture(scope="module")
def machine(lab_machine):
    name, door = lab_machine(["containerd", "docker.io"])
    pulled = f"docker pull {BUSYBOX} && ctr images pull {BUSYBOX}"
    assert door.run(["sh", "-c", pulled], timeout=60).exit == 0
    return name, door


@pytest.fixture
def name(machine, tmp_path):
    (tmp_path / "lab.md").write_text(LAB)
    assert main(["start", str(tmp_path / "lab.md"), "--on", machine[0]]) == 0
    return machine[0]


def verdicts(capsys, step):
    capsys.readouterr()
    main(["check", step, "--json"])
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    return [(each["status"], each["summary"]) for each in tasks]


def test_an_event_of_containerd_ticks_in_the_learners_shell(name, capsys):
    argv = ["-m", "lab_runner", "shell"]
    shell = pexpect.spawn(sys.executable, argv, timeout=20, encoding="utf-8")
    prompt = rf"root@{name}:\S*# "
    shell.expect(prompt)
    shell.sendline("labrun next")
    shell.expect("which watches")
    shell.expect(prompt)
    shell.sendline(f"ctr run --rm {BUSYBOX} brief sh -c 'exit 3'")
    shell.expect(prompt)
    shell.sendline("labrun next")
    shell.expect("Step 2 of 2")
    shell.expect(prompt)
    shell.sendline("exit")
    shell.expect(pexpect.EOF)
    shell.close()

    [(status, _)] = verdicts(capsys, "containerd")
    assert status == "passed"


def test_events_of_docker_are_known_without_a_shell(name, machine, capsys):
    _, door = machine
    main(["show", "docker"])
    run = f"docker run --name web {BUSYBOX} sh -c 'exit 3'"
    door.run(["sh", "-c", f"{run}; docker create --name api {BUSYBOX}"], timeout=30)

    died, other, pulled, unwanted = verdicts(capsys, "docker")

    assert died[0] == "passed"
    assert ", only one with name `web`" in other[1]
    assert "; it happened before" in pulled[1]
    assert unwanted[0] == "passed"

    door.run(["systemctl", "restart", "docker"], timeout=60)
    assert {status for status, _ in verdicts(capsys, "docker")} == {"error"}
