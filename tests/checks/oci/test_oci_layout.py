import hashlib
import json

import pytest

from checks.doors.files import Stat
from checks.errors import CheckError, NotPermitted, SpecError
from checks.matchers import equals
from checks.oci.oci_layout import OciLayout
from checks.testing import FakeMachine
from checks.verdict import Status

DIRECTORY, FILE = (Stat(kind, 0o755, 0, 0, 0) for kind in ("directory", "file"))
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Layout:
    """What is in the directory `/l` of a machine, as it is written blob by blob."""

    def __init__(self):
        self.files = {"/l/oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}
        self.stats = {}
        self.listed = []

    def blob(self, data, media_type="", **more):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        path = f"/l/blobs/{digest.replace(':', '/')}"
        self.files[path] = data
        self.stats[path] = Stat("file", 0o644, 0, 0, len(data))
        return {"digest": digest, "size": len(data), "mediaType": media_type} | more

    def manifest(self, architecture="amd64", layers=(b"first", b"second"), **more):
        config = self.blob({"os": "linux", "architecture": architecture})
        listed = [self.blob(layer) for layer in layers]
        return self.blob({"config": config, "layers": listed}, MANIFEST, **more)

    def index(self, *manifests):
        return self.blob({"manifests": manifests}, INDEX)

    def lost(self, blob):
        path = f"/l/blobs/{blob['digest'].replace(':', '/')}"
        self.files[path] = self.stats[path] = None

    def tagged(self, blob, tag):
        annotations = {"org.opencontainers.image.ref.name": tag}
        self.listed.append(blob | {"annotations": annotations})

    @property
    def machine(self):
        index = json.dumps({"schemaVersion": 2, "manifests": self.listed}).encode()
        files = {"/l/index.json": index} | self.files
        return FakeMachine(files=files, stats=self.stats)


@pytest.fixture
def layout():
    made = Layout()
    made.tagged(made.manifest(), "latest")
    return made


def for_platforms(*architectures):
    made = Layout()
    manifests = [
        made.manifest(each, platform={"os": "linux", "architecture": each})
        for each in architectures
    ]
    made.tagged(made.index(*manifests), "latest")
    return made, manifests


def test_a_whole_image_passes_with_its_facts(layout):
    verdict = OciLayout("/l", "latest").run(layout.machine)
    assert verdict.status is Status.PASSED
    assert verdict.summary == "Image `latest` of `/l` is whole, for linux/amd64"
    assert tuple(verdict.facts) == OciLayout.FACTS
    assert verdict.facts == {
        "path": "/l",
        "tags": "latest",
        "tag": "latest",
        "digest": layout.listed[0]["digest"],
        "platform": "linux/amd64",
        "layers": 2,
        "size": 11,
    }


def test_without_a_tag_any_image_is_meant(layout):
    layout.tagged(layout.manifest(layers=[b"one"]), "small")
    verdict = OciLayout("/l", layers=equals(1)).run(layout.machine)
    assert verdict.status is Status.PASSED
    assert verdict.facts["tag"] == "small"


def test_everything_as_wanted_passes(layout):
    check = OciLayout(
        "/l",
        "latest",
        digest=equals(layout.listed[0]["digest"]),
        platform=equals("linux/amd64"),
        layers=equals(2),
        verify=True,
    )
    assert check.run(layout.machine).status is Status.PASSED


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"platform": equals("linux/arm64")}, "has the platform `linux/amd64`"),
        ({"layers": equals(3)}, "has 2 layers"),
        ({"digest": equals("sha256:0")}, "has the digest `sha256:"),
    ],
)
def test_an_image_that_is_another_fails(layout, wanted, said):
    verdict = OciLayout("/l", "latest", **wanted).run(layout.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary.startswith(f"Image `latest` of `/l` {said}")


def test_a_tag_that_is_missing_fails_with_those_that_are_there(layout):
    layout.tagged(layout.manifest(), "1.36")
    verdict = OciLayout("/l", "1.35").run(layout.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "`/l` has no image `1.35`, it has `latest` and `1.36`"
    assert verdict.hint == "skopeo copy SOURCE oci:/l:1.35"
    gone = OciLayout("/l", "1.35", exists=False)
    assert gone.run(layout.machine).status is Status.PASSED


def test_an_image_or_a_layout_that_must_not_exist(layout):
    image = OciLayout("/l", "latest", exists=False).run(layout.machine)
    whole = OciLayout("/l", exists=False).run(layout.machine)
    assert (image.status, image.hint) == (
        Status.FAILED,
        "umoci remove --image /l:latest",
    )
    assert (whole.status, whole.hint) == (Status.FAILED, "rm -r /l")


def test_an_empty_layout_has_no_image_and_is_one():
    empty = Layout().machine
    verdict = OciLayout("/l").run(empty)
    assert verdict.summary == "`/l` is an image layout without an image"
    assert verdict.status is Status.FAILED
    assert OciLayout("/l", exists=False).run(empty).status is Status.FAILED


@pytest.mark.parametrize(
    ("stat", "inside", "said"),
    [
        (None, [], "There is no directory `/l`"),
        (FILE, [], "`/l` is a file, not a directory: unpack it"),
        (Stat("socket", 0, 0, 0, 0), [], "`/l` is a socket, not a directory"),
        (DIRECTORY, [], "`/l` is no image layout: it has no file `oci-layout`"),
        (
            DIRECTORY,
            ["manifest.json"],
            (
                "`/l` is no image layout: it has no file `oci-layout`,"
                " it is what `docker save` makes"
            ),
        ),
    ],
)
def test_what_is_no_layout_is_told_by_what_it_is(stat, inside, said):
    machine = FakeMachine(
        files={"/l/oci-layout": None}, stats={"/l": stat}, folders={"/l": inside}
    )
    verdict = OciLayout("/l").run(machine)
    assert (verdict.status, verdict.summary) == (Status.FAILED, said)
    assert OciLayout("/l", exists=False).run(machine).status is Status.PASSED


def test_a_layer_that_is_missing_is_named(layout):
    layer = layout.blob(b"second")
    layout.lost(layer)
    verdict = OciLayout("/l").run(layout.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`/l` is not whole: layer 2 of 2, `{layer['digest']}`, is not among its blobs"
    )


def test_a_layer_of_another_size_is_cut_off(layout):
    digest = layout.blob(b"second")["digest"]
    path = f"/l/blobs/{digest.replace(':', '/')}"
    layout.stats[path] = Stat("file", 0o644, 0, 0, 3)
    verdict = OciLayout("/l").run(layout.machine)
    assert verdict.summary.endswith("has 3 bytes, and its manifest says 6")


def test_a_damaged_layer_is_found_only_where_it_is_asked_for(layout):
    digest = layout.blob(b"second")["digest"]
    layout.files[f"/l/blobs/{digest.replace(':', '/')}"] = b"SECOND"
    assert OciLayout("/l").run(layout.machine).status is Status.PASSED
    verdict = OciLayout("/l", verify=True).run(layout.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary.endswith("is damaged: its digest is another")


def test_a_manifest_is_always_compared_with_its_digest(layout):
    digest = layout.listed[0]["digest"]
    layout.files[f"/l/blobs/{digest.replace(':', '/')}"] = b"{}"
    verdict = OciLayout("/l").run(layout.machine)
    assert verdict.summary == (
        f"`/l` is not whole: the blob `{digest}` is damaged: its digest is another"
    )


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("oci-layout", b"{", "`/l/oci-layout` is not JSON: line 1, column 2: "),
        ("oci-layout", b"{}", "`/l/oci-layout` names no version 1 of the layout"),
        ("index.json", None, "`/l` has no `index.json`"),
        ("index.json", b"[]", "`/l/index.json` is not a JSON object"),
        ("index.json", b"{}", "`index.json` has no list `manifests`"),
        (
            "index.json",
            b'{"manifests": [{"digest": "sha256:../../x", "size": 1}]}',
            "`index.json` names a blob without a digest",
        ),
    ],
)
def test_a_layout_that_is_not_valid_is_told_why(layout, name, data, said):
    layout.files[f"/l/{name}"] = data
    verdict = OciLayout("/l").run(layout.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary.startswith(f"`/l` is not whole: {said}")


def test_of_several_platforms_the_one_that_is_asked_for_is_looked_at():
    made, (_, arm) = for_platforms("amd64", "arm64")
    verdict = OciLayout("/l", platform=equals("linux/arm64")).run(made.machine)
    assert verdict.status is Status.PASSED
    made.lost(arm)
    verdict = OciLayout("/l", platform=equals("linux/arm64")).run(made.machine)
    assert verdict.summary == (
        f"`/l` is not whole: the manifest `{arm['digest']}` is not among its blobs"
    )


def test_of_several_platforms_those_that_were_fetched_are_enough():
    made, (_, arm) = for_platforms("amd64", "arm64")
    made.lost(arm)
    verdict = OciLayout("/l").run(made.machine)
    assert verdict.status is Status.PASSED
    assert verdict.facts["platform"] == "linux/amd64"


def test_of_several_platforms_none_was_fetched():
    made, manifests = for_platforms("amd64", "arm64")
    for each in manifests:
        made.lost(each)
    verdict = OciLayout("/l").run(made.machine)
    assert verdict.summary == "`/l` is not whole: none of its manifests was fetched"


def test_a_platform_that_an_index_does_not_list_fails_with_those_it_does():
    made, _ = for_platforms("amd64", "arm64")
    verdict = OciLayout("/l", platform=equals("linux/s390x")).run(made.machine)
    assert verdict.status is Status.FAILED
    assert verdict.summary == "`/l` is for `linux/amd64` and `linux/arm64`"


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("error", [NotPermitted("no"), CheckError("a fifo")])
def test_a_layout_that_cannot_be_read_proves_nothing(exists, error):
    machine = FakeMachine(files={"/l/oci-layout": error})
    with pytest.raises(CheckError):
        OciLayout("/l", exists=exists).run(machine)


def test_a_relative_path_is_a_fault_of_the_check():
    with pytest.raises(SpecError, match="`l` is not an absolute path"):
        OciLayout("l").run(FakeMachine())
