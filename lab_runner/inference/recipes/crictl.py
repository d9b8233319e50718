"""crictl: images are facts; pods and containers have their names in files."""

from __future__ import annotations

from checks import reference
from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    gone,
    interactive,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.engine.images import AN_ID
from lab_runner.inference.recipes.lasting import is_session

RUNTIME = ("-r", "--runtime-endpoint")
IMAGES = ("-i", "--image-endpoint")
VALUED = (*RUNTIME, *IMAGES, "-c", "--config", "-t", "--timeout")
ENVIRONMENT = ("IMAGE_SERVICE_ENDPOINT", "CONTAINER_RUNTIME_ENDPOINT")
PULLED = ("-a", "--annotation", "--auth", "--creds", "--pod-config", "--username")
LOOKS = options.listed(
    """
    completion help image images imagefsinfo img info inspect inspecti inspectp
    logs metricdescs metricsp pods ps runtime-config stats statsp status version
    """
)
UNTOLD = {
    "": "without a subcommand it only shows its help",
    "runp": "the name of the pod stands in a file",
    "run": "the names of pod and container stand in files",
    "create": "the name of the container stands in a file",
    "start": "the ID of a container is another one each time",
    "stop": "the ID of a container is another one each time",
    "rm": "the ID of a container is another one each time",
    "stopp": "the ID of a pod is another one each time",
    "rmp": "the ID of a pod is another one each time",
    "update": "limits are not told by a fact",
    "checkpoint": "the state of a container is not told by a fact",
}


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED, limit=1)
    address = _address(command, given)
    verb, *rest = given.words or ("",)
    if verb in LOOKS:
        return look()
    match verb:
        case "pull":
            return _pull(rest, address)
        case "rmi":
            return _remove(rest, address)
        case "config":
            return _configure(rest, given.value("-c", "--config"))
        case "events":
            return interactive("it goes on until somebody ends it")
        case "exec" | "attach":
            return _inside(verb, rest)
        case "port-forward":
            return interactive("it leads ports on until it is ended")
    return unknown(UNTOLD.get(verb, f"labrun knows no `crictl {verb}`"))


def _address(command: Invocation, given: options.Arguments) -> str | None:
    named = given.value(*RUNTIME, *IMAGES)
    told = (command.environment.get(each) for each in ENVIRONMENT)
    address = named or next(filter(None, told), None)
    return address.removeprefix("unix://") if address else None


def _pull(given: list[str], address: str | None) -> Effects:
    names = options.parse(given, PULLED).words
    if len(names) != 1:
        return unknown("it takes one image")
    return change(fact("cri-image", str(reference.parse(names[0])), address=address))


def _remove(given: list[str], address: str | None) -> Effects:
    arguments = options.parse(given)
    if arguments.has("-a", "--all", "-q", "--prune"):
        return change(forgets=_is_image, why="which images go is not told")
    names = [each for each in arguments.words if not AN_ID.fullmatch(each)]
    facts = (
        gone("cri-image", str(reference.parse(name)), address=address) for name in names
    )
    return change(*facts, why="" if names else "which names an ID has is not told")


def _is_image(known: Fact) -> bool:
    return known.kind == "cri-image"


def _configure(given: list[str], file: str | None) -> Effects:
    arguments = options.parse(given, ["--get", "--set"])
    if arguments.has("--get", "--list"):
        return look()
    pairs = [pair for each in arguments.values("--set") for pair in each.split(",")]
    keys = [pair.partition("=")[0] for pair in pairs] or list(arguments.words[:1])
    if not keys:
        return unknown("no setting is named")
    # A value may be quoted in the file or not.
    content = {"contains": f"{keys[-1]}:"}
    return change(fact("file", file or "/etc/crictl.yaml", content=content))


def _inside(verb: str, given: list[str]) -> Effects:
    arguments = options.parse(given, ["-r", "--transport", "--timeout"], limit=1)
    is_typed = arguments.has("-t", "--tty") and is_session(arguments.words[1:])
    if verb == "attach" or is_typed:
        return opening("it opens a terminal inside a container")
    return unknown("what a program does inside a container is not seen from outside")
