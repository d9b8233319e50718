"""The keys of tasks, questions and front matter, which are the same for every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_runner import course
from lab_runner.schema import values
from lab_runner.schema.values import DURATION, FLAG, NUMBER, SIZE, TEXT, Schema

NAMES = {"type": "array", "items": TEXT}
MEMBER = r"^[a-z][a-z0-9-]{0,14}$"


def _told(schema: Schema, words: str, **more: Any) -> Schema:
    return {**schema, "description": words, **more}


TASK: Mapping[str, Schema] = {
    "name": _told(TEXT, "What the learner reads beside the tick."),
    "hint": _told(TEXT, "What to try, shown while the task does not hold."),
    "within": _told(DURATION, "Keep trying for this long: `5s`, `500ms`, `2m`."),
    "timeout": _told(DURATION, "Give up on a check that does not answer.", default=10),
    "points": _told(values.whole(0, 1000), "What the task is worth.", default=1),
    "hidden": _told(
        FLAG, "Do not tell the learner why it does not hold.", default=False
    ),
    "mode": _told(
        {"enum": ["latch", "hold", "at-submit"]},
        "latch: once true, done. hold: it must stay true. at-submit: looked at by"
        " `labrun check` only.",
        default="latch",
    ),
    "needs": _told(
        values.one_or_more(TEXT), "Tasks or steps that must hold before this is tried."
    ),
    "machine": _told(TEXT, "Where to look, in a lab with several machines."),
}

QUESTION: Mapping[str, Schema] = {
    "id": _told(
        {**TEXT, "pattern": r"^[A-Za-z0-9][\w-]*$"}, "Its name, for `labrun answer`."
    ),
    "ask": _told(TEXT, "The question."),
    "answer": _told(values.reference("comparison"), "The right answer."),
    "fact": _told(values.reference("check"), "A check that observes the right answer."),
    "get": _told(TEXT, "The name of the fact that is the right answer."),
    "points": _told(values.whole(0, 1000), "What the answer is worth.", default=1),
    "machine": _told(TEXT, "Where the fact is looked up, in a lab with several."),
}

FILE: Schema = values.mapping(
    {
        "content": _told(TEXT, "The text of the file."),
        "from": _told(TEXT, "A file in the lab's folder."),
        "mode": _told(
            {"type": ["string", "integer"], "pattern": "^0?[0-7]{3,4}$"},
            'Permissions in octal digits, such as `"0755"`.',
        ),
    }
)

MACHINE: Mapping[str, Schema] = {
    "image": _told({}, "What it is made from, such as debian-12."),
    "packages": _told(NAMES, "Packages that are installed from the start."),
    "files": _told(
        {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {"anyOf": [TEXT, FILE]},
        },
        "Files that are there from the start, by their absolute paths.",
    ),
    "registry": _told(NAMES, "Images that its registry must have."),
    "isolated": _told(FLAG, "It reaches its registry and nothing else.", default=False),
    "memory": _told(SIZE, "The most memory it may take, such as `512M`."),
    "processes": _told(values.whole(16, 4_000_000), "The most processes in it."),
    "cpus": _told(NUMBER, "The most processors it may take."),
    "disk": _told(SIZE, "The most disk space it may take, such as `2G`."),
}

VARIABLE: Schema = {
    "anyOf": [
        TEXT,
        values.mapping({"token": values.whole(1, 63)}, ["token"]),
        values.mapping(
            {
                "number": {
                    "type": "array",
                    "items": NUMBER,
                    "minItems": 2,
                    "maxItems": 2,
                }
            },
            ["number"],
        ),
        values.mapping({"one_of": values.several(TEXT)}, ["one_of"]),
    ]
}

FRONT_MATTER: Mapping[str, Schema] = {
    "title": _told(TEXT, "The title; without it, the first `#` heading."),
    "summary": _told(TEXT, "One sentence for `labrun list`."),
    "minutes": _told(values.whole(1, 10_000), "How long it takes."),
    "level": _told(TEXT, "Such as beginner."),
    "requires": _told(NAMES, "Labs to take first."),
    "deadline": _told(
        {"type": "string"}, "When hidden reasons are told: a time with its zone."
    ),
    "made_for": _told(
        TEXT, "The environment of another system that the lab was written for."
    ),
    "machine": _told(values.reference("machine"), "The lab machine it is meant for."),
    "machines": _told(
        {
            "type": "object",
            "propertyNames": {"pattern": MEMBER},
            "additionalProperties": values.reference("machine"),
            "minProperties": 1,
        },
        "The machines of a lab that needs several, by name.",
    ),
    "vars": _told(
        {
            "type": "object",
            "propertyNames": {"pattern": r"^[A-Za-z_][\w-]*$"},
            "additionalProperties": VARIABLE,
        },
        "Values that differ from learner to learner.",
    ),
}


def machine() -> Schema:
    """Return the schema of a machine, with the images that there are."""
    images = {"enum": [*course.SYSTEMS, *course.definitions()]}
    described = {**MACHINE, "image": {**MACHINE["image"], **images}}
    return {"anyOf": [images, values.mapping(described)]}
