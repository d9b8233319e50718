import pytest

from checks.docker.docker_image import DockerImage
from checks.errors import CheckError, SpecError
from checks.matchers import equals, parse
from checks.verdict import Status

ID = "sha256:" + "ab" * 32
DIGEST, OTHER_DIGEST = "sha256:" + "11" * 32, "sha256:" + "22" * 32


def named(verdict):
    return verdict.summary.partition("; ")[2]


@pytest.mark.parametrize(
    "name", ["busybox", "busybox:latest", "docker.io/library/busybox", ID, ID[7:]]
)
def test_an_image_is_found_under_each_of_its_exact_names(engine, machine, name):
    engine.has_image("busybox:latest")
    verdict = DockerImage(name).run(machine)
    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == DockerImage.FACTS
    assert verdict.facts == {
        "id": ID,
        "tags": ["busybox:latest"],
        "digests": [],
        "platform": "linux/amd64",
    }


def test_an_image_is_found_by_digest(engine, machine):
    engine.has_image("busybox:latest", digests=[f"busybox@{DIGEST}"])
    assert DockerImage(f"busybox@{DIGEST}").run(machine).status is Status.PASSED


def test_an_absent_image_fails_with_the_command_that_pulls_it(machine):
    verdict = DockerImage("busybox:1.36").run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has no image `busybox:1.36`"
    assert verdict.hint == "docker pull busybox:1.36"


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ("busybox:latest", "busybox:1.36"),
        ("registry:5000/busybox:1.36", "busybox:1.36"),
        ("busibox:latest", "busybox"),
    ],
)
def test_the_near_miss_is_named(engine, machine, there, asked):
    engine.has_image(there)
    assert named(DockerImage(asked).run(machine)) == f"it has `{there}`"


def test_another_tag_is_nearer_than_another_registry(engine, machine):
    engine.has_image("quay.io/busybox:1.36", "busybox:latest")
    assert named(DockerImage("busybox:1.36").run(machine)) == "it has `busybox:latest`"


def test_an_image_that_has_lost_its_tag_is_named(engine, machine):
    engine.has_image(digests=[f"busybox@{DIGEST}"])
    assert named(DockerImage("busybox").run(machine)) == (
        f"an image of it has lost its tag: `{ID}`"
    )


@pytest.mark.parametrize(
    ("asked", "near", "hint"),
    [
        (
            f"registry:5000/app@{DIGEST}",
            "`busybox:latest` has that digest",
            f"docker pull registry:5000/app@{DIGEST}",
        ),
        (
            DIGEST,
            "that is the digest of `busybox:latest`, not its ID",
            "docker images --no-trunc",
        ),
        (
            f"busybox@{OTHER_DIGEST}",
            "it has `busybox:latest`",
            f"docker pull busybox@{OTHER_DIGEST}",
        ),
    ],
)
def test_a_digest_that_is_not_there_is_explained(engine, machine, asked, near, hint):
    engine.has_image("busybox:latest", digests=[f"busybox@{DIGEST}"])
    verdict = DockerImage(asked).run(machine)
    assert verdict.status is Status.FAILED
    assert (named(verdict), verdict.hint) == (near, hint)


def test_an_image_for_another_platform_fails_with_the_command_that_pulls_it(
    engine, machine
):
    engine.has_image("busybox:latest", platform=("linux", "arm", "v7"))
    verdict = DockerImage("busybox", platform="linux/amd64").run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "Docker has the image `busybox` for linux/arm/v7"
    assert verdict.hint == "docker pull --platform linux/amd64 busybox"


@pytest.mark.parametrize("platform", ["linux/arm", "linux/arm/v7"])
def test_a_platform_without_its_variant_means_any(engine, machine, platform):
    engine.has_image("busybox:latest", platform=("linux", "arm", "v7"))
    check = DockerImage("busybox", platform=platform)
    assert check.run(machine).status is Status.PASSED


def test_what_is_no_platform_is_a_fault_of_the_check():
    with pytest.raises(SpecError, match="`amd64` names no platform"):
        DockerImage("busybox", platform="amd64")


def test_unlike_images_are_not_named(engine, machine):
    engine.has_image("nginx:latest", "<none>:<none>")
    assert named(DockerImage("busybox").run(machine)) == ""


def test_the_beginning_of_an_id_names_no_image(engine, machine):
    engine.has_image("busybox:latest")
    engine.answers["/images/abababababab/json"] = engine.answers[f"/images/{ID}/json"]
    verdict = DockerImage("abababababab").run(machine)
    assert verdict.status is Status.FAILED
    assert named(verdict) == "the ID of `busybox:latest` only begins with that"
    assert verdict.hint == "docker images --no-trunc"


def test_an_answer_about_another_image_is_not_believed(engine, machine):
    engine.has_image("nginx:latest")
    nginx = engine.answers["/images/docker.io/library/nginx:latest/json"]
    engine.answers["/images/docker.io/library/busybox:latest/json"] = nginx
    assert DockerImage("busybox").run(machine).status is Status.FAILED


def test_an_image_that_must_not_exist(engine, machine):
    check = DockerImage("busybox", exists=False)
    assert check.run(machine).status is Status.PASSED
    engine.has_image("busybox:latest")
    verdict = check.run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.hint == "docker rmi busybox"


def test_the_digest_is_the_one_of_the_repository_asked_for(engine, machine):
    digests = [f"busybox@{DIGEST}", f"quay.io/busybox@{OTHER_DIGEST}"]
    engine.has_image("busybox:latest", digests=digests)
    assert DockerImage("busybox", equals(DIGEST)).run(machine).status is Status.PASSED
    verdict = DockerImage("busybox", equals(OTHER_DIGEST)).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.actual == DIGEST


def test_not_is_asked_of_every_digest(engine, machine):
    digests = [f"busybox@{DIGEST}", f"busybox@{OTHER_DIGEST}"]
    engine.has_image("busybox:latest", digests=digests)
    check = DockerImage("busybox", parse({"not": DIGEST}))
    assert check.run(machine).status is Status.FAILED


def test_an_image_built_here_has_no_digest(engine, machine):
    engine.has_image("app:latest")
    verdict = DockerImage("app", parse({"not": DIGEST})).run(machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "Docker has the image `app` with no digest of its registry: "
        "it was not pulled from there"
    )


@pytest.mark.parametrize("exists", [True, False])
def test_a_daemon_that_is_down_proves_nothing(without_docker, exists):
    with pytest.raises(CheckError) as error:
        DockerImage("busybox", exists=exists).run(without_docker)
    assert error.value.remedy == "systemctl start docker"
