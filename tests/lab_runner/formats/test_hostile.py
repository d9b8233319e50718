"""Files made to be slow or to break out: work grows with their size, not its square."""

from contextlib import suppress

import pytest
from patience import patience

from lab_runner.errors import LabBroken
from lab_runner.formats import native

STEP = "# T\n\n## S\n\n"
CHECK = STEP + "```yaml check\n"
SIZE = 4096


def repeated(unit, head=STEP, tail="\n"):
    return lambda size: head + unit * (size // len(unit)) + tail


def in_check(unit, head="", tail=""):
    return repeated(unit, CHECK + head, tail + "\n```\n")


GROWING = {
    "brackets": repeated("["),
    "lines of brackets": repeated("[\n"),
    "link definitions": repeated("[a]: b\n"),
    "links": repeated("[a] ", "# T\n\n[a]: b\n\n## S\n\n"),
    "quotes": repeated("> > > a\n"),
    "lists": repeated("- a\n"),
    "steps": repeated("## a\n"),
    "underlined steps": repeated("a\n---\n"),
    "a long heading": repeated("*a_ `b ![c](", "# T\n\n## "),
    "fences": repeated("```bash\nls\n```\n"),
    "open fences": repeated("```bash\n"),
    "details": repeated("<details>\n\n"),
    "nested details": lambda size: (
        STEP + "<details>\n\n" * (size // 24) + "</details>\n\n" * (size // 24)
    ),
    "hints": repeated("<details><summary>Hint</summary>\n\nx\n\n</details>\n\n"),
    "summaries": repeated("</summary>", STEP + "<details><summary>"),
    "comments": repeated("<!--"),
    "checks": in_check("- command: a\n"),
    "unknown kinds": in_check("- commandd: a\n"),
    "unknown keys": lambda size: (
        f"{CHECK}- command: a\n" + "".join(f"  k{n}: a\n" for n in range(size // 10))
    ),
    "nested lists in YAML": in_check("["),
    "lines of lists in YAML": in_check("[\n"),
    "dashes in YAML": in_check("- "),
    "questions in YAML": in_check("? "),
    "anchors in YAML": in_check("&a "),
    "a long list in YAML": in_check("a,", "- package: [", "]"),
    "variables": repeated("{{ a }} ", "---\nvars: {a: b}\n---\n" + STEP),
    "misspelt variables": repeated("{{ abcx }} ", "---\nvars: {abcd: b}\n---\n" + STEP),
    "front matter": repeated("a: b\n", "---\n", "---\n" + STEP),
    "spaces": repeated(" ", STEP + "a", "b"),
    "control characters": repeated("```bash\n\x1b\n```\n"),
}


def calls(path, text):
    path.write_text(text)
    with patience(5_000_000) as counter, suppress(LabBroken):
        native.read(path, b"seed")
    return counter.calls


@pytest.mark.parametrize("grow", GROWING.values(), ids=GROWING)
def test_work_grows_with_the_size_of_the_file(grow, tmp_path):
    path = tmp_path / "lab.md"
    calls(path, grow(64))  # what is imported on first use is not counted
    once, twice = (calls(path, grow(size)) for size in (SIZE, 2 * SIZE))

    assert twice < 3 * once


HOSTILE = {
    "a deep regular expression": (
        CHECK + "- command: a\n  path: {matches: '" + "(" * 9000 + "'}\n```\n",
        "is not a regular expression",
    ),
    "an endless repetition": (
        CHECK + "- command: a\n  path: {matches: 'a{99999999999999}'}\n```\n",
        "is not a regular expression",
    ),
    "a number of many digits": (
        CHECK + "- port: " + "9" * 9000 + "\n```\n",
        "is not a number",
    ),
    "a surrogate": (
        CHECK + '- command: "\\ud800"\n```\n',
        "holds the control character",
    ),
    "no character": (CHECK + '- command: "\\UFFFFFFFF"\n```\n', "is no character"),
    "billion laughs": (
        CHECK + "- a: &a [x]\n- b: &b [*a, *a]\n- c: [*b, *b]\n```\n",
        "anchors",
    ),
    "an object": (CHECK + "- command: !!python/name:os.system\n```\n", "tags"),
    "a hundred problems": (STEP + "<details>\n\n" * 500, "is not closed"),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_broken_and_nothing_more(text, message, tmp_path):
    path = tmp_path / "lab.md"
    path.write_text(text)
    with patience(500_000), pytest.raises(LabBroken, match=message) as broken:
        native.read(path, b"seed")

    assert len(broken.value.problems) <= 100


@pytest.mark.parametrize(
    "character", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\x7f"]
)
def test_no_control_character_reaches_a_message(character, tmp_path):
    path = tmp_path / "lab.md"
    path.write_text(
        f"---\nti{character}tle: x\n---\n# T\n\n## S {{#a{character}b}}\n\n"
        f"```yaml che{character}ck\n- package: a\n```\n\n```yaml check\n"
        f"- pack{character}age: a\n```\n"
    )
    with pytest.raises(LabBroken) as broken:
        native.read(path, b"seed")

    assert len(broken.value.problems) >= 3
    assert character not in str(broken.value)


@pytest.mark.parametrize(
    "character", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\x7f"]
)
def test_no_control_character_is_shown(character, tmp_path):
    path = tmp_path / "lab.md"
    path.write_text(
        f'---\nsummary: "a{character}b"\nvars: {{v: "a{character}b"}}\n---\n'
        f"# T{character}\n\nIntro {character}\n\n## S{character} {{{{ v }}}}\n\n"
        f"{character}\n\n```\n{character}\n```\n\n"
        f"<details><summary>Hint</summary>\n\n{character}\n\n</details>\n"
    )

    assert character not in repr(native.read(path, b"seed").lab).encode().decode()
