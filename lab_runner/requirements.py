"""Labs that are to be taken before another."""

from __future__ import annotations

from lab_runner import course, loading
from lab_runner.errors import LabBroken, UsageError
from lab_runner.journal import Journal
from lab_runner.model import Lab
from lab_runner.progress import KINDS, fold


def unmet(journal: Journal, lab: Lab) -> list[str]:
    """Return the ids of the labs that a lab requires and that are not completed."""
    return [each for each in lab.requires if not _is_completed(journal, each)]


def _is_completed(journal: Journal, lab_id: str) -> bool:
    try:
        path = course.locate(lab_id)
        lab = loading.load(path, journal.seed(), journal.folder)
    except (UsageError, LabBroken):
        return False
    return fold(journal.events(lab_id, KINDS)).is_finished(lab)
