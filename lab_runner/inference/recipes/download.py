"""curl and wget: what they fetch into a file."""

from __future__ import annotations

import posixpath
from urllib.parse import urlsplit

from lab_runner.inference import options
from lab_runner.inference.model import Effects, Invocation, change, fact, look, unknown
from lab_runner.inference.recipes.paths import at_or_below

CURL = options.listed(
    """
    -A -b -c -d -D -e -E -F -H -K -m -o -r -T -u -U -w -x -X -y -Y -z --cacert --cert
    --connect-timeout --cookie --cookie-jar --create-file-mode --data --data-binary
    --data-raw --data-urlencode --dump-header --form --header --interface --json --key
    --limit-rate --max-time --noproxy --output --output-dir --proto --proxy --range
    --referer --request --resolve --retry --retry-delay --retry-max-time --tls-max
    --unix-socket --upload-file --url --user --user-agent --write-out --tlsv
    """
)
WGET = options.listed(
    """
    -a -A -B -D -e -i -I -l -o -O -P -Q -R -t -T -U -w -X --append-output
    --body-data --ca-certificate --cut-dirs --directory-prefix --header --input-file
    --level --limit-rate --method --output-document --output-file --password
    --post-data --post-file --timeout --tries --user --user-agent --wait --waitretry
    """
)
SENT = ("-d", "-F", "-T", "--data", "--data-binary", "--data-raw", "--form", "--json")


def curl(command: Invocation) -> Effects:
    given = options.parse(command.arguments, CURL)
    if given.has(*SENT, "--upload-file") or not _fetches(given):
        return unknown("what a server does with it is not seen on the machine")
    folder = given.value("--output-dir") or "."
    names = [each for each in given.values("-o", "--output") if each != "-"]
    if given.has("-J", "--remote-header-name"):
        return unknown("the server says what the file is called")
    if given.has("-O", "--remote-name", "--remote-name-all"):
        urls = [*given.words, *given.values("--url")]
        names += list(map(_last, urls[len(names) :]))
    return _saved(command, folder, names) if names else look()


def _fetches(given: options.Arguments) -> bool:
    return (given.value("-X", "--request") or "GET") in ("GET", "HEAD")


def wget(command: Invocation) -> Effects:
    given = options.parse(command.arguments, WGET)
    target = given.value("-O", "--output-document")
    if target == "-" or given.has("--spider"):
        return look()
    if given.has("-i", "-r", "-m", "-p", "-x", "--recursive", "--mirror"):
        return unknown("how many files it fetches is not told")
    if given.has("--content-disposition") and not target:
        return unknown("the server says what the file is called")
    if target:
        return _saved(command, ".", [target])
    folder = given.value("-P", "--directory-prefix") or "."
    return _saved(command, folder, [_last(url) or "index.html" for url in given.words])


def _saved(command: Invocation, folder: str, names: list[str]) -> Effects:
    paths = [command.path(posixpath.join(folder, name)) for name in names if name]
    kept = [path for path in paths if not path.startswith("/dev/")]
    if paths and not kept:
        return look()
    return change(
        *(fact("file", path, type="file") for path in kept), forgets=at_or_below(kept)
    )


def _last(url: str) -> str:
    """Return the name that a file has at the end of its URL."""
    whole = url if "//" in url else f"//{url}"
    return posixpath.basename(urlsplit(whole).path)
