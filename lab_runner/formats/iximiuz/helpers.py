"""Functions of iximiuz Labs that scripts call, as far as engines can be asked alike."""

from __future__ import annotations

import re

from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text

ENGINES = ("docker", "podman", "nerdctl")
INSPECTED = {
    "container_name": "{{.Name}}",
    "container_pid": "{{.State.Pid}}",
    "container_ip": "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
    "container_image": "{{.Config.Image}}",
    "container_image_id": "{{.Image}}",
    "container_exit_code": "{{.State.ExitCode}}",
    "image_id": "{{.Id}}",
    "image_size_bytes": "{{.Size}}",
}
ASKED = {
    "container_is_running": """[ "$(%s inspect -f '{{.State.Running}}' "$1")" = true ]""",
    "container_count_total": "%s ps -aq | wc -l",
    "container_count_running": "%s ps -q | wc -l",
}
CALLED = re.compile(r"\b(docker|podman|nerdctl|ctr)_((?:container|image)_[a-z_]+)\b")


def preamble(script: Text, notes: Notes) -> str:
    """Return the functions that a script calls; what there is none for is noted."""
    lines = []
    for name in dict.fromkeys(found[0] for found in CALLED.finditer(script.content)):
        engine, _, fact = name.partition("_")
        body = _body(engine, fact)
        if body:
            lines.append(f"{name}() {{ {body}; }}\n")
        elif f"{name}()" not in script.content:
            row = script.content.count("\n", 0, script.content.find(name))
            message = f"the script calls {named(name)}, which is not here"
            advice = "Ask the engine itself"
            notes.add("suspect", script.source(row + 1), message, advice)
    return "".join(lines)


def _body(engine: str, fact: str) -> str:
    if engine not in ENGINES:
        return ""
    if fact in INSPECTED:
        kind = fact.partition("_")[0]
        return f"""{engine} {kind} inspect -f '{INSPECTED[fact]}' "$1\""""
    return ASKED[fact] % engine if fact in ASKED else ""
