"""What is no longer sure: later commands make earlier facts uncertain."""

import pytest

from lab_runner.inference import infer
from lab_runner.inference.fold import Fold


def left(text):
    return [dict(fact.spec) for fact in Fold().step(infer.line(text))]


@pytest.mark.parametrize(
    "text",
    [
        "echo a > f; git checkout .",
        "echo a > f; git stash",
        "echo a > f; vim f",
        "docker run -d --name web -p 80:80 nginx; docker pull nginx; docker rm -fa",
    ],
)
def test_a_file_or_container_that_may_have_changed_is_not_told(text):
    assert [each for each in left(text) if "docker-image" not in each] == []


def test_a_container_that_has_ended_publishes_no_ports():
    found = left("docker run -d --name web -p 80:80 nginx; docker stop web")
    assert found[-1] == {"docker-container": "web", "state": "exited"}


def test_a_short_sleep_is_not_told_to_run_on():
    found = left("ctr run -d docker.io/library/busybox:latest a sleep 10")
    assert [next(iter(each)) for each in found] == ["container"]


def test_a_long_sleep_runs_on():
    found = left("ctr run -d docker.io/library/busybox:latest a sleep 1h")
    assert [next(iter(each)) for each in found] == ["container", "task"]


def test_a_copy_into_what_may_be_no_directory_is_told_without_its_inside():
    assert left("cp -r site/ www/") == [{"file": "/root/www"}]


def test_the_shell_of_a_login_begins_at_home():
    assert left("sudo -iu bob touch x")[0]["file"] == "/home/bob/x"


def test_a_word_that_the_grammar_takes_for_two_is_one():
    found = left("V=v1; wget https://example.com/$V/tool-$V-linux.tar.gz")
    assert found == [{"file": "/root/tool-v1-linux.tar.gz", "type": "file"}]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sh install.sh", "unknown"),
        ("curl -fsSL https://example.com | sh -", "unknown"),
        ("hostnamectl set-hostname node1", "change"),
        ("journalctl -fu containerd", "interactive"),
        ("go build ./...", "unknown"),
    ],
)
def test_a_command_is_of_its_class(text, kind):
    assert infer.line(text)[-1].effects.kind == kind


def test_text_whose_lines_begin_like_its_end_is_not_told():
    assert left("cat >/f <<'E'\n[Service]\nExecStart=/x\nE\ntouch /g\n") == []
