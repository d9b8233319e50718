"""What several commands leave together."""

from lab_runner.inference import infer
from lab_runner.inference.fold import Fold


def left(*steps):
    fold = Fold()
    return [[dict(f.spec) for f in fold.step(infer.line(each))] for each in steps][-1]


def test_a_look_in_a_later_step_expects_what_an_earlier_one_did():
    found = left("systemctl stop web", "systemctl status web")
    assert found == [{"service": "web", "active": False}]


def test_a_look_before_a_removal_is_not_asked_for():
    found = left("systemctl status web; apt remove -y web")
    assert found == [{"package": "web", "exists": False}]


def test_what_may_not_run_makes_uncertain_what_was_known():
    assert left("echo a > /f; false || echo b > /f") == []


def test_permissions_add_to_what_is_known_of_a_file():
    found = left("echo a > /f; chmod 600 /f")
    assert found[0]["content"] == "a"
    assert found[0]["mode"] == "0600"


def test_a_container_takes_its_stopped_task_along():
    found = left("ctr t kill -s 9 web && ctr c rm web")
    assert found == [{"container": "web", "namespace": "default", "exists": False}]


def test_what_an_earlier_step_has_left_is_not_said_again():
    found = left("docker pull busybox", "docker run -d --name web busybox")
    assert [next(iter(each)) for each in found] == ["docker-container"]


def test_what_adds_to_an_earlier_step_is_said():
    assert left("echo a > /f", "chmod 600 /f")[0]["mode"] == "0600"


def test_what_is_written_over_a_file_takes_its_text_away():
    found = left("echo a > /f; date > /f")
    assert found == [{"file": "/f", "type": "file"}]


def test_what_nobody_knows_added_to_a_file_makes_its_text_uncertain():
    found = left("echo a > /f; date >> /f")
    assert found == [{"file": "/f", "type": "file"}]


def test_what_find_deletes_is_uncertain():
    assert left("touch /srv/a /etc/b; find /srv -name 'a*' -delete") == [
        {"file": "/etc/b", "type": "file"}
    ]


def test_what_changes_the_clock_is_no_look():
    assert (
        left("date -s 12:00; hostname web; ip route replace default via 10.0.0.1") == []
    )


def test_what_is_removed_by_a_name_that_nobody_knows_may_be_anything():
    image = "docker.io/library/busybox:latest"
    assert left(f"ctr i pull {image}; ctr i rm $(ctr i ls -q)") == []
    assert left("docker run -d --name a nginx; docker stop $(docker ps -q)") == [
        {"docker-image": "nginx:latest"}
    ]
