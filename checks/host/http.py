"""The kind `http`: what a URL answers, as seen from the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from shlex import quote
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from checks.doors.machine import Machine
from checks.errors import CheckError, SpecError
from checks.host import exchange, sockets
from checks.host.aspects import Aspect, difference
from checks.host.exchange import Answer, Unanswered
from checks.host.wording import contrast, excerpt, names, quoted, unlike
from checks.matchers import Matcher, parse
from checks.verdict import Facts, Verdict, failed, passed
from checks.vocabulary import check_numbers

SUCCESS = parse({"at_least": 200, "at_most": 299})
REDIRECTS = range(300, 400)
HOPS = 5
URL = re.compile(r"https?://[!-~]+")
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # the name of a header, RFC 9110


@dataclass(frozen=True, slots=True)
class Http:
    """A URL that answers, as seen from the machine.

        - http: http://localhost:8080/
          body: {contains: It works}

    It is asked with GET, from the machine's own network and with its own names and
    certificates; proxies are not used. That takes bash on the machine, and for
    `https://` curl. An answer that does not come in time is neither passed nor failed.
    """

    FACTS: ClassVar = ("url", "status", "content_type", "size")

    http: str
    """The URL."""
    status: Matcher | None = None
    """The code of the answer; without this key any from 200 to 299 will do."""
    body: Matcher | None = None
    """The text that is answered, where one newline at the end does not count."""
    headers: Mapping[str, Matcher] | None = None
    """Headers that the answer must have; upper and lower case are the same in names."""
    follow: bool = False
    """Whether a redirection is followed, at most five times."""
    verify: bool = True
    """`false` takes any certificate for `https://`."""
    socket: str | None = None
    """The path of a unix socket to dial, in place of the host in the URL."""
    exists: bool = True
    """`false` asks that the connection is refused."""

    def __post_init__(self) -> None:
        _check_url(self.http)
        check_numbers("status", self.status)
        if self.socket is not None and not self.socket.startswith("/"):
            message = f"`socket`: `{self.socket}` is not an absolute path"
            raise SpecError(message, path=("socket",))
        for name in self.headers or ():
            if not TOKEN.fullmatch(name):
                message = f"`headers`: `{name}` is not the name of a header"
                raise SpecError(message, path=("headers", name))

    def run(self, machine: Machine) -> Verdict:
        try:
            answer = self._get(machine, self.http)
            hops = 0
            while self.follow and (target := _target(answer)):
                if (hops := hops + 1) > HOPS:
                    return self._endless(answer)
                answer = self._get(machine, target)
        except Unanswered as error:
            return self._unanswered(machine, error)
        return self._judge(answer)

    def _get(self, machine: Machine, url: str) -> Answer:
        return exchange.get(machine, url, verify=self.verify, socket=self.socket or "")

    def _judge(self, answer: Answer) -> Verdict:
        facts, shown = _facts(answer), excerpt(answer.url)
        summary = f"`{shown}` answers {answer.status} {excerpt(answer.reason)}".rstrip()
        if not self.exists:
            return failed(summary, facts=facts)
        if not (self.status or SUCCESS).accepts(answer.status):
            return self._other_status(answer, summary, facts)
        headers = [
            Aspect(f"header `{name}`", wanted, answer.headers.get(name))
            for name, wanted in (self.headers or {}).items()
        ]
        return (
            difference(f"`{shown}`", headers, facts)
            or self._other_body(answer, facts)
            or passed(summary, facts)
        )

    def _other_status(self, answer: Answer, summary: str, facts: Facts) -> Verdict:
        location = _target(answer)
        to = f" and points to `{excerpt(location)}`" if location else ""
        wanted = f", {unlike(self.status)}" if self.status else ""
        return failed(
            f"{summary}{to}{wanted}",
            expected=self.status.describe() if self.status else "200 to 299",
            actual=str(answer.status),
            hint=self._command(answer.url),
            facts=facts,
        )

    def _other_body(self, answer: Answer, facts: Facts) -> Verdict | None:
        if self.body is None:
            return None
        if answer.cut:
            message = f"what `{excerpt(answer.url)}` answers is too long to be compared"
            raise CheckError(message)
        text = answer.body.decode(errors="replace")
        if self.body.accepts_text(text):
            return None
        actual, expected = contrast(text, self.body)
        return failed(
            f"`{excerpt(answer.url)}` answers {quoted(actual)},"
            f" {unlike(self.body, expected)}",
            expected=expected or "empty",
            actual=actual,
            hint=self._command(answer.url),
            facts=facts,
        )

    def _unanswered(self, machine: Machine, error: Unanswered) -> Verdict:
        summary = f"`{excerpt(self.http)}` does not answer: {error.reason}"
        if not self.exists:
            if error.refused:
                return passed(summary)
            raise CheckError(f"whether anything answers is not certain: {error.reason}")
        elsewhere = self._elsewhere(machine) if error.refused else ""
        return failed(f"{summary}{elsewhere}", hint=self._command(self.http))

    def _elsewhere(self, machine: Machine) -> str:
        """Word who listens on the port at other addresses; of another host, nothing."""
        host, port = exchange.place(urlsplit(self.http))
        if self.socket or not _is_loopback(host):
            return ""
        try:
            bound = sockets.addresses(machine, "tcp", port)
        except CheckError:
            return ""
        at = f"only {names(bound)} has a listener" if bound else "nothing listens"
        return f", {at} on port {port}"

    def _endless(self, answer: Answer) -> Verdict:
        return failed(
            f"`{excerpt(self.http)}` is redirected more than {HOPS} times,"
            f" last by `{excerpt(answer.url)}`",
            facts=_facts(answer),
        )

    def _command(self, url: str) -> str:
        """Return the command that shows a person the same."""
        socket = f"--unix-socket {quote(self.socket)} " if self.socket else ""
        return f"curl -i {socket}{quote(url)}"


def _check_url(url: str) -> None:
    """Raise SpecError for what is no URL to GET, or tells a password to every reader."""
    try:
        parts = urlsplit(url)
        is_url = bool(URL.fullmatch(url) and parts.hostname and parts.port != 0)
    except ValueError:  # a port that is none, half an IPv6 address
        is_url = False
    if not is_url:
        message = f"`http`: `{url}` is not a URL that can be asked"
        remedy = "write it in full: `http://localhost:8080/`"
        raise SpecError(message, remedy, path=("http",))
    if parts.username is not None:
        message = "`http`: a URL with a user's name in it is not asked"
        raise SpecError(message, "leave out what stands before the `@`", ("http",))


def _target(answer: Answer) -> str:
    """Return where an answer redirects to, an empty text where it does not."""
    location = answer.headers.get("Location", "")
    if answer.status not in REDIRECTS or not location:
        return ""
    target = urljoin(answer.url, location)
    try:
        _check_url(target)
    except SpecError:
        return ""
    return target


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _facts(answer: Answer) -> Facts:
    return {
        "url": excerpt(answer.url),
        "status": answer.status,
        "content_type": excerpt(answer.headers.get("Content-Type", "")),
        "size": None if answer.cut else len(answer.body),
    }
