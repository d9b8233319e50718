import pytest

from checks.containerd.content import Content
from checks.errors import SpecError
from checks.matchers import at_least, equals, parse
from checks.testing.containerd import DIGEST
from checks.verdict import Status


def test_content_under_its_digest_passes(containerd):
    containerd.has_content(DIGEST, size=417)

    verdict = Content(DIGEST, size=at_least(1)).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == Content.FACTS
    assert verdict.facts == {"digest": DIGEST, "size": 417}


def test_absent_content_is_said_to_be_absent(containerd):
    verdict = Content(DIGEST).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"There is no content `{DIGEST}` in namespace `default`"
    assert verdict.hint == "ctr content ls"


def test_content_in_another_namespace_is_found_there(containerd):
    containerd.has_content(DIGEST, size=417, namespace="k8s.io")

    verdict = Content(DIGEST).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == "namespace k8s.io"


def test_another_size_is_named(containerd):
    containerd.has_content(DIGEST, size=417)

    verdict = Content(DIGEST, size=equals(418)).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert (verdict.expected, verdict.actual) == ("size 418", "417")


def test_labels_are_compared(containerd):
    containerd.has_content(DIGEST, size=417, labels={"from": "hub"})

    held = Content(DIGEST, labels={"from": equals("hub")}).run(containerd.machine)
    differs = Content(DIGEST, labels={"to": equals("hub")}).run(containerd.machine)

    assert (held.status, differs.status) == (Status.PASSED, Status.FAILED)


def test_a_label_that_is_not_there_is_unlike_nothing(containerd):
    containerd.has_content(DIGEST, size=417, labels={})
    unlike = {"tier": parse({"not": "back"})}

    assert (
        Content(DIGEST, labels=unlike).run(containerd.machine).status is Status.FAILED
    )


@pytest.mark.parametrize("digest", ["sha256:ab", "ab" * 32, "busybox", DIGEST + "0"])
def test_a_digest_that_is_not_whole_is_the_authors_error(containerd, digest):
    with pytest.raises(SpecError, match="not a whole digest"):
        Content(digest).run(containerd.machine)


def test_unwanted_content_that_is_not_there_is_gone(containerd):
    verdict = Content(DIGEST, exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_unwanted_content_comes_with_the_command_that_removes_it(containerd):
    containerd.has_content(DIGEST, size=417)

    verdict = Content(DIGEST, exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == f"ctr content rm {DIGEST}"
