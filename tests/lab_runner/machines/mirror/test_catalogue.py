import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from registries import archive, blobs, put

from lab_runner.errors import MachineError, UsageError
from lab_runner.machines.mirror import catalogue, references, store
from lab_runner.machines.mirror.store import Entry


@pytest.fixture(autouse=True)
def root(tmp_path, upstream, monkeypatch):
    """A machine folder whose registries are all the one of this host."""
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(tmp_path / "machines"))
    here = f"docker.io={upstream.url},quay.io={upstream.url}"
    monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", here)
    return tmp_path / "machines"


@pytest.fixture
def here(root):
    return store.of(root)


def quietly(_):
    """Tell nobody how far it is."""


def statuses(outcomes):
    return {str(each.order.image): each.status for each in outcomes}


def test_images_are_added_and_listed(far):
    digest = put(far, "app:1")

    assert statuses(catalogue.add(["app:1"], quietly)) == {
        "docker.io/library/app:1": "fetched"
    }

    (image,) = catalogue.images()
    assert (str(image.name), image.entry.digest) == ("docker.io/library/app:1", digest)
    assert image.entry.origin == "added"
    assert image.size == far.size(digest)


def test_one_that_cannot_be_fetched_keeps_no_other_from_coming(far):
    put(far, "app:1")

    outcomes = catalogue.add(["nothing", "app:1"], quietly)

    assert [each.status for each in outcomes] == ["failed", "fetched"]
    assert "has no image" in outcomes[0].failure.message


def test_what_is_no_name_is_refused_before_anything_is_fetched(far, upstream):
    put(far, "app:1")

    with pytest.raises(UsageError):
        catalogue.add(["app:1", "No Name"], quietly)
    assert upstream.asked == []


def test_several_names_cannot_come_from_one_archive():
    with pytest.raises(UsageError, match="is one image"):
        catalogue.add(["a", "b"], quietly, source="oci-archive:a.tar")


def test_sync_follows_a_tag_that_moved_and_drops_what_it_was(far, here):
    before = put(far, "app:1")
    catalogue.add(["app:1"], quietly)
    after = put(far, "app:1", archive(b"newer"))

    assert list(statuses(catalogue.sync([], quietly)).values()) == ["moved"]

    assert here.is_whole(after, everywhere=True)
    assert here.blob(before) is None


def test_sync_leaves_a_digest_that_was_asked_for_alone(far, here):
    digest = put(far, "app:1")
    catalogue.add([f"app:1@{digest}"], quietly)
    put(far, "app:1", archive(b"newer"))

    assert list(statuses(catalogue.sync([], quietly)).values()) == ["current"]
    assert here.entry(references.parse("app:1")).digest == digest


def test_sync_fetches_what_went_missing(far, here):
    digest = put(far, "app:1")
    catalogue.add(["app:1"], quietly)
    here.blob(blobs(far, digest)[1]).unlink()

    assert list(statuses(catalogue.sync([], quietly)).values()) == ["fetched"]
    assert here.is_whole(digest, everywhere=True)


def test_sync_fetches_what_labs_ask_for_and_goes_on_after_a_failure(far):
    put(far, "quay.io/team/app:1")
    put(far, "team/app:1")

    outcomes = catalogue.sync(
        ["quay.io/team/app:1", "nothing:1", "team/app:1"], quietly
    )

    assert list(statuses(outcomes).values()) == ["fetched", "failed", "fetched"]


def test_sync_does_not_pull_what_machines_pulled(far, here):
    digest = put(far, "app:1")
    here.name(references.parse("app:1"), Entry(digest, 0.0, "pulled"))

    assert catalogue.sync([], quietly) == []


def test_what_a_machine_requires_is_fetched_once_by_many(far, upstream):
    digest = put(far, "app:1", archive(bytes(1_000_000)))
    start = threading.Barrier(5)

    def require():
        start.wait()
        catalogue.require(["app:1"], quietly)

    with ThreadPoolExecutor(5) as machines:
        for each in [machines.submit(require) for _ in range(5)]:
            each.result()

    assert upstream.asked.count(blobs(far, digest)[1]) == 1


def test_what_a_machine_requires_and_is_here_is_not_asked_for(here, upstream):
    digest = put(here, "app:1")

    catalogue.require(["app:1", f"app:1@{digest}", f"app@{digest}"], quietly)

    assert upstream.asked == []


def test_a_requirement_that_cannot_be_met_names_the_command_that_helps():
    with pytest.raises(MachineError) as caught:
        catalogue.require(["quay.io/team/app:1"], quietly)

    remedy = "labrun machine mirror add quay.io/team/app:1 --from oci-archive:FILE"
    assert caught.value.remedy == remedy


def test_removing_an_image_frees_what_it_alone_used(far, here):
    put(far, "kept", archive(b"shared"))
    put(far, "gone", archive(b"shared"), archive(b"own"))
    catalogue.add(["kept", "gone"], quietly)
    before = here.size(here.entry(references.parse("gone")).digest)

    freed = catalogue.remove(["gone"])

    assert 0 < freed < before
    (kept,) = catalogue.images()
    assert here.is_whole(kept.entry.digest, everywhere=True)


def test_an_image_that_is_not_there_cannot_be_removed(far):
    put(far, "app:1")
    catalogue.add(["app:1"], quietly)

    with pytest.raises(UsageError, match=r"did you mean `docker\.io/library/app:1`"):
        catalogue.remove(["app:2"])


def test_what_comes_with_labrun_cannot_be_removed(root):
    seed = store.Store(root / "seed")
    digest = put(seed, "busybox")
    seed.name(references.parse("busybox"), Entry(digest, 0.0, "shipped"))

    with pytest.raises(UsageError, match="comes with labrun"):
        catalogue.remove(["busybox"])
