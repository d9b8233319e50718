import pytest

from lab_runner.errors import UsageError
from lab_runner.machines.mirror.references import parse

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("busybox", "docker.io/library/busybox:latest"),
        ("busybox:1.36", "docker.io/library/busybox:1.36"),
        ("team/app", "docker.io/team/app:latest"),
        ("docker.io/busybox", "docker.io/library/busybox:latest"),
        ("index.docker.io/team/app", "docker.io/team/app:latest"),
        ("quay.io/coreos/etcd:v3", "quay.io/coreos/etcd:v3"),
        ("registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9"),
        (f"busybox@{DIGEST}", f"docker.io/library/busybox@{DIGEST}"),
        (f"busybox:1@{DIGEST}", f"docker.io/library/busybox:1@{DIGEST}"),
    ],
)
def test_a_name_means_what_it_means_to_docker(written, meant):
    assert str(parse(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Busybox",
        "busybox:",
        "a//b",
        "x:-tag",
        "x@sha256:12",
        "x y",
        "a/../b",
    ],
)
def test_what_is_no_name_is_refused(written):
    with pytest.raises(UsageError, match="is not the name of an image"):
        parse(written)


@pytest.mark.parametrize("server", ["example.com", "localhost:5000", "kuay.io"])
def test_a_registry_that_the_mirror_does_not_pass_for_is_refused(server):
    with pytest.raises(UsageError, match=f"does not pass for `{server}`"):
        parse(f"{server}/image")


def test_a_registry_that_was_misspelt_is_guessed():
    with pytest.raises(UsageError, match=r"did you mean `quay\.io`"):
        parse("kuay.io/image")


def test_an_image_by_tag_and_digest_is_kept_by_its_tag():
    assert str(parse(f"busybox:1@{DIGEST}").name) == "docker.io/library/busybox:1"
    assert parse(f"busybox:1@{DIGEST}").wanted == DIGEST
