import pytest

from checks.reference import full_id, parse

HEX = "ab" * 32


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("busybox", "docker.io/library/busybox:latest"),
        ("busybox:1.36", "docker.io/library/busybox:1.36"),
        ("grafana/loki", "docker.io/grafana/loki:latest"),
        ("docker.io/busybox", "docker.io/library/busybox:latest"),
        ("index.docker.io/grafana/loki", "docker.io/grafana/loki:latest"),
        ("localhost/app", "localhost/app:latest"),
        ("registry:5000/app", "registry:5000/app:latest"),
        ("registry:5000/app:2", "registry:5000/app:2"),
        ("quay.io/a/b/c:2", "quay.io/a/b/c:2"),
        (f"busybox@sha256:{HEX}", f"docker.io/library/busybox@sha256:{HEX}"),
        (f"busybox:1@sha256:{HEX}", f"docker.io/library/busybox@sha256:{HEX}"),
    ],
)
def test_a_reference_is_completed_as_docker_does(text, completed):
    assert str(parse(text)) == completed


@pytest.mark.parametrize(
    "text",
    ["busybox:1.36", "grafana/loki:latest", "quay.io/a/b:2", "registry:5000/a:1"],
)
def test_the_familiar_form_is_what_docker_images_shows(text):
    assert parse(text).familiar == text


def test_only_a_whole_id_is_an_id():
    assert full_id(HEX) == full_id(f"sha256:{HEX}") == f"sha256:{HEX}"
    assert full_id(HEX[:12]) is None
    assert full_id("busybox") is None
