import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents
from lab_runner.machines.mirror.upstream import OutOfReach, Upstream

BLOB = b"layer"
DIGEST = documents.digest_of(BLOB)


class Hub(BaseHTTPRequestHandler):
    """A registry that wants a token, and has its blobs on another server."""

    seen = ()

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        authorization = self.headers.get("Authorization", "")
        self.seen.append((self.path, authorization))
        if self.path.startswith("/token?"):
            self.answer(200, json.dumps({"token": "for everybody"}).encode())
        elif self.path.startswith("/elsewhere/"):
            self.answer(200, BLOB)
        elif authorization != "Bearer for everybody":
            terms = 'service="hub",scope="repository:team/app:pull"'
            challenge = f'Bearer realm="{here}/token",{terms}'
            self.answer(401, **{"WWW-Authenticate": challenge})
        elif self.path == f"/v2/team/app/blobs/{DIGEST}":
            self.answer(307, Location=f"{here}/elsewhere/{DIGEST}")
        elif self.path == "/v2/team/app/manifests/busy":
            self.answer(429)
        elif self.path == "/v2/team/app/manifests/broken":
            self.answer(500)
        else:
            self.answer(404)

    do_HEAD = do_GET  # noqa: N815  (http.server's own name)

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def answering(handler):
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.fixture
def hub():
    Hub.seen = []
    with answering(Hub) as url:
        yield Upstream("docker.io", url)


def test_the_token_that_everybody_gets_is_asked_for(hub):
    size, chunks = hub.blob("team/app", DIGEST)

    assert (size, b"".join(chunks)) == (len(BLOB), BLOB)
    asked = [path for path, _ in Hub.seen if path.startswith("/token")]
    assert asked == ["/token?service=hub&scope=repository%3Ateam%2Fapp%3Apull"]


def test_the_token_is_not_shown_to_the_server_that_has_the_blobs(hub):
    _, chunks = hub.blob("team/app", DIGEST)
    b"".join(chunks)

    shown = dict(Hub.seen)
    assert shown[f"/v2/team/app/blobs/{DIGEST}"] == "Bearer for everybody"
    assert shown[f"/elsewhere/{DIGEST}"] == ""


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ("gone", "docker.io has no image `team/app:gone`"),
        ("busy", "docker.io gives this network no more images for now"),
        ("broken", "docker.io answered 500 for `team/app:broken`"),
    ],
)
def test_a_registry_that_refuses_is_quoted_in_one_sentence(hub, tag, sentence):
    with pytest.raises(MachineError) as caught:
        hub.manifest("team/app", tag)

    assert caught.value.message.startswith(sentence)


def test_a_registry_that_is_not_there_is_not_asked_again_at_once():
    with answering(Hub) as url:
        pass
    gone = Upstream("quay.io", url)
    with pytest.raises(OutOfReach) as caught:
        gone.digest("team/app", "1")

    assert caught.value.message == "quay.io cannot be reached"
    assert "--from" in caught.value.remedy
