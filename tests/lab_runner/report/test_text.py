"""Reports as text: golden files that are tests by existing."""

from dataclasses import replace
from pathlib import Path

import pytest
from samples import SOURCE, command, lab, question, result, step, task

from checks.verdict import Status
from lab_runner.characters import harmless
from lab_runner.errors import LabBroken, LabrunError
from lab_runner.journal import Event
from lab_runner.model import Problem
from lab_runner.progress import Progress, fold
from lab_runner.report import prose, text
from lab_runner.report.style import Style

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "render"

PULL = task("pull", title="Image `busybox` is there", kind="image")
RUN = task("run", title="Task `web` is running", mode="hold")
SAMPLE = lab(
    step("pull", PULL, title="Pull an image"),
    step("run", RUN, title="Run it", questions=(question("pid"),)),
    step("more", title="Read more"),
    title="Containers",
)
TICKED = fold(
    [Event("passed", "sample", "d", "pull", "pull", {"task_digest": PULL.digest})]
)
BROKEN = fold(
    [
        Event("passed", "sample", "d", "run", "run", {"task_digest": RUN.digest}),
        Event(
            "broken",
            "sample",
            "d",
            "run",
            "run",
            {"during": "more", "after": ["systemctl stop containerd", "ls\x1b"]},
            at="2026-01-02T03:04:05.678+00:00",
        ),
    ]
)
MISS = result(
    RUN,
    Status.FAILED,
    "Container `web` has no task",
    expected="running",
    actual="nothing",
    hint="ctr tasks start -d web",
)
WORTH = lab(
    step("one", task("a", points=3), task("b", mode="at-submit", points=2)),
    step("two", task("c")),
)
SECRET = task("secret", title="A secret", hidden=True)

CASES = {
    "passed": lambda s: text.task(result(PULL), s),
    "failed": lambda s: text.task(MISS, s),
    "error": lambda s: text.task(
        result(RUN, Status.ERROR, "Nothing answers", hint="systemctl start containerd"),
        s,
    ),
    "skipped": lambda s: text.task(result(RUN, Status.SKIPPED, "Later"), s),
    "hidden": lambda s: text.task(
        replace(result(SECRET, Status.FAILED, ""), withheld=True), s
    ),
    "points": lambda s: text.status(WORTH, Progress(), s),
    "at_end": lambda s: text.at_end(WORTH.steps[0], s),
    "verbose": lambda s: text.task(result(PULL, facts={"pid": 7}), s, verbose=True),
    "escapes": lambda s: text.task(
        result(PULL, Status.FAILED, "log says \x1b[31mred\x07 \u202eback"), s
    ),
    "status": lambda s: text.status(SAMPLE, TICKED, s),
    "status_broken": lambda s: text.status(SAMPLE, BROKEN, s),
    "no_longer_holds": lambda s: text.no_longer_holds([MISS], BROKEN, s),
    "progress": lambda s: text.progress_line(SAMPLE, TICKED, s),
    "nothing_to_check": lambda s: text.progress_line(lab(step("a")), Progress(), s),
    "question": lambda s: text.questions(SAMPLE.steps[1], TICKED, s),
    "labs": lambda s: text.labs(
        [
            (lab(step("a"), minutes=5, summary="Short."), "sample", Progress()),
            (LabrunError("broken"), "other", Progress()),
        ],
        s,
    ),
    "right": lambda s: text.judgement(True, "", s),
    "on_another_machine": lambda s: "\n".join(
        [
            text.task(result(task("t", machine="server")), s),
            text.question(question("pid", machine="server"), Progress(), s),
        ]
    ),
    "fence_of_a_machine": lambda s: prose.markdown(
        "```bash\nhere\n```\n\n```bash machine=server\nthere\n```", s
    ),
    "solution": lambda s: prose.solution(
        step(
            "serve",
            commands=(
                command("one"),
                command("two"),
                command("three", machine="server"),
                command("four"),
            ),
        ),
        s,
    ),
    "wrong": lambda s: text.judgement(False, "Container `web` has no task", s),
    "problem": lambda s: text.error(
        LabBroken([Problem(SOURCE, "unknown kind `imge`", "Write `image`")]), s
    ),
    "finished": lambda s: text.finished(SAMPLE, s),
    "read_to_its_end": lambda s: text.finished(lab(step("a")), s),
    "status_read": lambda s: text.status(
        SAMPLE, fold([Event("read", "sample", "d", "more")]), s
    ),
}
STYLES = {
    "plain": Style(),
    "ascii": Style(symbols=False),
    "colour": Style(colour=True),
}


@pytest.mark.parametrize("look", STYLES)
@pytest.mark.parametrize("case", CASES)
def test_it_reads_as_the_golden_file_says(case, look, pytestconfig):
    rendered = CASES[case](STYLES[look]) + "\n"
    file = GOLDEN / f"{case}.{look}.txt"
    if pytestconfig.getoption("--update-golden"):
        file.write_text(rendered)

    assert rendered == file.read_text()


def test_every_golden_file_has_a_case():
    known = {f"{case}.{look}.txt" for case in CASES for look in STYLES}

    assert {file.name for file in GOLDEN.iterdir()} == known


def test_a_bar_is_full_only_when_everything_is_done():
    assert Style().bar(99, 100) == "█" * 19 + "░"
    assert Style().bar(100, 100) == "█" * 20


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x9b31m", "�31m"),
        ("\x7f", "␡"),
        ("ünïcode ✔", "ünïcode ✔"),
        ("\u202egnp.exe", "�gnp.exe"),
    ],
)
def test_control_characters_are_shown_and_not_sent(given, shown):
    assert harmless(given) == shown


def test_a_name_in_the_list_stays_a_name_on_one_line():
    rows = [
        (lab(step("a")), "good\n\x1b[2J", Progress()),
        (LabrunError("broken"), "bad\n\x1b[2J", Progress()),
    ]

    good, bad = text.labs(rows, Style()).splitlines()

    assert good.startswith("  good␊␛[2J ")
    assert bad.endswith("`labrun start bad␊␛[2J`")


def test_every_line_of_a_fact_is_set_in():
    found = result(PULL, facts={"log": "first\nsecond\x1b[2J\n\nthird"})

    lines = text.task(found, Style(), verbose=True).splitlines()

    assert "      second␛[2J" in lines
    assert all(line.startswith("  ") for line in lines)
