"""Code in a tutorial, however it is written: fences, indentation, HTML, inline."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lab_runner.formats.markdown import Block, Document
from lab_runner.formats.tutorial.words import is_known

LANGUAGE = re.compile(r"[{.\s]*([\w.+#-]*)")
OPENING = re.compile(
    r"<pre\b[^<>]{0,500}>(?:\s{0,9}<code\b[^<>]{0,500}>)?", re.IGNORECASE
)
CLOSING = re.compile(r"</pre>", re.IGNORECASE)
TAG = re.compile(r"<[/a-zA-Z][^<>]{0,500}>")
CLASS = re.compile(r"\b(?:language|lang|highlight-source)-([\w-]+)")
ALONE = re.compile(r"[ \t>]*(?:\d{1,9}[.)][ \t]+)?(`{1,9})([^`\n]+)(`{1,9})[ \t]*")


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of code; the first of them is line `first`, from 0, of the document."""

    first: int
    language: str
    lines: tuple[str, ...]


def find(document: Document) -> list[Code]:
    """Return all code of a document, in its order."""
    found = [*_fences(document), *_indented(document), *_pre(document)]
    return sorted((*found, *_alone(document)), key=lambda code: code.first)


def _fences(document: Document) -> Iterator[Code]:
    for fence in document.fences:
        language = LANGUAGE.match(fence.info)
        named = language[1].lower() if language else ""
        yield Code(fence.first + 1, named, _lines(fence.text))


def _indented(document: Document) -> Iterator[Code]:
    return (Code(each.first, "", _lines(each.text)) for each in document.indented)


def _pre(document: Document) -> Iterator[Code]:
    for block in document.html:
        text, at = block.text, 0
        while (opening := OPENING.search(text, at)) and (
            closing := CLOSING.search(text, opening.end())
        ):
            at = closing.end()
            named = CLASS.search(opening[0])
            row = block.first + text.count("\n", 0, opening.end())
            inner = html.unescape(TAG.sub("", text[opening.end() : closing.start()]))
            yield Code(row, named[1].lower() if named else "", _lines(inner))


def _alone(document: Document) -> Iterator[Code]:
    """Yield code that is a line by itself: ```` ```ctr --help``` ````."""
    taken = _rows(*document.fences, *document.html, *document.indented)
    for row, line in enumerate(document.text.split("\n")):
        match = ALONE.fullmatch(line)
        if match and row not in taken and match[1] == match[3]:
            text = match[2].strip()
            if len(match[1]) > 2 or (is_known(text) and " " in text):
                yield Code(row, "bash", (text,))


def _rows(*blocks: Block) -> set[int]:
    return {row for block in blocks for row in range(block.first, block.last)}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))
