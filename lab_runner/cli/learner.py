"""`labrun list start show read status reset stop`: finding one's way in a lab."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lab_runner import course, loading, recall, requirements
from lab_runner.cli import sessions, terminal, waiting
from lab_runner.errors import LabBroken, LabrunError, UsageError
from lab_runner.formats.files import as_shown
from lab_runner.journal import Journal
from lab_runner.model import Lab, Step
from lab_runner.progress import KINDS, Progress, fold
from lab_runner.report import json, prose, recalled, text
from lab_runner.report.style import Style, counted
from lab_runner.session import Session, key_of


def add_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    add, session_of = terminal.add, terminal.for_session
    listed = add(commands, "list", list_labs, "list the labs")
    listed.add_argument("folder", nargs="?", metavar="PATH", help="labs of this folder")
    start = add(commands, "start", start_lab, "start a lab, or go on with it")
    start.add_argument("lab", metavar="LAB|PATH", help="a lab's id, or its file")
    start.add_argument("--on", default="local", metavar="MACHINE", help="where to work")
    start.add_argument(
        "--from",
        dest="begin",
        metavar="STEP",
        help="replace the lab machine by one on which the steps before are done",
    )
    start.add_argument(
        "--trust",
        action="store_true",
        help="let another system's lab run its scripts outside of lab machines",
    )
    show = session_of(add(commands, "show", show_step, "show a step again"))
    show.add_argument("step", nargs="?", metavar="STEP", help="its number or id")
    status = session_of(add(commands, "status", show_status, "show how far you are"))
    status.add_argument(
        "--explain", action="store_true", help="and what was amiss when last looked at"
    )
    read = add(commands, "read", read_page, "read a page that a lab links to")
    read.add_argument("page", nargs="?", metavar="PAGE", help="such as concepts/shim")
    session_of(add(commands, "reset", reset_lab, "begin the lab again"))
    session_of(add(commands, "stop", stop_lab, "leave the lab; progress is kept"))


def list_labs(args: argparse.Namespace) -> int:
    paths = (
        _below(Path(args.folder)) if args.folder else course.find(course.labs_root())
    )
    with sessions.journal() as journal:
        rows = [_row(journal, path) for path in paths]
    if args.json:
        print(json.dump("list", {"labs": json.labs(rows)}))
        return 0
    terminal.say(
        text.labs(rows, terminal.style(sys.stdout)),
        f"Begin with `labrun start {'PATH' if args.folder else 'LAB'}`.",
    )
    return 0


def _below(folder: Path) -> list[Path]:
    from lab_runner.formats import formats  # noqa: PLC0415  (only for other folders)

    if not folder.is_dir():
        raise UsageError(f"`{folder}` is not a folder", "name a folder of labs")
    return formats.labs(folder)


def start_lab(args: argparse.Namespace) -> int:
    with sessions.started(args.lab, args.on, trusted=args.trust) as started:
        if args.begin:
            from lab_runner.cli import goto  # noqa: PLC0415  (the engine, likewise)

            goto.arrive(started, started.step(args.begin))
        step = started.step(None)
        _prepare(started, step)
        unmet = requirements.unmet(started.journal, started.lab)
        if args.json:
            print(json.dump("start", {**_where(started, step), "unmet": unmet}))
            return 0
        style = terminal.style(sys.stdout)
        is_new = step is started.lab.steps[0]
        terminal.say(
            _banner(started, style),
            _required(unmet),
            _made_for(started.lab),
            prose.markdown(started.lab.intro, style) if is_new else "",
            _step_text(started, step, style),
            _lacks(started),
            _what_now(started, step),
        )
    return 0


def show_step(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        step = opened.step(args.step)
        opened.shown(step)
        if args.json:
            print(json.dump("show", {**_where(opened, step), "body": step.body}))
        else:
            terminal.say(_step_text(opened, step, terminal.style(sys.stdout)))
    return 0


def show_status(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        lab, progress = opened.lab, opened.progress
        amiss = recall.amiss(opened) if args.explain else []
        if args.json:
            steps = [json.step(lab, step, progress) for step in lab.steps]
            fields = {**json.progress(lab, progress), "steps": steps}
            told = {"explained": recalled.rows(amiss)} if args.explain else {}
            print(json.dump("status", fields | told))
        else:
            style = terminal.style(sys.stdout)
            terminal.say(
                text.status(lab, progress, style),
                recalled.told(amiss, style) if args.explain else "",
            )
    return 0


def read_page(args: argparse.Namespace) -> int:
    if args.page is None:
        names = course.pages()
        if args.json:
            print(json.dump("read", {"pages": names}))
        else:
            print("\n".join(names))
        return 0
    body = course.page(args.page)
    if args.json:
        print(json.dump("read", {"page": args.page, "body": body}))
    else:
        print(prose.markdown(body, terminal.style(sys.stdout)))
    return 0


def reset_lab(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        renewed = opened.on_lab_machine
        if renewed:
            from lab_runner.machines import lifecycle  # noqa: PLC0415  (only on one)

            with waiting.ProgressLine() as progress:
                lifecycle.renew(opened.progress.machine, progress)
        opened.record([opened.event("reset")])
        step = opened.step(None)
        _prepare(opened, step)
        opened.shown(step)
        if args.json:
            print(json.dump("reset", _where(opened, step)))
            return 0
        terminal.say(
            f"Lab `{opened.lab.id}` begins again"
            + (f", {_named(opened)} as new." if renewed else "."),
            ""
            if renewed
            else "What you did on this machine is still there: undo it yourself.",
            _step_text(opened, step, terminal.style(sys.stdout)),
        )
    return 0


def stop_lab(args: argparse.Namespace) -> int:
    with sessions.current(args) as opened:
        opened.record([opened.event("stopped")])
        machine = opened.progress.machine
        if args.json:
            print(json.dump("stop", json.progress(opened.lab, opened.progress)))
            return 0
        where = f" --on {machine}" if opened.on_lab_machine else ""
        again = f"labrun start {opened.reference}{where}"
        print(f"Lab `{opened.lab.id}` is left; `{again}` goes on with it.")
        if opened.on_lab_machine:
            up = f"{_named(opened)} still up"
            print(f"{up[0].upper()}{up[1:]}: `labrun machine down {machine}`.")
    return 0


def _prepare(opened: Session, step: Step) -> None:
    if step.setup and opened.on_lab_machine:
        from lab_runner import taking  # noqa: PLC0415  (the engine, only if needed)

        taking.prepare(opened, step)


def _lacks(started: Session) -> str:
    """Say it where a machine is without packages that the lab asks for."""
    asked = started.lab.machines or {"": started.lab.machine}
    if not started.on_lab_machine or not any(each.packages for each in asked.values()):
        return ""
    from lab_runner.machines import lookup  # noqa: PLC0415  (only on a lab machine)

    lines = []
    for member, name in started.machines.items():
        missing = {*asked[member].packages} - {*lookup.record(name).spec.packages}
        if missing:
            lines.append(f"Machine `{name}` lacks {', '.join(sorted(missing))}.")
    if lines:
        up = f"labrun machine up NAME --lab {started.reference}"
        lines.append(f"`{up}` makes what this lab asks for.")
    return "\n".join(lines)


def _row(journal: Journal, path: Path) -> tuple[Lab | LabrunError, str, Progress]:
    is_own = path.absolute().is_relative_to(course.labs_root().absolute())
    name = path.parent.name if is_own else as_shown(path)
    try:
        lab = loading.load(path, journal.known_seed(), journal.folder)
    except (LabBroken, UsageError) as error:
        return error, name, Progress()
    return lab, name, fold(journal.events(key_of(lab, path), KINDS))


def _banner(started: Session, style: Style) -> str:
    lab, machines = started.lab, started.machines.values()
    facts = [counted(len(lab.steps), "step"), f"on {', '.join(machines)}"]
    if lab.minutes:
        facts.insert(0, f"about {lab.minutes} minutes")
    title = style.paint(lab.title, "bold")
    return f"{title}  {style.paint(', '.join(facts), 'dim')}"


def _step_text(opened: Session, step: Step, style: Style) -> str:
    parts = [
        text.step_line(opened.lab, step, style),
        prose.step(step, style),
        text.setup(step, style) if not opened.on_lab_machine else "",
        text.questions(step, opened.progress, style),
    ]
    return "\n\n".join(part for part in parts if part)


def _what_now(started: Session, step: Step) -> str:
    if started.progress.current(started.lab) is None:
        return "You have completed this lab. `labrun reset` begins it again."
    is_elsewhere = started.on_lab_machine or started.on_server
    where = "`labrun shell` opens a shell there. " if is_elsewhere else ""
    if started.lab.machines:
        names = ", ".join(started.lab.machines)
        where = f"`labrun shell NAME` opens a shell on one of {names}. "
    return f"{where}When you have done step {started.number(step)}: `labrun next`."


def _named(opened: Session) -> str:
    """Return the session's lab machines as the subject of a sentence, with its verb."""
    names = [f"`{name}`" for name in opened.machines.values()]
    several = len(names) > 1
    return f"machine{'s' * several} {', '.join(names)} {'are' if several else 'is'}"


def _required(unmet: Sequence[str]) -> str:
    if not unmet:
        return ""
    labs = ", ".join(f"`{each}`" for each in unmet)
    return f"It builds on {labs}, which you have not completed."


def _made_for(lab: Lab) -> str:
    if not lab.made_for:
        return ""
    return f"It was written for {lab.made_for}; not all that is there may be here."


def _where(opened: Session, step: Step) -> dict[str, object]:
    return {
        **json.progress(opened.lab, opened.progress),
        "title": opened.lab.title,
        "step": json.step(opened.lab, step, opened.progress),
    }
