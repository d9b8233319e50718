"""Fetching from a registry: the distribution specification, as far as pulling goes."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents

PATIENCE = 1.5
STALLED = 30.0
# How long it is remembered whether a registry answers.
MEMORY = 10.0
LARGEST_MANIFEST = 4 << 20
CHUNK = 1 << 18
ACCEPTED = ", ".join((*documents.INDEXES, *documents.MANIFESTS))
CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
REASONS = {
    401: "has no public image `{}`",
    403: "has no public image `{}`",
    404: "has no image `{}`",
    429: "gives this network no more images for now, and not `{}`",
}


class OutOfReach(MachineError):
    """A registry does not answer."""

    def __init__(self, registry: str, reason: str = "") -> None:
        super().__init__(
            f"{registry} cannot be reached{reason and ': '}{reason}",
            "without internet: labrun machine mirror add IMAGE --from oci-archive:FILE",
        )


class Upstream:
    """A registry, called `name` in what is told of it."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        self._tokens: dict[str, str] = {}
        self._known = (False, float("-inf"))

    def digest(self, repository: str, wanted: str) -> str:
        """Return the digest of what a tag or digest names."""
        with self._ask(repository, "manifests", wanted, "HEAD") as response:
            told = response.headers.get("Docker-Content-Digest") or ""
        if documents.DIGEST.fullmatch(told):
            return told
        return documents.digest_of(self.manifest(repository, wanted))

    def manifest(self, repository: str, wanted: str) -> bytes:
        with self._ask(repository, "manifests", wanted) as response:
            return b"".join(self._read(response))[:LARGEST_MANIFEST]

    def blob(self, repository: str, digest: str) -> tuple[int, Iterator[bytes]]:
        """Return the size of a blob, in bytes, and the blob as it arrives."""
        response = self._ask(repository, "blobs", digest)
        size = response.headers.get("Content-Length")
        if size is None:
            raise MachineError(f"{self._name} does not say how large {digest} is")
        return int(size), self._read(response)

    def _ask(
        self, repository: str, kind: str, wanted: str, method: str = "GET"
    ) -> HTTPResponse:
        self._require_answer()
        url = f"{self._url}/v2/{repository}/{kind}/{wanted}"
        with self._told(f"{repository}{'@' if ':' in wanted else ':'}{wanted}"):
            return self._opened(url, repository, method)

    def _read(self, response: HTTPResponse) -> Iterator[bytes]:
        with response:
            while chunk := self._chunk(response):
                yield chunk

    def _chunk(self, response: HTTPResponse) -> bytes:
        with self._told(""):
            return response.read(CHUNK)

    def _opened(self, url: str, repository: str, method: str) -> HTTPResponse:
        try:
            return _open(url, self._tokens.get(repository, ""), method)
        except HTTPError as error:
            if error.code != 401:
                raise
            challenge = error.headers.get("WWW-Authenticate", "")
        self._tokens[repository] = _token(challenge)
        return _open(url, self._tokens[repository], method)

    @contextmanager
    def _told(self, image: str) -> Iterator[None]:
        """Turn what can go wrong on the way into one sentence."""
        try:
            yield
        except HTTPError as error:
            reason = REASONS.get(error.code, f"answered {error.code} for `{{}}`")
            raise MachineError(f"{self._name} {reason.format(image)}") from None
        except (OSError, HTTPException, ValueError) as error:
            said = str(getattr(error, "reason", error)) or type(error).__name__
            raise OutOfReach(self._name, said) from None

    def _require_answer(self) -> None:
        """Raise OutOfReach unless the registry answers soon.

        A name server that never answers must not hold up a machine, and nothing else can
        stop waiting for it than leaving a thread behind.
        """
        answers, when = self._known
        if time.monotonic() - when > MEMORY:
            heard: list[bool] = []
            probe = threading.Thread(
                target=lambda: heard.append(_answers(self._url)), daemon=True
            )
            probe.start()
            probe.join(PATIENCE)
            answers = any(heard)
            self._known = answers, time.monotonic()
        if not answers:
            raise OutOfReach(self._name)


def _answers(url: str) -> bool:
    try:
        with _open(f"{url}/v2/", "", "GET"):
            return True
    except HTTPError as error:
        return error.code < 500  # most want a token, which they give to anybody
    except (OSError, HTTPException, ValueError):
        return False


def _token(challenge: str) -> str:
    """Get the token that a registry gives to anybody: RFC 6750, as Docker uses it."""
    terms = dict(CHALLENGE.findall(challenge))
    realm = terms.pop("realm", "")
    if not realm.startswith(("https://", "http://")):
        return ""
    with _open(f"{realm}?{urlencode(terms)}", "", "GET") as response:
        told = json.load(response)
    return str(told.get("token") or told.get("access_token") or "")


def _open(url: str, token: str, method: str) -> HTTPResponse:
    request = Request(url, headers={"Accept": ACCEPTED}, method=method)  # noqa: S310  (the user's own, or a registry's)
    if token:
        # Blobs are often elsewhere, where nobody must see the token.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    response: HTTPResponse = urlopen(request, timeout=STALLED)  # noqa: S310  (likewise)
    return response
