"""The rules of `labrun dev lint`, in the order of the guide."""

from __future__ import annotations

from lab_runner.lint import coverage, hostile, links, scripts, structure, values
from lab_runner.lint.subject import Rule

RULES = (
    Rule("empty-step", "A step has nothing in it.", structure.empty_steps),
    Rule("same-title", "Two steps have the same title.", structure.same_titles),
    Rule("no-hint", "A step has tasks and no hint.", structure.missing_hints),
    Rule(
        "unchecked-command",
        "A command changes the machine, and no check of its step or of a later one "
        "names what it leaves.",
        coverage.unchecked_commands,
    ),
    Rule(
        "contradiction",
        "A step wants the same object to be there and to be gone.",
        structure.contradictions,
        "error",
    ),
    Rule(
        "short-image-name",
        "An image of containerd or the CRI is named without its registry.",
        structure.short_image_names,
    ),
    Rule(
        "dead-link",
        "A link or a picture leads nowhere, or out of the lab's folder.",
        links.dead_links,
        "error",
    ),
    Rule(
        "takes-anything",
        "A condition is met by any value.",
        values.empty_conditions,
        "error",
    ),
    Rule(
        "true-anywhere",
        "A check holds on any machine before anything was done.",
        values.true_anywhere,
    ),
    Rule(
        "cannot-fail",
        "The script of a check ends with exit code 0 whatever it finds.",
        scripts.cannot_fail,
        "error",
    ),
    Rule(
        "last-status-only",
        "A script tests several things and only the last of them decides.",
        scripts.last_status_only,
    ),
    Rule(
        "human-output",
        "A script looks for words in a table that a program prints for people.",
        scripts.human_output,
    ),
    Rule(
        "shell-history",
        "A script reads the history of the learner's shell.",
        scripts.shell_history,
    ),
    Rule(
        "similarity",
        "A script compares by similarity.",
        scripts.similarity,
    ),
    Rule(
        "hidden-character",
        "A character of the text cannot be seen: a control character, a mark of "
        "direction, or one without width.",
        hostile.hidden_characters,
        "error",
    ),
    Rule(
        "fetched-script",
        "A command runs a script straight from another host.",
        hostile.fetched_scripts,
    ),
    Rule(
        "crlf-script",
        "The lines of a script end as on Windows, so that it does not start.",
        hostile.crlf_scripts,
        "error",
    ),
)
