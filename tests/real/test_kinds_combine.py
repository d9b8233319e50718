"""Checks in checks on a real machine, and questions about what is really there."""

import json
import os
import subprocess
import sys

import kinds
import pytest

import labs
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("combine")]

IMAGE = "docker.io/library/busybox:latest"
PREPARE = f"""
ctr images pull {IMAGE}
ctr run --detach {IMAGE} web sleep 100000
systemctl stop docker.socket docker
"""
LABRUN = (sys.executable, "-m", "lab_runner")
P, F, E = Status.PASSED, Status.FAILED, Status.ERROR
CASES = [
    ("{any: [{file: /snap/bin/ctr}, {command: ctr}]}", P, "/usr/bin/ctr"),
    (
        "{any: [{package: nginx}, {image: busybox:latest}, {task: other}]}",
        F,
        "None of these holds: `nginx` is not installed; There is no image",
    ),
    ("{any: [{package: nginx}, {docker-image: busybox}]}", E, "Docker"),
    (
        "{all: [{package: containerd}, {service: containerd}, {task: web}]}",
        P,
        "containerd.service",
    ),
    (
        "{all: [{service: containerd}, {image: busybox:latest}, {file: /nothing}]}",
        F,
        "docker.io/library/busybox:latest",
    ),
    ("{all: [{docker-image: busybox}, {package: containerd}]}", E, "Docker"),
    ("{all: [{docker-image: busybox}, {package: nginx}]}", F, "`nginx`"),
    ("{not: {task: web, status: stopped}}", P, "running"),
    ("{not: {task: web}}", F, "This must not be so: "),
    ("{not: {docker-image: busybox}}", E, "Docker"),
    ("{not: {any: [{package: nginx}, {not: {task: web}}]}}", P, "None of these"),
]
LAB = f"""\
# Questions

## Ask {{{{#ask}}}}

```yaml check
- image: {IMAGE}
```

```yaml question
id: version
ask: Which version of containerd is it?
fact: {{{{package: containerd}}}}
get: version
```

```yaml question
id: digest
ask: Which digest has the image?
fact: {{{{image: "{IMAGE}"}}}}
get: digest
```

```yaml question
id: pid
ask: Which process runs in the container?
fact: {{{{all: [{{{{service: containerd}}}}, {{{{task: web}}}}]}}}}
get: checks.1.facts.pid
```
"""


@pytest.fixture(scope="module")
def machine(lab_machine):
    name, door = lab_machine(["containerd", "docker.io"])
    prepared = door.run(["bash", "-ex", "-c", PREPARE], timeout=120)
    assert prepared.exit == 0, prepared.stderr[-2000:]
    return name, door


@pytest.mark.parametrize(("entry", "status", "said"), CASES)
def test_checks_together_are_judged_on_a_real_machine(machine, entry, status, said):
    kinds.judge(machine[1], entry, status, said)


@pytest.fixture
def labrun(machine, tmp_path):
    env = {**os.environ, "LABRUN_STATE_DIR": str(tmp_path / "state")}

    def run(*argv):
        ran = subprocess.run(
            [*LABRUN, *argv, "--json"], env=env, capture_output=True, text=True
        )
        return ran.returncode, json.loads(ran.stdout)

    lab = labs.write(tmp_path, LAB, "questions")
    assert run("start", str(lab), "--on", machine[0])[0] == 0
    return run


def test_answers_are_facts_of_the_machine_in_any_form(machine, labrun):
    _, door = machine
    version = door.run(["dpkg-query", "-f", "${Version}", "-W", "containerd"]).stdout
    listed = door.run(["ctr", "images", "ls", f"name=={IMAGE}"]).stdout.split()
    digest = next(word for word in listed if word.startswith("sha256:"))
    tasks = door.run(["ctr", "tasks", "ls"]).stdout.splitlines()
    pid = next(line.split()[1] for line in tasks if line.startswith("web "))

    assert labrun("answer", "version", version)[0] == 0
    assert labrun("answer", "version", "v" + version.partition("~")[0])[0] == 0
    assert labrun("answer", "version", version[:3])[0] == 1
    assert labrun("answer", "digest", digest.removeprefix("sha256:")[:12])[0] == 0
    assert labrun("answer", "digest", digest[:-1] + "x")[0] == 1
    assert labrun("answer", "pid", pid)[0] == 0
    code, wrong = labrun("answer", "pid", pid + "0")
    assert (code, wrong["why"]) == (
        1,
        "That is a number, but not the one that is asked for.",
    )
