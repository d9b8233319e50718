import pytest
from registries import archive, blobs, put, put_index

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents, references
from lab_runner.machines.mirror.transfer import Transfer

HERE = documents.architecture()


def fetch(shop, upstream, name, **options):
    image = references.parse(name)
    return Transfer(image, upstream, shop, lambda _: None, **options).run("added")


def manifests(store, digest):
    return {part.architecture: part.digest for part in store.parts(digest)}


def test_an_image_arrives_whole_and_as_it_is(shop, far, upstream):
    digest = put(far, "app", archive(b"one"), archive(b"two"))

    assert fetch(shop, upstream, "app").digest == digest
    for each in (digest, *blobs(far, digest)):
        assert shop.read(each) == far.read(each)


def test_of_an_index_only_this_hosts_platform_is_fetched(shop, far, upstream):
    digest = put_index(far, "app", {HERE: archive(b"here"), "other": archive(b"there")})

    assert fetch(shop, upstream, "app").digest == digest

    found = manifests(far, digest)
    assert shop.is_whole(found[HERE], everywhere=True)
    assert shop.blob(found["other"]) is None


def test_all_platforms_are_fetched_when_asked_for(shop, far, upstream):
    digest = put_index(far, "app", {HERE: archive(b"here"), "other": archive(b"there")})

    fetch(shop, upstream, "app", everywhere=True)

    assert shop.is_whole(digest, everywhere=True)


def test_an_image_for_other_processors_only_is_refused(shop, far, upstream):
    put_index(far, "app", {"other": archive()})

    with pytest.raises(MachineError, match=f"is not for linux/{HERE}") as caught:
        fetch(shop, upstream, "app")
    assert "--all-platforms" in caught.value.remedy


def test_only_what_is_missing_is_fetched(shop, far, upstream):
    put(shop, "base", archive(b"base"))
    digest = put(far, "app", archive(b"base"), archive(b"own"))
    base, own = blobs(far, digest)[1:]

    fetch(shop, upstream, "app")

    assert base not in upstream.asked
    assert own in upstream.asked


def test_an_image_has_its_name_only_once_all_of_it_is_there(shop, far, upstream):
    digest = put(far, "app")
    layer = far.blob(blobs(far, digest)[1])
    content = layer.read_bytes()
    layer.unlink()
    with pytest.raises(MachineError):
        fetch(shop, upstream, "app")
    assert shop.entries() == {}

    layer.write_bytes(content)
    fetch(shop, upstream, "app")

    assert shop.is_whole(digest, everywhere=True)


def test_an_image_is_not_taken_for_one_of_another_digest(shop, far, upstream):
    put(far, "app")
    other = put(shop, "other", archive(b"other"))

    with pytest.raises(MachineError, match="has no image"):
        fetch(shop, upstream, f"app@{other}")


def test_how_far_it_is_is_told(shop, far, upstream):
    put(far, "app", archive(bytes(100)))
    told = []

    image = references.parse("app")
    Transfer(image, upstream, shop, told.append).run("added")

    assert told[0] == "looking for docker.io/library/app:latest"
    assert told[-1] == "fetching docker.io/library/app:latest (0.0 MB) 100 %"
