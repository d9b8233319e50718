"""Labs and pages: every link leads somewhere, every page is led to, every lab reads."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from markdown_it import MarkdownIt

from checks import registry, spec
from lab_runner.formats import native
from lab_runner.formats.check_list import TASK_KEYS

ROOT = Path(__file__).parent.parent
CONTENT, LABS, GUIDE = ROOT / "content", ROOT / "labs", ROOT / "content" / "guide"
PAGES = sorted([*CONTENT.rglob("*.md"), *LABS.rglob("*.md")])
LAB_IDS = tomllib.loads((LABS / "course.toml").read_text())["labs"]
SEED = b"a learner's secret"


def inline(page):
    return [
        t for t in MarkdownIt().enable("table").parse(page.read_text()) if t.children
    ]


def links(page):
    for token in inline(page):
        for child in token.children:
            if child.type == "link_open":
                yield urlsplit(child.attrs["href"])


def targets(page):
    for link in links(page):
        if not link.scheme:
            yield (page.parent / link.path).resolve() if link.path else page


def anchors(page):
    """Return the fragments a code-hosting site gives to the page's headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def named(path):
    return str(path.relative_to(ROOT))


def fences(page, info):
    tokens = MarkdownIt().parse(page.read_text())
    return [t.content for t in tokens if t.type == "fence" and t.info == info]


def examples():
    return [
        entry
        for fence in fences(GUIDE / "checks.md", "yaml")
        for entry in yaml.load(fence, yaml.BaseLoader)
    ]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file(page):
    dead = [str(target) for target in targets(page) if not target.is_file()]
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_fragment_names_a_heading(page):
    dead = [
        f"{link.path}#{link.fragment}"
        for link in links(page)
        if link.fragment and not link.scheme
        if link.fragment
        not in anchors((page.parent / link.path) if link.path else page)
    ]
    assert dead == []


def test_every_page_is_reached_from_the_table_of_contents():
    reached, waiting = set(), [CONTENT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += list(targets(page))
    assert set(PAGES) - reached == set()


def test_every_concept_is_linked_from_a_lab():
    linked = {target for page in LABS.rglob("*.md") for target in targets(page)}
    assert set((CONTENT / "concepts").glob("*.md")) - linked == set()


def test_the_course_lists_the_labs_that_there_are():
    assert sorted(LAB_IDS) == sorted(path.parent.name for path in LABS.glob("*/lab.md"))


@pytest.mark.parametrize("lab_id", LAB_IDS)
def test_every_step_has_prose_commands_checks_and_a_hint(lab_id):
    lab = native.read(LABS / lab_id / "lab.md", SEED).lab
    lacking = [
        step.id
        for step in lab.steps
        if not (step.body.strip() and step.commands and step.tasks and step.hints)
    ]
    assert lacking == []


@pytest.mark.parametrize("lab_id", LAB_IDS)
def test_two_steps_ask_for_a_fact_of_the_machine(lab_id):
    lab = native.read(LABS / lab_id / "lab.md", SEED).lab
    asking = [step for step in lab.steps if any(q.kind for q in step.questions)]
    assert len(asking) >= 2


@pytest.mark.parametrize("lab_id", LAB_IDS)
def test_no_command_waits_in_a_pager(lab_id):
    lab = native.read(LABS / lab_id / "lab.md", SEED).lab
    paging = [
        line
        for step in lab.steps
        for command in step.commands
        for line in command.text.splitlines()
        if re.search(r"systemctl (status|show|cat|list)|journalctl", line)
        and "--no-pager" not in line
    ]
    assert paging == []


@pytest.mark.parametrize("entry", examples(), ids=lambda entry: next(iter(entry)))
def test_the_examples_of_the_guide_are_valid(entry):
    kind = next(iter(entry))
    own = {key: value for key, value in entry.items() if key not in TASK_KEYS}
    assert list(spec.problems(kind, registry.load(kind), own)) == []


def test_the_lab_in_the_authors_guide_is_valid(tmp_path):
    (written,) = fences(GUIDE / "author.md", "markdown")
    path = tmp_path / "lab.md"
    path.write_text(written)
    (step,) = native.read(path, SEED).lab.steps
    assert (step.id, len(step.tasks), len(step.questions), len(step.hints)) == (
        "make",
        1,
        1,
        1,
    )
