"""Every kind of the host and the shell on a real process tree with its own root."""

import socket
import subprocess

import pytest

from checks import registry, spec
from checks.errors import ToolMissing, Unreachable
from checks.verdict import Status

pytestmark = pytest.mark.real


@pytest.fixture
def judge(contained):
    def judge(kind, subject, **keys):
        check = spec.build(kind, registry.load(kind), {kind: subject, **keys})
        return check.run(contained)

    return judge


def test_a_package_is_one_of_the_machine(judge, tree):
    with pytest.raises(ToolMissing):
        judge("package", "bash")

    database = tree[0] / "var/lib/dpkg"
    database.mkdir(parents=True)
    (database / "status").write_text(
        "Package: inside-only\nStatus: install ok installed\n"
        "Version: 1.0\nArchitecture: all\n"
    )

    assert judge("package", "inside-only").status is Status.PASSED
    assert judge("package", "bash").status is Status.FAILED


def test_a_command_is_found_where_root_finds_it(judge, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    assert judge("command", "sh").facts["path"] == "/usr/bin/sh"


def test_a_file_is_one_of_the_machine(judge, tree):
    (tree[0] / "etc/passwd").write_text("inside:x:0:0::/root:/bin/sh\n")
    (tree[0] / "etc/note").write_text("hello\n")

    verdict = judge("file", "/etc/note", owner="inside", content="hello")

    assert verdict.status is Status.PASSED


def test_a_planted_link_shows_nothing_of_the_host(judge, tree, tmp_path):
    (tmp_path / "secret").write_text("the host's")
    (tree[0] / "tmp/link").symlink_to(tmp_path / "secret")

    verdict = judge("file", "/tmp/link", content="the host's")

    assert verdict.summary == (
        f"`/tmp/link` is a link to `{tmp_path}/secret`, which does not exist"
    )


def test_a_process_is_one_of_the_machine(judge):
    with subprocess.Popen(["sleep", "63"]) as outside:
        assert judge("process", "sleep").facts["pids"] == [1]
        outside.kill()


def test_a_port_is_found_in_the_network_of_the_machine(judge):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])

        found = judge("port", port)

    assert found.status is Status.PASSED
    assert judge("port", port).status is Status.FAILED


def test_a_service_cannot_be_told_without_systemd(judge):
    with pytest.raises((ToolMissing, Unreachable)):
        judge("service", "containerd")


def test_a_command_line_runs_inside(judge, tree):
    (tree[0] / "etc/hostname").write_text("inside\n")

    assert judge("shell", "cat /etc/hostname", stdout="inside").status is Status.PASSED


def test_a_dialogue_is_held_inside(judge):
    script = [{"expect": "# $", "send": "cat /proc/1/comm"}, {"expect": "^sleep$"}]

    verdict = judge("dialogue", "PS1='# ' sh -i", script=script)

    assert verdict.status is Status.PASSED
