"""Data variables and short codes on a page, as what they say here.

Every line stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.reading import Counts

COPY = re.compile(r"(?<=`)\{\{(?:<[ \t]*copy[ \t]*>|[ \t]*copy[ \t]*)\}\}")
PARAM = re.compile(r"\{\{[<%][ \t]*params?[ \t]+[\"']?(\w+)[\"']?[ \t]*[>%]\}\}")
BRACES = re.compile(r"\{\{-?[ \t]*([A-Za-z_]\w*)[ \t]*-?\}\}")
PERCENT = re.compile(r"%([A-Za-z_]\w*)%")
BASE = re.compile(r"\{\{[<%][ \t]*baseurl[ \t]*[>%]\}\}")
ADMONITION = re.compile(r"\{\{[<%][ \t]*(note|warning|danger)[ \t]*[>%]\}\}")
ENDED = re.compile(r"\{\{[<%][ \t]*/[ \t]*(?:note|warning|danger)[ \t]*[>%]\}\}")
ESCAPED = re.compile(r"\{\{([<%])/\*([^{}\n]*?)\*/([>%])\}\}")
SHORT_CODE = re.compile(r"\{\{[<%][ \t]*/?([\w-]*)[^{}\n]*[>%]\}\}")
RAW = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}")
LIQUID = re.compile(r"\{%-?[ \t]*(\w+)[^%{}\n]*%\}")
BUILT_IN = frozenset((
    "assets_repository", "cluster_domain", "config_password",
    "environment_name", "image_repository", "ingress_class", "ingress_domain",
    "ingress_port", "ingress_port_suffix", "ingress_protocol",
    "kubernetes_api_url", "kubernetes_ca_crt", "kubernetes_token",
    "oci_image_cache", "platform_arch", "policy_engine", "policy_name",
    "services_password", "session_hostname", "session_id", "session_name",
    "session_namespace", "session_url", "ssh_private_key", "ssh_public_key",
    "storage_class", "training_portal", "workshop_namespace",
))  # fmt: skip
"""What every session knows of its cluster, which is not here."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Fills pages in with the `values` of variables by name."""

    values: Mapping[str, str]
    is_classic: bool
    notes: Notes
    counts: Counts

    def fill(self, page: Text) -> Text:
        """Return a page with values for variables, or a placeholder where none is known."""
        if not re.search(r"[{%]", page.content):
            return page
        lines = page.content.split("\n")
        filled = [self._line(page, n, line) for n, line in enumerate(lines, 1)]
        return Text(page.path, "\n".join(filled))

    def _line(self, page: Text, number: int, line: str) -> str:
        line, copies = COPY.subn("", line)
        self.counts.copies += copies
        return (
            self._classic(page, number, line)
            if self.is_classic
            else self._hugo(page, number, line)
        )

    def _hugo(self, page: Text, number: int, line: str) -> str:
        line = PARAM.sub(lambda found: self._value(page, number, found[1]), line)
        line = ADMONITION.sub(lambda found: f"**{found[1].capitalize()}:** ", line)
        parts = ESCAPED.split(ENDED.sub("", BASE.sub("", line)))
        for at in range(0, len(parts), 4):
            for code in SHORT_CODE.finditer(parts[at]):
                self._note_code(page, number, code[1])
            parts[at] = SHORT_CODE.sub("", parts[at])
        for at in range(1, len(parts), 4):
            parts[at], parts[at + 2] = "{{" + parts[at], parts[at + 2] + "}}"
        return "".join(parts)

    def _classic(self, page: Text, number: int, line: str) -> str:
        line = BRACES.sub(lambda found: self._value(page, number, found[1]), line)
        line = PERCENT.sub(lambda found: self._percent(page, number, found), line)
        line = RAW.sub("", line)
        for code in LIQUID.finditer(line):
            self._note_code(page, number, code[1])
        return LIQUID.sub("", line)

    def _percent(self, page: Text, number: int, found: re.Match[str]) -> str:
        is_known = found[1] in self.values or found[1] in BUILT_IN
        return self._value(page, number, found[1]) if is_known else found[0]

    def _value(self, page: Text, number: int, name: str) -> str:
        if value := self.values.get(name):
            return value
        placeholder = f"YOUR_{name.upper()}"
        message = f"the variable {named(name)} has no value here"
        advice = f"Write one in place of `{placeholder}`"
        self.notes.add("changed", page.source(number), message, advice)
        return placeholder

    def _note_code(self, page: Text, number: int, name: str) -> None:
        message = f"{named(name)} has no meaning here: what it is about is shown"
        advice = "Write what is meant"
        self.notes.add("dropped", page.source(number), message, advice)
