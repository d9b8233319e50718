"""A Markdown file as the blocks that make a lab: headings, fences and HTML."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

DEEPEST = 20
"""Levels of nesting markdown-it follows before it drops what is inside."""
LONGEST_HEADING = 500


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `first` up to, not including, `last`, counted from 0; `text` inside it."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading of the document itself, not of a quote or a list; `text` is Markdown."""

    level: int


@dataclass(frozen=True, slots=True)
class Fence(Block):
    """A fenced block; `text` is what it holds, `marker` the characters around it."""

    info: str
    marker: str

    @property
    def is_closed(self) -> bool:
        """Tell whether it has a last line of its own; else its parent's end closed it."""
        return self.last - self.first == self.text.count("\n") + 2


@dataclass(frozen=True, slots=True)
class Document:
    """The text and its blocks in order; `indented` is code by indentation.

    `too_deep` is the first block nested so deeply that what is inside may be lost;
    `starts` are the offsets of the lines in `text`; `links` are what references lead to.
    """

    text: str
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    html: tuple[Block, ...]
    indented: tuple[Block, ...]
    too_deep: Block | None
    starts: tuple[int, ...]
    links: dict[str, Any]

    def span(self, block: Block) -> tuple[int, int]:
        """Return where a block begins and ends in `text`."""
        return self.starts[block.first], self.starts[block.last]

    def row(self, offset: int) -> int:
        """Return the number of the line, from 0, that an offset lies on."""
        return bisect_right(self.starts, offset) - 1

    def line(self, number: int) -> str:
        start, end = self.starts[number], self.starts[number + 1]
        return self.text[start : end - 1]


def parse(text: str) -> Document:
    """Parse a text that ends with a newline."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    starts = accumulate((len(line) + 1 for line in text.split("\n")), initial=0)
    return Document(
        text,
        tuple(_headings(tokens)),
        tuple(_fences(tokens)),
        tuple(_blocks(tokens, "html_block")),
        tuple(_blocks(tokens, "code_block")),
        next((_block(t) for t in tokens if t.map and t.level + 2 > DEEPEST), None),
        tuple(starts),
        env,
    )


def inline_text(markdown: str, links: dict[str, Any]) -> str:
    """Reduce inline Markdown to text: `**[ctr](https://…)**` becomes `ctr`."""
    (inline,) = _inline_parser().parseInline(markdown[:LONGEST_HEADING], links)
    words = "".join(_word(token) for token in inline.children or [])
    return " ".join(words.split())


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": DEEPEST}).disable("inline")


@cache
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "" if token.type == "html_inline" else token.content


def _block(token: Token) -> Block:
    first, last = token.map or (0, 0)
    return Block(first, last, token.content)


def _blocks(tokens: list[Token], kind: str) -> Iterator[Block]:
    return (_block(token) for token in tokens if token.type == kind)


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0:
            first, last = opening.map or (0, 0)
            yield Heading(first, last, inline.content, int(opening.tag[1:]))


def _fences(tokens: list[Token]) -> Iterator[Fence]:
    for token in tokens:
        if token.type == "fence":
            first, last = token.map or (0, 0)
            yield Fence(first, last, token.content, token.info.strip(), token.markup)
