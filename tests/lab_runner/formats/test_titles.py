import pytest

from checks import registry, spec
from lab_runner.formats.titles import title

TITLES = [
    ({"package": "runc"}, "Package `runc` is installed"),
    (
        {"package": ["containerd", "containerd.io"], "version": {"at_least": "1.6"}},
        "Package `containerd` or `containerd.io` is installed, version at least 1.6",
    ),
    ({"package": "runc", "exists": "false"}, "Package `runc` is gone"),
    ({"command": "ctr"}, "Command `ctr` is on the PATH"),
    ({"file": "/etc/motd"}, "File `/etc/motd` exists"),
    (
        {"file": "/srv", "type": "directory", "mode": "0755", "owner": "root"},
        "Directory `/srv` exists with mode 0755, owner root",
    ),
    ({"file": "/l", "type": "symlink"}, "Symbolic link `/l` exists"),
    (
        {"file": "/etc/motd", "content": {"contains": "x"}},
        "File `/etc/motd` exists and holds what it should",
    ),
    ({"file": "/etc/motd", "exists": "false"}, "File `/etc/motd` is gone"),
    ({"service": "containerd"}, "Service `containerd` is active"),
    (
        {"service": "containerd", "enabled": "true"},
        "Service `containerd` is active and enabled",
    ),
    (
        {"service": "containerd", "active": "any", "enabled": "true"},
        "Service `containerd` is enabled",
    ),
    (
        {"service": "containerd", "active": "false", "enabled": "false"},
        "Service `containerd` is stopped and not enabled",
    ),
    ({"process": "httpd"}, "Process `httpd` is running"),
    ({"process": "httpd", "count": "0"}, "Process `httpd` is not running"),
    (
        {"process": "httpd", "count": {"at_most": "2"}},
        "Process `httpd` runs at most 2 times",
    ),
    ({"port": "80"}, "Something listens on tcp port `80`"),
    ({"port": "80", "exists": "false"}, "Nothing listens on tcp port `80`"),
    ({"shell": "true"}, "`true` succeeds"),
    ({"shell": "false", "exit": "1"}, "`false` ends with exit code 1"),
    ({"shell": "uname", "stdout": "Linux"}, "`uname` prints what it should"),
    ({"shell": "cd /\nls"}, "`cd /…` succeeds"),
    ({"shell": "x" * 90}, f"`{'x' * 59}…` succeeds"),
    (
        {"dialogue": "sh", "script": [{"expect": "\\$"}]},
        "`sh` answers as it should",
    ),
    ({"containerd": "running"}, "containerd is running"),
    ({"namespace": "demo"}, "Namespace `demo` exists"),
    ({"namespace": "demo", "exists": "false"}, "Namespace `demo` is gone"),
    ({"image": "a/b:c", "namespace": "demo"}, "Image `a/b:c` in namespace `demo`"),
    ({"image": "a/b:c"}, "Image `a/b:c` is in containerd"),
    ({"image": "a/b:c", "exists": "false"}, "Image `a/b:c` is gone"),
    (
        {"image": "a/b:c", "namespace": "demo", "exists": "false"},
        "Image `a/b:c` is gone from namespace `demo`",
    ),
    (
        {"container": "web", "namespace": "demo"},
        "Container `web` in namespace `demo`",
    ),
    ({"task": "web"}, "Task `web` is running"),
    ({"task": "web", "exit": "137"}, "Task `web` is stopped"),
    (
        {"task": "web", "status": {"one_of": ["paused", "running"]}},
        "Task `web` is paused or running",
    ),
    (
        {"task": "web", "namespace": "demo"},
        "Task `web` is running in namespace `demo`",
    ),
    ({"snapshot": "web"}, "Snapshot `web` is in containerd"),
    (
        {"content": "sha256:" + "0" * 64},
        f"Content `sha256:{'0' * 52}…` is in containerd",
    ),
    ({"lease": "keep"}, "Lease `keep` is in containerd"),
    ({"event": "/tasks/exit"}, "Event `/tasks/exit` happens"),
    (
        {"event": "/tasks/oom", "exists": "false"},
        "Event `/tasks/oom` does not happen",
    ),
    ({"cri": "ready"}, "CRI is ready"),
    ({"pod": "web"}, "Pod `web` is ready"),
    (
        {"pod": "web", "namespace": "shop", "state": "notready"},
        "Pod `web` is notready in namespace `shop`",
    ),
    ({"cri-container": "server"}, "CRI container `server` is running"),
    ({"cri-container": "job", "exit": "0"}, "CRI container `job` is exited"),
    ({"cri-image": "busybox"}, "CRI image `busybox` is there"),
    ({"docker": "stopped"}, "Docker is stopped"),
    ({"docker-image": "busybox"}, "Docker image `busybox` is there"),
    (
        {"same": "pid", "of": [{"task": "web"}, {"runc": "web"}]},
        "One pid: Task `web` is running, runc container `web` is running",
    ),
    ({"docker-network": "backend"}, "Docker network `backend` exists"),
    ({"docker-volume": "data", "exists": "false"}, "Docker volume `data` is gone"),
    ({"docker-container": "web"}, "Docker container `web` is running"),
    ({"docker-container": "web", "exit": "0"}, "Docker container `web` is exited"),
    ({"bundle": "/b"}, "Bundle `/b` can be run by an OCI runtime"),
    ({"ran": "ctr images ls"}, "Command `ctr images ls` was run"),
    ({"ran": "ls", "exists": "false"}, "Command `ls` was not run"),
    ({"oci-layout": "/l"}, "OCI layout `/l` has a whole image"),
    ({"runc": "web"}, "runc container `web` is running"),
    ({"runc": "web", "status": "created"}, "runc container `web` is created"),
    ({"user": "anna"}, "User `anna` exists"),
    ({"user": "anna", "groups": ["docker"]}, "User `anna` is in group `docker`"),
    ({"user": "anna", "exists": "false"}, "User `anna` is gone"),
    ({"group": "docker"}, "Group `docker` exists"),
    ({"mount": "/srv"}, "File system `/srv` is mounted"),
    (
        {"sysctl": "net.ipv4.ip_forward", "value": "1"},
        "Kernel parameter `net.ipv4.ip_forward` is 1",
    ),
    (
        {"http": "http://localhost:8080", "status": "200"},
        "`http://localhost:8080` answers with 200",
    ),
    (
        {"http": "http://localhost:8080", "exists": "false"},
        "Nothing answers at `http://localhost:8080`",
    ),
    (
        {"any": [{"command": "ctr"}, {"package": "runc"}]},
        "Command `ctr` is on the PATH, or Package `runc` is installed",
    ),
    (
        {"all": [{"command": "ctr"}, {"package": "runc"}]},
        "Command `ctr` is on the PATH, and Package `runc` is installed",
    ),
    ({"not": {"package": "runc"}}, "Not so: Package `runc` is installed"),
]


@pytest.mark.parametrize(
    ("entry", "expected"), TITLES, ids=lambda value: str(value)[:60]
)
def test_a_task_without_a_name_says_what_is_to_be_achieved(entry, expected):
    kind = next(iter(entry))
    check = spec.build(kind, registry.load(kind), entry)

    assert title(kind, check) == expected


def test_every_kind_has_a_title_of_its_own():
    assert {next(iter(entry)) for entry, _ in TITLES} == set(registry.KINDS)
