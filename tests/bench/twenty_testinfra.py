"""The twenty facts of twenty.md as pytest-testinfra asks for them."""

IMAGE = "docker.io/library/busybox:latest"


def test_twenty(host):
    assert host.package("containerd").is_installed
    assert host.package("runc").is_installed
    assert host.package("systemd").is_installed
    assert host.package("python3").is_installed
    assert host.exists("ctr")
    assert host.exists("containerd")
    assert host.file("/usr/bin/ctr").mode == 0o755
    assert host.file("/srv/lab/one").contains("hello")
    assert host.file("/srv/lab/two").user == "root"
    service = host.service("containerd")
    assert service.is_running
    assert service.is_enabled
    assert host.process.filter(comm="containerd")
    assert IMAGE in host.check_output("ctr images ls -q")
    for name in ("web1", "web2", "web3"):
        assert name in host.check_output("ctr containers ls -q")
    for name in ("web1", "web2", "web3"):
        assert f"{name}" in host.check_output("ctr tasks ls")
    assert "default" in host.check_output("ctr namespaces ls -q")
    assert host.file("/run/containerd/containerd.sock").is_socket
