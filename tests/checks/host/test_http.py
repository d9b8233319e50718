import socket
import threading
from base64 import b64encode
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from checks import spec
from checks.doors.process import Result
from checks.errors import CheckError, SpecError, TimedOut, ToolMissing
from checks.host import exchange
from checks.host.http import Http
from checks.testing import FakeMachine
from checks.verdict import Status

LARGE = b"x" * exchange.LIMIT


class Pages(BaseHTTPRequestHandler):
    """Answers by path; `/loop` leads to itself."""

    def do_GET(self):
        if self.path == "/hello":
            self._answer(200, b"hello\n", ("X-Colour", "green"))
        elif self.path == "/old":
            self._answer(301, b"", ("Location", "/hello"))
        elif self.path == "/loop":
            self._answer(302, b"", ("Location", "/loop"))
        elif self.path == "/strange":
            self._answer(302, b"", ("Location", "file:///etc/shadow"))
        elif self.path == "/large":
            self._answer(200, LARGE)
        elif self.path == "/agent?a=b":
            self._answer(200, self.headers["User-Agent"].encode())
        else:
            self._answer(404, b"no such page\n")

    def _answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def url():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def saying():
    """`saying(data)` is the URL of a server that says this to one who asks."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def start(data):
            threading.Thread(target=_say, args=(server, data), daemon=True).start()
            return f"http://127.0.0.1:{server.getsockname()[1]}/"

        yield start


def _say(server, data):
    """Answer the first who asks; who only knocks is let go."""
    asked = b""
    while not asked:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as reader:
            asked = b"".join(iter(lambda: reader.readline().strip(), b""))
            if asked:
                connection.sendall(data)


def check(url, **keys):
    return spec.build("http", Http, {"http": url, **keys})


def test_a_url_that_answers_passes(url, local):
    verdict = check(f"{url}/hello").run(local)

    assert verdict.status is Status.PASSED
    assert verdict.summary == f"`{url}/hello` answers 200 OK"
    assert verdict.facts == {
        "url": f"{url}/hello",
        "status": 200,
        "content_type": "",
        "size": 6,
    }
    assert tuple(verdict.facts) == Http.FACTS


def test_status_body_and_headers_are_compared(url, local):
    headers = {"x-colour": "green"}

    verdict = check(f"{url}/hello", status="200", body="hello", headers=headers)

    assert verdict.run(local).status is Status.PASSED


def test_the_query_is_asked(url, local):
    assert check(f"{url}/agent?a=b", body="labrun").run(local).status is Status.PASSED


@pytest.mark.parametrize(
    ("path", "keys", "summary"),
    [
        ("/none", {}, "answers 404 Not Found"),
        ("/none", {"status": "200"}, "answers 404 Not Found, not `200`"),
        ("/old", {}, "answers 301 Moved Permanently and points to `URL/hello`"),
        ("/hello", {"body": "bye"}, "answers `hello`, not `bye`"),
        (
            "/hello",
            {"headers": {"X-Colour": "red"}},
            "has header `X-Colour` `green`, not `red`",
        ),
        (
            "/hello",
            {"headers": {"X-Size": "1"}},
            "has no header `X-Size`, not `1`",
        ),
        ("/hello", {"exists": "false"}, "answers 200 OK"),
        ("/strange", {"follow": "true"}, "answers 302 Found"),
    ],
)
def test_another_answer_is_told(url, local, path, keys, summary):
    verdict = check(f"{url}{path}", **keys).run(local)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{url}{path}` {summary.replace('URL', url)}"


def test_a_redirection_is_followed_when_asked(url, local):
    verdict = check(f"{url}/old", follow="true", body="hello").run(local)

    assert verdict.summary == f"`{url}/hello` answers 200 OK"


def test_redirections_come_to_an_end(url, local):
    verdict = check(f"{url}/loop", follow="true").run(local)

    assert verdict.status is Status.FAILED
    assert "is redirected more than 5 times" in verdict.summary


def test_a_long_answer_is_only_compared_by_its_head(url, local):
    verdict = check(f"{url}/large").run(local)
    assert verdict.status is Status.PASSED
    assert verdict.facts["size"] is None
    with pytest.raises(CheckError, match="too long to be compared"):
        check(f"{url}/large", body={"contains": "x"}).run(local)


def test_where_nothing_listens_is_told(local, unused):
    verdict = check(f"http://127.0.0.1:{unused}/").run(local)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`http://127.0.0.1:{unused}/` does not answer: Connection refused,"
        f" nothing listens on port {unused}"
    )
    assert verdict.hint == f"curl -i http://127.0.0.1:{unused}/"


def test_a_listener_at_another_address_is_told(url, local):
    elsewhere = url.replace("127.0.0.1", "127.0.0.2")

    summary = check(elsewhere).run(local).summary

    assert "Connection refused, only `127.0.0.1` has a listener" in summary


def test_where_nothing_shall_listen_nothing_does(local, unused):
    verdict = check(f"http://127.0.0.1:{unused}/", exists="false").run(local)

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the server hangs up without a word"),
        (
            b"SSH-2.0-OpenSSH\r\n",
            "what answers does not speak HTTP, it says `SSH-2.0-OpenSSH`",
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x16",
            "what answers speaks TLS, so ask it with `https://`",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            "the answer is cut short",
        ),
    ],
)
def test_what_is_no_http_is_told(saying, local, data, reason):
    where = saying(data)

    verdict = check(where).run(local)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{where}` does not answer: {reason}"


def test_an_answer_in_chunks_is_put_together(saying, local):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    where = saying(head + b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")

    assert check(where, body="hello").run(local).status is Status.PASSED


def test_an_answer_that_does_not_come_in_time_is_an_error(local):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        local.allow(0.5)
        with pytest.raises(TimedOut, match="did not answer in the time allowed"):
            check(f"http://127.0.0.1:{silent.getsockname()[1]}/").run(local)


def test_a_unix_socket_is_dialled(tmp_path, local):
    path = str(tmp_path / "http.sock")
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(path)
        server.listen()
        answer = b"HTTP/1.1 200 OK\r\n\r\nhello"
        threading.Thread(target=_say, args=(server, answer), daemon=True).start()

        verdict = check("http://localhost/", socket=path, body="hello").run(local)

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize("exists", ["true", "false"])
def test_a_unix_socket_that_is_not_there_refuses(tmp_path, local, exists):
    path = str(tmp_path / "none")

    verdict = check("http://localhost/", socket=path, exists=exists).run(local)

    assert verdict.status is (Status.FAILED if exists == "true" else Status.PASSED)
    assert f"there is no socket `{path}`" in verdict.summary


URL = "https://web:8443/"
LINE = f"bash -c {exchange.SECURE} bash web 8443 {exchange.OPTIONS} --url {URL}"


def over_tls(answer):
    return FakeMachine(commands={LINE: answer})


def test_over_tls_the_curl_of_the_machine_asks():
    answer = b64encode(b"HTTP/1.1 200 OK\r\n\r\nhello").decode()

    verdict = check(URL, body="hello").run(over_tls(Result(0, answer, "exit 0\n")))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "curl: (60) SSL certificate problem: self-signed certificate\nexit 60\n",
            "SSL certificate problem: self-signed certificate",
        ),
        (
            "curl: (35) OpenSSL/3: error:0A00010B:SSL routines::wrong version number\n",
            "what answers does not speak TLS, so ask it with `http://`",
        ),
    ],
)
def test_why_tls_fails_is_told(said, reason):
    verdict = check(URL).run(over_tls(Result(0, "", said)))

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{URL}` does not answer: {reason}"


def test_without_curl_tls_cannot_be_told():
    said = "bash: line 1: curl: command not found\nexit 127\n"

    with pytest.raises(ToolMissing, match="there is no `curl`"):
        check(URL).run(over_tls(Result(0, "", said)))


def test_a_name_that_nobody_knows_is_no_proof_of_absence():
    said = "bash: web: Name or service not known\nbash: line 1: /dev/tcp/web/8443: x\n"
    lost = over_tls(Result(7, "", said))

    assert check(URL).run(lost).summary == (
        f"`{URL}` does not answer: Name or service not known"
    )
    with pytest.raises(CheckError, match="is not certain: Name or service not known"):
        check(URL, exists="false").run(lost)


@pytest.mark.parametrize("exists", ["true", "false"])
def test_without_bash_nothing_can_be_told(exists):
    with pytest.raises(ToolMissing):
        check(URL, exists=exists).run(over_tls(None))


@pytest.mark.parametrize(
    "url",
    [
        "localhost:80",
        "ftp://x/",
        "http://",
        "http://x:99999/",
        "http://a b/",
        "http://[::1",
        "http://x/\r\nHost: y",
        "http://anna:secret@x/",
    ],
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(SpecError) as caught:
        check(url)

    assert caught.value.path == ("http",)


@pytest.fixture
def unused():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]
