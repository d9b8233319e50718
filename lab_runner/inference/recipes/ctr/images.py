"""`ctr images` and `ctr content`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.model import (
    UNKNOWN,
    Effects,
    change,
    fact,
    gone,
    look,
    unknown,
)
from lab_runner.inference.recipes.ctr.client import (
    LOOK_VERBS,
    REMOVES,
    Client,
    labelled,
)

VALUED = options.listed(
    """
    --user -u --refresh --hosts-dir --tlscacert --tlscert --tlskey --snapshotter
    --label --platform --max-concurrent-downloads --base-name --index-name
    --manifest --manifest-type --expected-size --expected-digest --editor --validate
    --max-concurrent-uploaded-layers
    """
)
# A registry, a path that on Docker Hub has two parts, and a tag or digest.
FULL = re.compile(r"(?!docker\.io/[^/]+$)(?:[^/]*[.:][^/]*|localhost)/.+[:@]")
UNSEEN = {
    "import": "which images an archive holds is not told",
    "push": "labrun does not ask the registry",
}


def images(client: Client, verb: str, words: Sequence[str]) -> Effects:
    given = options.parse(words, VALUED)
    names = given.words
    if verb in REMOVES:
        return change(*client.gone("image", *names))
    if verb in (*LOOK_VERBS, "inspect") or (verb == "export" and "-" in names):
        return look()
    return _changed(client, verb, given)


def _changed(client: Client, verb: str, given: options.Arguments) -> Effects:
    names = given.words
    match verb:
        case "import" | "push":
            return change(why=UNSEEN[verb])
        case "pull" if names:
            return _pulled(client, given)
        case "tag" | "convert" if len(names) > 1:
            return change(*(client.fact("image", each) for each in names[1:]))
        case "label":
            return labelled(client, "image", names)
        case "export" if names:
            path = client.command.path(names[0])
            return change(fact("file", path, type="file"))
        case "mount" if len(names) > 1:
            return change(fact("mount", client.command.path(names[1])))
        case "unmount" if names:
            return change(gone("mount", client.command.path(names[0])))
        case "prune":
            return change(
                forgets=client.forgets("image"), why="what is unused is not told"
            )
    return unknown(f"labrun knows no `ctr images {verb}`")


def content(client: Client, verb: str, words: Sequence[str]) -> Effects:
    given = options.parse(words, VALUED)
    names = given.words
    match verb:
        case "fetch" if names:
            return _pulled(client, given)
        case "ingest":
            digest = given.value("--expected-digest")
            facts = [client.fact("content", digest)] if digest else []
            return change(*facts, why="" if facts else "no digest is said")
        case "label":
            return labelled(client, "content", names)
        case "prune":
            forgets = client.forgets("content")
            return change(forgets=forgets, why="what is unused is not told")
        case "edit" | "push-object":
            return change(why="labrun cannot look at what it makes")
        case "fetch-object" | "fetch-blob":
            return look()
        case _ if verb in REMOVES:
            return change(*client.gone("content", *names))
        case _ if verb in LOOK_VERBS:
            return look()
    return unknown(f"labrun knows no `ctr content {verb}`")


def _pulled(client: Client, given: options.Arguments) -> Effects:
    name = given.words[0]
    if UNKNOWN not in name and not FULL.match(name):
        return change(why="`ctr` pulls by full names: docker.io/library/busybox:latest")
    platforms = given.values("--platform")
    only = platforms[0] if len(platforms) == 1 else None
    return change(client.fact("image", name, platform=only))
