"""Every kind of check in all four outcomes, and what its verdicts may carry."""

import json

import pytest
import yaml
from furnished import SECRET, Refusing, furnished
from samples import task

from checks import registry
from checks.verdict import Status
from lab_runner import engine

SAME = "same: digest, of: [{docker-image: busybox}, {%s}]"

# By kind: what holds on the furnished machine, and what does not.
ENTRIES = {
    "package": ("package: containerd", "package: nginx"),
    "command": ("command: ctr", "command: crictl"),
    "file": ("file: /srv/hello", "file: /srv/hello, content: hello"),
    "service": ("service: cron", "service: cron, enabled: false"),
    "process": ("process: sleep", "process: nginx"),
    "port": ("port: 80", "port: 81"),
    "user": ("user: root", "user: ann"),
    "group": ("group: crowd", "group: crowd, gid: 5"),
    "mount": ("mount: /data", "mount: /data, fstype: xfs"),
    "sysctl": ("sysctl: kernel.ostype", "sysctl: kernel.ostype, value: Minix"),
    "http": (
        "http: 'http://localhost/version', socket: /var/run/docker.sock",
        "http: 'http://localhost/nothing', socket: /var/run/docker.sock",
    ),
    "shell": ("shell: 'true'", "shell: 'true', exit: 3"),
    "dialogue": (
        "dialogue: echo hi, script: [{expect: hi}]",
        "dialogue: echo hi, script: [{expect: no}]",
    ),
    "ran": ("ran: ctr images ls", "ran: ctr images pull"),
    "containerd": ("containerd: running", "containerd: stopped"),
    "namespace": ("namespace: green", "namespace: blue"),
    "image": ("image: 'docker.io/library/busybox:latest'", "image: nginx"),
    "container": ("container: web", "container: nothing"),
    "task": ("task: busy", "task: web"),
    "snapshot": ("snapshot: layer", "snapshot: layer, kind: active"),
    "content": (f"content: 'sha256:{'cd' * 32}'", f"content: 'sha256:{'0' * 64}'"),
    "lease": ("lease: keep", "lease: nothing"),
    "event": ("event: /tasks/exit", "event: /tasks/start"),
    "cri": ("cri: ready", "cri: ready, version: '9'"),
    "pod": ("pod: web", "pod: nothing"),
    "cri-container": ("cri-container: box", "cri-container: box, state: exited"),
    "cri-image": ("cri-image: 'docker.io/library/busybox:latest'", "cri-image: nginx"),
    "docker": ("docker: running", "docker: stopped"),
    "docker-image": ("docker-image: busybox", "docker-image: nginx"),
    "docker-container": ("docker-container: web", "docker-container: web, exit: 1"),
    "docker-network": ("docker-network: lan", "docker-network: lan, driver: macvlan"),
    "docker-volume": ("docker-volume: data", "docker-volume: nothing"),
    "bundle": ("bundle: /b", "bundle: /b, hostname: web"),
    "runc": ("runc: web", "runc: web, status: stopped"),
    "oci-layout": ("oci-layout: /l, tag: latest", "oci-layout: /l, tag: '1.0'"),
    "any": ("any: [{port: 80}, {port: 81}]", "any: [{port: 81}]"),
    "all": ("all: [{port: 80}]", "all: [{port: 80}, {port: 81}]"),
    "same": (SAME % "docker-image: busybox", SAME % "docker-image: nginx"),
    "not": ("not: {port: 81}", "not: {port: 80}"),
}


@pytest.fixture(scope="module")
def machine():
    with furnished() as machine:
        yield machine


def judged(kind, entry, machine, needs=()):
    """Have the engine decide an entry, last of the tasks that it needs."""
    spec = yaml.load(f"{{{entry}}}", Loader=yaml.BaseLoader)
    tasks = [*needs, task("asked", kind, spec, needs=tuple(each.id for each in needs))]
    return engine.run(tasks, lambda _: machine)[-1].verdict


def test_every_kind_has_a_row():
    assert list(ENTRIES) == list(registry.KINDS)


@pytest.mark.parametrize("kind", ENTRIES)
def test_what_is_so_has_passed(machine, kind):
    verdict = judged(kind, ENTRIES[kind][0], machine)

    assert verdict.status is Status.PASSED, verdict


@pytest.mark.parametrize("kind", ENTRIES)
def test_what_is_not_so_has_failed_and_is_explained(machine, kind):
    verdict = judged(kind, ENTRIES[kind][1], machine)

    assert verdict.status is Status.FAILED, verdict
    assert verdict.summary


@pytest.mark.parametrize("entry", [0, 1])
@pytest.mark.parametrize("kind", ENTRIES)
def test_what_may_not_be_looked_at_could_not_be_told(kind, entry):
    verdict = judged(kind, ENTRIES[kind][entry], Refusing())

    assert verdict.status is Status.ERROR, verdict
    assert verdict.summary


@pytest.mark.parametrize("kind", ENTRIES)
def test_what_needs_something_that_does_not_hold_is_skipped(machine, kind):
    needed = task("first", "port", {"port": "81"})

    verdict = judged(kind, ENTRIES[kind][0], machine, [needed])

    assert verdict.status is Status.SKIPPED
    assert "does not hold yet" in verdict.summary


@pytest.mark.parametrize("entry", [0, 1])
@pytest.mark.parametrize("kind", ENTRIES)
def test_facts_are_bounded_and_can_be_kept_as_json(machine, kind, entry):
    facts = judged(kind, ENTRIES[kind][entry], machine).facts

    assert len(json.dumps(facts).encode()) <= 16 << 10
    assert json.loads(json.dumps(facts)) == facts


@pytest.mark.parametrize("entry", [0, 1])
@pytest.mark.parametrize("kind", ENTRIES)
def test_secrets_of_the_machine_are_in_no_facts(machine, kind, entry):
    assert SECRET not in str(judged(kind, ENTRIES[kind][entry], machine).facts)
