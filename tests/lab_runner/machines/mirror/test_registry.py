import http.client
import json

import pytest
from registries import archive, blobs, put, put_index, serving

from lab_runner.machines.mirror import documents, references
from lab_runner.machines.mirror.cache import Cache
from lab_runner.machines.mirror.store import Entry


@pytest.fixture
def ask(shop, upstream):
    """Ask a mirror of Docker Hub: `ask(path)` gives status, headers and body."""
    with serving(Cache(shop, {"docker.io": upstream, "quay.io": upstream})) as url:
        caller = http.client.HTTPConnection(url.removeprefix("http://"))

        def ask(path, method="GET", **headers):
            caller.request(method, path, headers=headers)
            response = caller.getresponse()
            return response.status, response.headers, response.read()

        yield ask
        caller.close()


def test_it_says_that_it_is_a_registry(ask):
    status, headers, body = ask("/v2/")

    assert (status, body) == (200, b"{}")
    assert headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_a_manifest_comes_with_its_digest_and_its_kind(ask, far):
    digest = put_index(far, "app", {"amd64": archive()})

    status, headers, body = ask("/v2/library/app/manifests/latest")

    assert (status, documents.digest_of(body)) == (200, digest)
    assert headers["Docker-Content-Digest"] == digest
    assert headers["Content-Type"] == "application/vnd.oci.image.index.v1+json"


def test_who_asks_for_the_head_gets_no_body(ask, far):
    digest = put(far, "app")

    status, headers, body = ask("/v2/library/app/manifests/latest", "HEAD")

    assert (status, headers["Docker-Content-Digest"], body) == (200, digest, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=3-", 3, None), ("bytes=3-5", 3, 6), ("bytes=0-999999", 0, None)],
)
def test_a_blob_can_be_continued(ask, far, asked, start, end):
    layer = blobs(far, put(far, "app"))[1]
    whole = far.read(layer)

    status, headers, body = ask(f"/v2/library/app/blobs/{layer}", Range=asked)

    assert (status, body) == (206, whole[start:end])
    last = start + len(body) - 1
    assert headers["Content-Range"] == f"bytes {start}-{last}/{len(whole)}"


def test_a_blob_cannot_be_continued_beyond_its_end(ask, far):
    layer = blobs(far, put(far, "app"))[1]

    assert ask(f"/v2/library/app/blobs/{layer}", Range="bytes=99999-")[0] == 404


def test_the_name_it_was_called_by_says_which_registry_is_meant(ask, shop):
    digests = {
        "registry-1.docker.io": put(shop, "team/app:1", archive(b"hub")),
        "quay.io": put(shop, "quay.io/team/app:1", archive(b"quay")),
    }

    for server, digest in digests.items():
        _, headers, _ = ask("/v2/team/app/manifests/1", Host=server)
        assert headers["Docker-Content-Digest"] == digest


def test_what_was_added_is_given_at_once(ask, shop):
    assert ask("/v2/library/app/manifests/latest")[0] == 404
    digest = put(shop, "app")

    _, headers, _ = ask("/v2/library/app/manifests/latest")

    assert headers["Docker-Content-Digest"] == digest


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v2/../../etc/passwd",
        "/v2/library/app/blobs/sha256:../../names",
        "/v2/library/app/blobs/..%2f..",
        "/v2/library/_tags/manifests/latest",
        "/v2/library/app/manifests/../latest",
        "/v2/library/app/tags/list",
    ],
)
def test_there_is_nothing_but_images(ask, shop, path):
    put(shop, "app")

    status, _, body = ask(path)

    assert status == 404
    assert json.loads(body)["errors"][0]["message"]


def test_an_image_that_is_nowhere_is_told_in_one_sentence(ask):
    status, _, body = ask("/v2/library/nothing/manifests/1")

    (error,) = json.loads(body)["errors"]
    assert (status, error["code"]) == (404, "MANIFEST_UNKNOWN")
    assert error["message"] == "docker.io has no image `library/nothing:1`"


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_nobody_can_change_an_image(ask, shop, method):
    digest = put(shop, "app")

    status, _, body = ask("/v2/library/app/manifests/latest", method)

    assert status == 405
    assert "only gives images" in json.loads(body)["errors"][0]["message"]
    name = references.parse("app")
    assert shop.entry(name) == Entry(digest, 0.0, "added")
