"""Reports for people: pure functions from what was found to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from checks.verdict import Status
from lab_runner.characters import harmless, one_line
from lab_runner.errors import LabBroken, LabrunError
from lab_runner.journal import Event
from lab_runner.model import Lab, Question, Step, Task
from lab_runner.progress import Progress, due
from lab_runner.report.style import Style, counted
from lab_runner.result import TaskResult

if TYPE_CHECKING:
    from lab_runner.doctor import Finding

WITHHELD = "Not there yet; the reason is withheld."


def task(result: TaskResult, style: Style, *, verbose: bool = False) -> str:
    """One task: its tick or cross, and below a cross what was found and what helps."""
    symbol = {
        Status.PASSED: style.tick,
        Status.FAILED: style.cross,
        Status.ERROR: style.doubt,
        Status.SKIPPED: style.pending,
    }[result.verdict.status]
    title = harmless(result.task.title) + _where(result.task.machine, style)
    lines = [f"  {symbol} {title}{_worth(result.task, style)}"]
    lines += [f"      {harmless(line)}" for line in _details(result)]
    if verbose:
        lines += [f"      {line}" for line in _verbose(result)]
    return "\n".join(lines)


def advice(result: TaskResult) -> str:
    """Return what helps: the author knows the lab, the check only its own object."""
    hint = result.verdict.hint
    return (result.task.hint or hint) if _is_miss(result) else hint


def at_end(step: Step, style: Style) -> str:
    """The tasks of a step that are not looked at before the end."""
    lines = []
    for each in step.tasks:
        if each.mode == "at-submit":
            when = style.paint("checked at the end: labrun check --all", "dim")
            title = harmless(each.title) + _worth(each, style)
            lines.append(f"  {style.pending} {title}\n      {when}")
    return "\n".join(lines)


def step_line(lab: Lab, step: Step, style: Style) -> str:
    number = lab.steps.index(step) + 1
    where = style.paint(f"Step {number} of {len(lab.steps)}", "dim")
    return f"{where}  {style.paint(harmless(step.title), 'bold')}"


def progress_line(lab: Lab, progress: Progress, style: Style) -> str:
    done, total = progress.counts(lab)
    if not total:
        return f"{counted(len(lab.steps), 'step')}, nothing in them to check yet."
    percent = 100 * done // total
    line = f"{style.bar(done, total)} {percent} %  ({done} of {total})"
    return f"{line}  {_points(lab, lab.steps, progress)}".rstrip()


def status(lab: Lab, progress: Progress, style: Style) -> str:
    """The whole lab, a line a step, the current one marked."""
    current = progress.current(lab)
    lines = [
        f"{style.paint(harmless(lab.title), 'bold')}  on {harmless(progress.machine)}",
        progress_line(lab, progress, style),
        "",
    ]
    for number, step in enumerate(lab.steps, 1):
        symbol = style.pending
        if progress.is_complete(step):
            has_won = progress.is_earned(step) and (due(step) or step.questions)
            symbol = style.tick if has_won else style.read
        elif step is current:
            symbol = style.paint("▶" if style.symbols else "[>]", "yellow")
        name = f"{{#{step.id}}}  {_points(lab, [step], progress)}".rstrip()
        title = harmless(step.title)
        lines.append(f"  {symbol} {number:>2}  {title}  {style.paint(name, 'dim')}")
    for _, task, event in progress.broken_now(lab):
        lines.append(f"  {style.cross} `{task.id}` no longer holds")
        lines.append(f"      {_broke(event)}")
    return "\n".join(lines)


def question(each: Question, progress: Progress, style: Style) -> str:
    asked = harmless(each.ask) + _where(each.machine, style)
    if progress.has_answered(each):
        return f"  {style.tick} {asked}"
    how = style.paint(f"labrun answer {each.id} YOUR-ANSWER", "bold")
    return f"  {style.doubt} {asked}\n      {how}"


def questions(step: Step, progress: Progress, style: Style) -> str:
    return "\n".join(question(each, progress, style) for each in step.questions)


def no_longer_holds(
    broken: Sequence[TaskResult], progress: Progress, style: Style
) -> str:
    """What had to stay true and does not, since when and during which step."""
    lines = [style.paint("No longer holds:", "red")]
    for result in broken:
        lines.append(task(result, style))
        if event := event_of(result, progress):
            lines.append(f"      {_broke(event)}")
    return "\n".join(lines)


def labs(rows: Iterable[tuple[Lab | LabrunError, str, Progress]], style: Style) -> str:
    """The list of labs: id, title, length and how far the learner is."""
    lines = []
    for lab, given, progress in rows:
        name = one_line(given)
        if isinstance(lab, LabrunError):
            lines.append(f"  {style.cross} {name:<22} broken: `labrun start {name}`")
            continue
        done, total = progress.counts(lab)
        percent = f"{100 * done // total} %" if total and done else ""
        minutes = f"{lab.minutes} min" if lab.minutes else ""
        facts = "  ".join(
            fact for fact in (minutes, harmless(lab.level), percent) if fact
        )
        title = style.paint(harmless(lab.title), "bold")
        lines.append(f"  {name:<24} {title}  {style.paint(facts, 'dim')}".rstrip())
        if lab.summary:
            lines.append(f"  {'':<24} {harmless(lab.summary)}")
    return "\n".join(lines) or "There are no labs here."


def error(problem: LabrunError, style: Style) -> str:
    """An error as one sentence, and what helps on a line of its own.

    The problems of a lab file stand alone, one a line, so that editors find the place.
    """
    if isinstance(problem, LabBroken):
        return "\n".join(harmless(str(each)) for each in problem.problems)
    text = f"{style.paint('labrun:', 'red')} {harmless(problem.message)}"
    return f"{text}\n  {harmless(problem.remedy)}" if problem.remedy else text


def _details(result: TaskResult) -> list[str]:
    verdict = result.verdict
    if verdict.status is Status.PASSED:
        return []
    if result.withheld:
        return [WITHHELD]
    found = harmless(verdict.summary)
    lines = [f"Could not tell: {found}" if verdict.status is Status.ERROR else found]
    if verdict.expected and verdict.expected not in verdict.summary:
        lines.append(f"Expected: {verdict.expected}")
    if verdict.actual and verdict.actual not in verdict.summary:
        lines.append(f"Found: {verdict.actual}")
    if hint := advice(result):
        lines.append(f"Try: {harmless(hint)}")
    return [line for entry in lines for line in entry.splitlines()]


def _where(machine: str, style: Style) -> str:
    """Name a machine behind what is about it; the first of a lab goes without saying."""
    return style.paint(f"  (on {harmless(machine)})", "dim") if machine else ""


def _broke(event: Event) -> str:
    """Say when something was seen broken, and what had been done just before."""
    when = event.at.partition(".")[0].replace("T", " ")
    during = event.data.get("during")
    where = f"during `{harmless(str(during))}`" if during else "at the end of the lab"
    typed = [f"`{one_line(str(each))}`" for each in event.data.get("after") or ()]
    after = ", after " + ", ".join(typed) if typed else ""
    return f"Found broken at {when} UTC, {where}{after}."


def _points(lab: Lab, steps: Sequence[Step], progress: Progress) -> str:
    """Return `3 of 5 points` of some steps; nothing in a lab where each counts one."""
    worth = {t.points for s in lab.steps for t in s.tasks}
    worth |= {q.points for s in lab.steps for q in s.questions}
    earned, possible = progress.points(steps)
    is_weighted = possible and worth - {1}
    return f"{earned} of {counted(possible, 'point')}" if is_weighted else ""


def _worth(task: Task, style: Style) -> str:
    if task.points == 1 and not task.hidden:
        return ""
    return style.paint(f"  ({counted(task.points, 'point')})", "dim")


def _is_miss(result: TaskResult) -> bool:
    return result.verdict.status is Status.FAILED


def _verbose(result: TaskResult) -> list[str]:
    kind, seconds = result.task.kind, result.seconds
    lines = [f"{result.task.id}  ({kind}, {seconds:.3f} s, {result.task.source})"]
    lines += [f"{key}: {value}" for key, value in result.verdict.facts.items()]
    shown = harmless("\n".join([*lines, result.trace]))
    return [line[:200] for line in shown.splitlines()]


def event_of(result: TaskResult, progress: Progress) -> Event | None:
    """Return the event at which a task that must stay true was seen broken."""
    for (_, task_id), event in progress.broken.items():
        if task_id == result.task.id:
            return event
    return None


def setup(step: Step, style: Style) -> str:
    """What has to be prepared by hand where labrun does not run set-up itself."""
    if not step.setup:
        return ""
    lines = ["This step wants to be prepared; run this yourself on this machine:"]
    for command in step.setup:
        lines += [f"    {line}" for line in harmless(command.text).splitlines()]
    return style.paint("\n".join(lines), "dim")


def judgement(right: bool, why: str, style: Style) -> str:
    if right:
        return f"  {style.tick} Right."
    reason = f" {harmless(why)}" if why else ""
    return f"  {style.cross} That is not it.{reason}"


def finished(lab: Lab, style: Style) -> str:
    if not any(due(step) or step.questions for step in lab.steps):
        return f"You have read `{lab.id}` to its end; nothing in it was checked."
    lines = [style.paint(f"You have completed `{lab.id}`.", "bold", "green")]
    if any(task.mode == "at-submit" for step in lab.steps for task in step.tasks):
        lines.append("Some tasks are only checked at the end: `labrun check --all`.")
    return "\n".join(lines)


def findings(found: Iterable[Finding], style: Style) -> str:
    """What the doctor saw, a line each, and below what is missing how to mend it."""
    lines = []
    for finding in found:
        symbol = style.tick if finding.ok else style.cross
        lines.append(f"  {symbol} {finding.name}: {harmless(finding.found)}")
        if not finding.ok:
            lines.append(f"      Needed for {finding.needed_for}.")
            lines.append(f"      Try: {finding.fix}")
    return "\n".join(lines)
