"""skopeo: images from one place to another."""

from __future__ import annotations

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    interactive,
    look,
    unknown,
)

GLOBAL = (
    "--command-timeout",
    "--override-arch",
    "--override-os",
    "--override-variant",
    "--policy",
    "--registries.d",
    "--tmpdir",
)
VALUED = options.listed(
    """
    -f --additional-tag --authfile --compression-format --dest-authfile --dest-cert-dir
    --dest-compress-format --dest-creds --dest-daemon-host --dest-registry-token
    --dest-shared-blob-dir --digestfile --encryption-key --format --multi-arch
    --retry-times --sign-by --src-authfile --src-cert-dir --src-creds --src-daemon-host
    --src-registry-token --src-shared-blob-dir -d -s --dest --src
    """
)
LOOKS = frozenset(["inspect", "list-tags", "manifest-digest", "standalone-verify"])


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, GLOBAL, limit=1)
    verb, *rest = given.words or ("",)
    if verb in LOOKS or not verb:
        return look()
    arguments = options.parse(rest, (*GLOBAL, *VALUED))
    if verb == "copy":
        return _copy(command, arguments.words)
    if verb == "sync":
        return _sync(command, arguments)
    if verb == "login" and not arguments.has("-p", "--password", "--password-stdin"):
        return interactive("it asks for a password")
    return unknown(f"what `skopeo {verb}` does is not seen on the machine")


def _copy(command: Invocation, words: tuple[str, ...]) -> Effects:
    if len(words) != 2:
        return unknown("it takes where from and where to")
    transport, _, place = words[1].partition(":")
    if transport == "oci":
        return change(layout(command, place))
    if transport == "dir":
        manifest = f"{command.path(place)}/manifest.json"
        return change(fact("file", manifest, type="file"))
    if transport in ("docker-archive", "oci-archive"):
        path = command.path(place.partition(":")[0])
        return change(fact("file", path, size={"at_least": 1}))
    if transport == "docker-daemon":
        return change(fact("docker-image", place))
    return unknown(f"what goes to `{transport}` is not seen on the machine")


def layout(command: Invocation, place: str) -> Fact:
    """Return the fact of an image layout at `DIRECTORY[:TAG]`."""
    folder, _, tag = place.partition(":")
    return fact("oci-layout", command.path(folder), tag=tag or None)


def _sync(command: Invocation, given: options.Arguments) -> Effects:
    if given.value("-d", "--dest") == "dir" and len(given.words) == 2:
        return change(fact("file", command.path(given.words[1]), type="directory"))
    return unknown("what a registry holds is not seen on the machine")
