"""Subcommands about images, as docker, podman and nerdctl have them."""

from __future__ import annotations

import re

from lab_runner.inference import options
from lab_runner.inference.model import Effects, change, fact, unknown
from lab_runner.inference.recipes.engine.call import Call

AN_ID = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
BUILD = options.listed(
    """
    -f -o -t --add-host --allow --build-arg --build-context --builder --cache-from
    --cache-to --file --format --iidfile --label --layers --memory --metadata-file
    --network --output --platform --progress --secret --shm-size --ssh --tag --target
    --ulimit
    """
)


def pull(call: Call) -> Effects:
    valued = ["--platform", "--arch", "--os", "--creds", "--authfile", "--policy"]
    words = options.parse(call.given, [*valued, "--snapshotter"]).words
    return (
        change(*map(call.engine.image, words))
        if words
        else unknown("no image is named")
    )


def remove(call: Call) -> Effects:
    arguments = options.parse(call.given)
    if arguments.has("-a", "--all"):
        return change(
            forgets=lambda known: call.engine.owns(known, "image"),
            why="which images there are is not told",
        )
    names = [each for each in arguments.words if not AN_ID.fullmatch(each)]
    why = "" if names else "which names an ID has is not told"
    return change(*map(call.engine.no_image, names), why=why)


def tag(call: Call) -> Effects:
    return change(*map(call.engine.image, call.given[1:]))


def build(call: Call) -> Effects:
    arguments = options.parse(call.given, BUILD)
    stays = arguments.has("--load") or not arguments.has("--push", "-o", "--output")
    if not stays or "," in (arguments.value("--platform") or ""):
        return unknown("what is built goes elsewhere")
    tags = arguments.values("-t", "--tag")
    return change(*map(call.engine.image, tags), why="" if tags else "it gets no name")


def commit(call: Call) -> Effects:
    valued = ["-a", "--author", "-c", "--change", "-m", "--message", "-f", "--format"]
    names = options.parse(call.given, valued).words[1:]
    return change(
        *map(call.engine.image, names), why="" if names else "it gets no name"
    )


def import_archive(call: Call) -> Effects:
    valued = ["-c", "--change", "-m", "--message", "--platform"]
    names = options.parse(call.given, valued).words[1:]
    return change(
        *map(call.engine.image, names), why="" if names else "it gets no name"
    )


def write(call: Call) -> Effects:
    """Return what `save` and `export` leave; `>` is seen to where redirects are."""
    arguments = options.parse(call.given, ["-o", "--output", "--format", "--platform"])
    written = arguments.value("-o", "--output")
    if written is None:
        return change()
    return change(fact("file", call.command.path(written), size={"at_least": 1}))
