import json

import pytest
from registries import archive, blobs, put

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents, images, references
from lab_runner.machines.mirror.store import Entry, Store

BUSYBOX = references.parse("busybox")


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_blob_is_there_once_it_is_whole(shop, tmp_path):
    digest = documents.digest_of(b"one two")
    with shop.incoming(7) as file:
        file.write(b"one ")
        assert files(tmp_path) == []
        file.write(b"two")
        assert shop.blob(digest) is None
        shop.keep(file, digest)

    assert shop.read(digest) == b"one two"


def test_a_blob_that_is_not_what_its_digest_says_is_refused(shop, tmp_path):
    with shop.incoming(3) as file:
        file.write(b"two")
        with pytest.raises(MachineError, match="is damaged"):
            shop.keep(file, documents.digest_of(b"one"))

    assert files(tmp_path) == []


def test_a_blob_that_came_twice_is_there_once(shop):
    digest = documents.digest_of(b"one")
    with shop.incoming(3) as first, shop.incoming(3) as second:
        for file in (first, second):
            file.write(b"one")
            shop.keep(file, digest)

    assert shop.read(digest) == b"one"


def test_a_blob_for_which_there_is_no_room_is_refused_at_once(shop):
    with (
        pytest.raises(MachineError, match="there is no room for 1000000000000 MB"),
        shop.incoming(10**18),
    ):
        pass


def test_only_root_can_read_a_blob(shop):
    path = shop.blob(shop.write(b"one"))

    assert path.stat().st_mode & 0o077 == 0


def test_what_a_store_lacks_is_looked_up_below_it(tmp_path):
    below = Store(tmp_path / "below")
    digest = put(below, "busybox")
    above = Store(tmp_path / "above", below)

    assert above.read(digest) == below.read(digest)
    assert above.entry(BUSYBOX).digest == digest
    assert list(above.entries()) == [BUSYBOX]


def test_a_name_above_wins_over_one_below(tmp_path):
    below = Store(tmp_path / "below")
    put(below, "busybox")
    above = Store(tmp_path / "above", below)
    digest = put(above, "busybox", archive(b"other"))

    assert above.entry(BUSYBOX).digest == digest
    above.forget(BUSYBOX)
    assert above.entry(BUSYBOX).digest != digest


def test_names_by_tag_and_by_digest_are_listed(shop):
    digest = put(shop, "quay.io/team/app:1")
    by_digest = references.parse(f"quay.io/team/app@{digest}")
    shop.name(by_digest, Entry(digest, 1.0, "pulled"))

    names = [str(name) for name in shop.entries()]
    assert sorted(names) == ["quay.io/team/app:1", f"quay.io/team/app@{digest}"]


def test_a_name_that_was_cut_off_counts_as_none(shop, tmp_path):
    put(shop, "busybox")
    (path,) = (tmp_path / "mirror/names").rglob("latest")
    path.write_text('{"digest": ')

    assert shop.entry(BUSYBOX) is None
    assert shop.entries() == {}


def test_an_image_is_whole_when_all_of_its_blobs_are_there(shop):
    digest = put(shop, "busybox")
    assert shop.is_whole(digest, everywhere=True)

    shop.blob(blobs(shop, digest)[1]).unlink()

    assert not shop.is_whole(digest, everywhere=True)


def test_pruning_leaves_what_another_image_uses(shop):
    kept = put(shop, "kept", archive(b"shared"))
    put(shop, "gone", archive(b"shared"), archive(b"own"))
    shop.forget(references.parse("gone"))
    before = sum(path.stat().st_size for path in files(shop.blob(kept).parent))

    freed = shop.prune()

    after = sum(path.stat().st_size for path in files(shop.blob(kept).parent))
    assert freed == before - after > 0
    assert shop.is_whole(kept, everywhere=True)


def test_the_same_image_has_the_same_digest_everywhere(tmp_path):
    stores = [Store(tmp_path / where) for where in ("here", "there")]

    assert len({images.ship(s, [], [b"layer"], ["sh"]) for s in stores}) == 1


def test_an_index_that_calls_anything_a_manifest_has_no_further_parts(shop):
    digest = shop.write(b"no manifest")
    index = {"manifests": [{"digest": digest, "size": 11}]}

    found = shop.parts(shop.write(json.dumps(index).encode()))

    assert [part.digest for part in found] == [digest]
