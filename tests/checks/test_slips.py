"""What an author can see to be wrong without a machine is told without one."""

import pytest

from checks import registry, spec


@pytest.mark.parametrize(
    ("entry", "key", "part"),
    [
        ({"bundle": "rel"}, "bundle", "not an absolute path"),
        ({"runc": "web", "root": "rel"}, "root", "not an absolute path"),
        ({"content": "sha256:abc"}, "content", "not a whole digest"),
        ({"content": "busybox"}, "content", "not a whole digest"),
        ({"containerd": "stopped", "version": "1"}, "version", "has none"),
        ({"docker": "stopped", "version": "1"}, "version", "has none"),
        ({"containerd": "running", "address": "rel"}, "address", "not the path"),
        ({"docker": "running", "address": "rel"}, "address", "not the path"),
        ({"docker-image": "x", "address": "tcp://x"}, "address", "not the path"),
        ({"docker-container": "x", "address": "rel"}, "address", "not the path"),
        ({"docker-container": "/box"}, "docker-container", "no name begins"),
        ({"namespace": "a b"}, "namespace", "cannot be a namespace"),
        ({"image": "x", "namespace": "a b"}, "namespace", "cannot be a namespace"),
        ({"container": "x", "namespace": "a b"}, "namespace", "cannot be a namespace"),
        ({"task": "x", "address": "rel"}, "address", "not the path"),
        ({"snapshot": "x", "address": "rel"}, "address", "not the path"),
        ({"command": "runc list"}, "command", "more than a name"),
        ({"command": "/usr/bin/runc"}, "command", "is a path"),
        ({"process": "sleep 300"}, "process", "not the name of a program"),
        ({"process": "/bin/sleep"}, "process", "not the name of a program"),
        ({"service": "getty@"}, "service", "is a template"),
        ({"service": "getty@.service"}, "service", "is a template"),
    ],
)
def test_a_slip_is_told_when_the_lab_is_read(entry, key, part):
    kind = next(iter(entry))
    (fault,) = spec.problems(kind, registry.load(kind), entry)

    assert fault.path == (key,)
    assert part in fault.message


@pytest.mark.parametrize(
    "entry",
    [
        {"service": "getty@tty1"},
        {"task": "x", "address": "unix:///run/c.sock"},
        {"docker": "stopped", "address": "/run/d.sock"},
        {"process": "containerd-shim-runc-v2"},
    ],
)
def test_what_can_be_is_no_slip(entry):
    kind = next(iter(entry))

    assert list(spec.problems(kind, registry.load(kind), entry)) == []
