import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from registries import archive, blobs, put

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import cache, references
from lab_runner.machines.mirror.cache import Cache
from lab_runner.machines.mirror.store import Entry
from lab_runner.machines.mirror.upstream import Upstream

OTHER = references.parse("other")


@pytest.fixture
def mirror(shop, upstream):
    return Cache(shop, {"docker.io": upstream})


def read(mirror, digest):
    image = references.parse(f"other@{digest}")
    blob = mirror.blob(image)
    return b"".join(blob.pieces(0, blob.size()))


@pytest.fixture
def offline(shop):
    return Cache(shop, {"docker.io": Upstream("docker.io", "http://127.0.0.1:9")})


def test_what_thirty_ask_for_at_once_is_fetched_once(mirror, far, upstream):
    digest = put(far, "other", archive(bytes(5_000_000)))
    layer = blobs(far, digest)[1]
    start = threading.Barrier(30)

    def pull():
        start.wait()
        return mirror.manifest(OTHER)[0], read(mirror, layer)

    with ThreadPoolExecutor(30) as learners:
        pulls = [learners.submit(pull) for _ in range(30)]

    assert {pull.result() for pull in pulls} == {(digest, far.read(layer))}
    assert upstream.asked.count(layer) == 1
    # The tag by name, then what it stands for by digest.
    assert upstream.asked.count("latest") == 1
    assert upstream.asked.count(digest) == 1


def test_what_was_pulled_is_there_when_the_registry_is_not(offline, mirror, far):
    digest = put(far, "other")
    mirror.manifest(OTHER)
    content = [read(mirror, each) for each in blobs(far, digest)]

    assert offline.manifest(OTHER) == (digest, far.read(digest))
    assert [read(offline, each) for each in blobs(far, digest)] == content


def test_a_tag_that_moved_is_followed(shop, mirror, far, upstream, monkeypatch):
    put(far, "other")
    mirror.manifest(OTHER)
    newer = put(far, "other", archive(b"newer"))
    monkeypatch.setattr(cache, "FRESH", 0.0)

    assert mirror.manifest(OTHER)[0] == newer
    assert shop.entry(OTHER).digest == newer


def test_a_tag_that_was_just_asked_for_is_not_asked_for_again(mirror, far, upstream):
    digest = put(far, "other")
    mirror.manifest(OTHER)
    put(far, "other", archive(b"newer"))

    assert mirror.manifest(OTHER)[0] == digest
    assert upstream.asked.count("latest") == 1


def test_a_tag_that_was_added_stays_what_it_is(shop, mirror, far, upstream):
    digest = put(shop, "other")
    put(far, "other", archive(b"newer"))

    assert mirror.manifest(OTHER)[0] == digest
    assert upstream.asked == []


def test_what_comes_with_labrun_gives_way_to_the_real_one(shop, mirror, far):
    digest = put(shop, "other")
    shop.name(OTHER, Entry(digest, 0.0, "shipped"))
    real = put(far, "other", archive(b"real"))

    assert mirror.manifest(OTHER)[0] == real


def test_an_image_pulled_by_digest_has_a_name_and_its_parts_have_none(
    shop, mirror, far
):
    digest = put(far, "other")
    image = references.parse(f"other@{digest}")

    mirror.manifest(image)

    assert list(shop.entries()) == [image]


def test_an_image_that_is_nowhere_is_refused_in_one_sentence(mirror):
    with pytest.raises(
        MachineError, match=r"docker.io has no image `library/other:lat"
    ):
        mirror.manifest(OTHER)


def test_an_image_that_nobody_pulled_is_refused_without_the_internet(offline):
    with pytest.raises(MachineError, match=r"docker\.io cannot be reached"):
        offline.manifest(OTHER)


def test_a_blob_that_the_registry_damaged_is_not_kept(shop, mirror, far):
    digest = put(far, "other", archive(b"right"))
    layer = blobs(far, digest)[1]
    path = far.blob(layer)
    path.chmod(0o600)
    path.write_bytes(bytes(path.stat().st_size))

    with pytest.raises(MachineError, match="is damaged"):
        read(mirror, layer)
    assert shop.blob(layer) is None
