"""Where a learner's progress lies, also when labrun runs under sudo."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from lab_runner.errors import JournalError


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The state folder and, under sudo, the learner who must go on owning it."""

    path: Path
    owner: tuple[int, int] | None = None

    def make(self) -> Path:
        """Create the folder; raises JournalError with one sentence."""
        missing = [p for p in (self.path, *self.path.parents) if not p.exists()]
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in missing:
                self.own(folder)
        except OSError as error:
            raise JournalError(
                f"progress cannot be kept in `{self.path}`: {error.strerror}",
                "set LABRUN_STATE_DIR to a folder you may write",
            ) from None
        return self.path

    def own(self, path: Path) -> None:
        """Give a path made by root to the learner who called sudo."""
        if self.owner is not None:
            os.chown(path, *self.owner)


def state_folder() -> StateFolder:
    """Return LABRUN_STATE_DIR, else `labrun` in the learner's XDG state directory."""
    learner = _learner()
    owner = (learner.pw_uid, learner.pw_gid) if learner else None
    chosen = os.environ.get("LABRUN_STATE_DIR")
    if chosen:
        return StateFolder(Path(chosen).absolute(), owner)
    home = Path(learner.pw_dir) if learner else Path.home()
    base = os.environ.get("XDG_STATE_HOME")
    return StateFolder(Path(base or home / ".local" / "state") / "labrun", owner)


def learner_name() -> str:
    """Return the name of whoever learns here, also when labrun runs under sudo."""
    learner = _learner()
    try:
        return learner.pw_name if learner else pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _learner() -> pwd.struct_passwd | None:
    """Return who called sudo, or None when this is not sudo."""
    uid = os.environ.get("SUDO_UID", "")
    if os.geteuid() != 0 or not uid.isdigit() or int(uid) == 0:
        return None
    try:
        return pwd.getpwuid(int(uid))
    except KeyError:
        return None
