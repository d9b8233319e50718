"""`labrun next check hint solve answer`: doing the steps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from checks.verdict import Status
from lab_runner import taking
from lab_runner.cli import sessions, terminal, waiting
from lab_runner.errors import DOES_NOT_HOLD, HOLDS, LabrunError, UsageError
from lab_runner.model import Step
from lab_runner.progress import due
from lab_runner.report import json, prose, text
from lab_runner.report.style import Style
from lab_runner.result import TaskResult
from lab_runner.session import Session
from lab_runner.taking import Advance
from lab_runner.withholding import shown


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    add, session_of = terminal.add, terminal.for_session
    following = session_of(
        add(commands, "next", next_step, "check this step; if it holds, go on")
    )
    check = session_of(add(commands, "check", check_steps, "check a step anew"))
    check.add_argument("step", nargs="?", metavar="STEP", help="its number or id")
    check.add_argument(
        "--all", action="store_true", help="every step passed so far, to the end"
    )
    for command in (following, check):
        command.add_argument("--verbose", action="store_true", help="facts and traces")
    hint = session_of(add(commands, "hint", give_hint, "show the next hint"))
    hint.add_argument("step", nargs="?", metavar="STEP", help="its number or id")
    solve = session_of(add(commands, "solve", show_solution, "show the solution"))
    solve.add_argument("step", nargs="?", metavar="STEP", help="its number or id")
    answer = session_of(add(commands, "answer", give_answer, "answer a question"))
    answer.add_argument("words", nargs="*", metavar="[QUESTION] ANSWER")


def next_step(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        step = opened.progress.current(opened.lab)
        counting = waiting.Counting(len(due(step)) if step else 0)
        try:
            found = _shown(taking.advance(opened, counting), opened)
        finally:
            counting.clear()
        if args.json:
            print(json.dump("next", _advance_fields(opened, found)))
        else:
            style = terminal.style(sys.stdout)
            terminal.say(*_advance_text(opened, found, style, args.verbose))
        return _next_code(found)


def check_steps(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        steps = _chosen(opened, args)
        tasks = [t for step in steps for t in (step.tasks if args.all else due(step))]
        counting = waiting.Counting(len(tasks))
        try:
            found = taking.check(opened, steps, counting, at_end=args.all)
        finally:
            counting.clear()
        found = [(step, shown(each, opened.lab)) for step, each in found]
        results = [result for _, each in found for result in each]
        if args.json:
            rows = [json.task(r, step) for step, each in found for r in each]
            fields = {**json.progress(opened.lab, opened.progress), "tasks": rows}
            print(json.dump("check", fields))
        else:
            style = terminal.style(sys.stdout)
            terminal.say(
                *[_step_results(opened, s, rs, style, args.verbose) for s, rs in found],
                text.progress_line(opened.lab, opened.progress, style),
            )
        if not results:
            raise _nothing_to_check(steps)
        return exit_code(results)


def give_hint(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        step = opened.step(args.step)
        hints = step.hints
        taken = opened.progress.hints.get(step.id, 0)
        if taken < len(hints):
            opened.record([opened.event("hint", step.id, number=taken + 1)])
            shown: tuple[str, ...] = (hints[taken],)
        else:
            shown = hints
        if args.json:
            fields = {"step": step.id, "hints": shown, "of": len(hints)}
            print(json.dump("hint", fields))
            return HOLDS
        terminal.say(*_hint_text(step, shown, taken, len(hints)))
    return HOLDS


def show_solution(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        step = opened.step(args.step)
        if not step.solution:
            raise LabrunError(f"step `{step.id}` has no solution", "`labrun hint`")
        opened.record([opened.event("solved", step.id)])
        if args.json:
            commands = [command.text.rstrip() for command in step.solution]
            machines = [command.machine for command in step.solution]
            fields = {"step": step.id, "commands": commands, "machines": machines}
            print(json.dump("solve", fields))
        else:
            print(prose.solution(step, terminal.style(sys.stdout)))
    return HOLDS


def give_answer(args: argparse.Namespace) -> int:
    from lab_runner import answers  # noqa: PLC0415  (the other commands start faster)

    with sessions.current(args) as opened:
        words: list[str] = args.words
        step, question = answers.find(opened, words)
        if not words:
            raise UsageError(
                f"what is your answer? {question.ask}",
                f"`labrun answer {question.id} YOUR-ANSWER`",
            )
        judged = answers.judge(opened, step, question, " ".join(words))
        if args.json:
            fields = {
                "question": question.id,
                "given": judged.given,
                "right": judged.right,
                "why": judged.why,
            }
            print(json.dump("answer", fields))
        else:
            style = terminal.style(sys.stdout)
            print(text.judgement(judged.right, judged.why, style))
        return HOLDS if judged.right else DOES_NOT_HOLD


def exit_code(results: Sequence[TaskResult]) -> int:
    """Return 1 when something does not hold, else 3 when something could not be told.

    What waits for something else does not hold; what that is may not be among these.
    """
    statuses = {result.verdict.status for result in results}
    if Status.FAILED in statuses:
        return DOES_NOT_HOLD
    if Status.ERROR in statuses:
        return LabrunError.exit_code
    return DOES_NOT_HOLD if Status.SKIPPED in statuses else HOLDS


def _nothing_to_check(steps: Sequence[Step]) -> LabrunError:
    if any(step.tasks for step in steps):
        return LabrunError(
            "what this step asks for is only checked at the end",
            "`labrun check --all`",
        )
    return LabrunError(
        "there is nothing to check in this step", "`labrun next` goes on"
    )


def _chosen(opened: Session, args: argparse.Namespace) -> list[Step]:
    if not args.all:
        return [opened.step(args.step)]
    if args.step:
        raise UsageError("`--all` and a step exclude each other", "leave one out")
    lab, progress = opened.lab, opened.progress
    passed = [s for s in lab.steps if s.tasks and progress.is_complete(s)]
    if not passed:
        raise LabrunError("no step has been passed yet", "`labrun next`")
    return passed


def _shown(found: Advance, opened: Session) -> Advance:
    """Return what `next` found as the learner may see it."""
    results, broken = (
        tuple(shown(each, opened.lab)) for each in (found.results, found.broken)
    )
    return replace(found, results=results, broken=broken)


def _next_code(found: Advance) -> int:
    if found.broken:
        return exit_code(found.broken)
    if found.moved or found.following is None:
        return HOLDS
    return exit_code(found.results) or DOES_NOT_HOLD


def _advance_fields(opened: Session, found: Advance) -> dict[str, object]:
    lab, progress = opened.lab, opened.progress
    step, following = found.step, found.following
    return {
        **json.progress(lab, progress),
        "step": json.step(lab, step, progress) if step else None,
        "tasks": json.tasks(found.results, step) if step else [],
        "broken": [json.broken(result, progress) for result in found.broken],
        "next": json.step(lab, following, progress)
        if found.moved and following
        else None,
    }


def _advance_text(
    opened: Session, found: Advance, style: Style, verbose: bool
) -> list[str]:
    lab, progress, step = opened.lab, opened.progress, found.step
    parts = []
    if step:
        parts.append(_step_results(opened, step, found.results, style, verbose))
        parts.append(text.at_end(step, style))
        parts.append(text.questions(step, progress, style))
        if not step.tasks and not step.questions:
            parts.append("  Nothing in this step is checked; read on.")
    if found.broken:
        parts.append(text.no_longer_holds(found.broken, progress, style))
    parts.append(text.progress_line(lab, progress, style))
    if found.following is None and not found.broken:
        parts.append(text.finished(lab, style))
    elif found.moved and found.following:
        parts.append(text.step_line(lab, found.following, style))
        parts.append(prose.step(found.following, style))
        if not opened.on_lab_machine:
            parts.append(text.setup(found.following, style))
        parts.append(text.questions(found.following, progress, style))
    elif step and step.hints:
        parts.append("Stuck? `labrun hint`")
    return parts


def _step_results(
    opened: Session,
    step: Step,
    results: Sequence[TaskResult],
    style: Style,
    verbose: bool,
) -> str:
    lines = [text.step_line(opened.lab, step, style)]
    if results:
        lines.append("")
    lines += [text.task(result, style, verbose=verbose) for result in results]
    return "\n".join(lines)


def _hint_text(step: Step, shown: Sequence[str], taken: int, total: int) -> list[str]:
    style = terminal.style(sys.stdout)
    if not total:
        return [f"Step `{step.id}` has no hints.", "`labrun solve` shows the solution."]
    parts = [prose.markdown(hint, style) for hint in shown]
    left = total - taken - 1
    if left > 0:
        return [*parts, f"{left} more: `labrun hint`"]
    return [*parts, "That was the last hint; `labrun solve` shows the solution."]
