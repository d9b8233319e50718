"""A terminal's output over time, as asciicast version 2.

The format: https://docs.asciinema.org/manual/asciicast/v2/
"""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Mapping
from pathlib import Path

from lab_runner.characters import encodable
from lab_runner.recording.lines import Lines

LIMIT = 64 << 20
# No single event is longer than this.
ROOM = 1 << 20
FULL = f"\r\n[labrun: the recording ends here, at {LIMIT >> 20} MiB]\r\n"


class Cast:
    """Writes what was shown (`o`) and each new size (`r`), never what was typed."""

    def __init__(
        self, lines: Lines, size: tuple[int, int], title: str, env: Mapping[str, str]
    ) -> None:
        self._lines = lines
        self._began = time.monotonic()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_full = False
        self._size = size
        rows, columns = size
        header = {
            "version": 2,
            "width": columns,
            "height": rows,
            "timestamp": int(time.time()),
            "title": title,
            "env": dict(env),
        }
        lines.append(json.dumps(encodable(header), ensure_ascii=False))

    @property
    def path(self) -> Path:
        return self._lines.path

    @property
    def fault(self) -> str:
        return self._lines.fault

    def output(self, data: bytes, *, final: bool = False) -> None:
        """Record bytes as they come; half a character waits for its other half."""
        if text := self._decoder.decode(data, final):
            self._event("o", text)

    def resize(self, rows: int, columns: int) -> None:
        if (rows, columns) != self._size:
            self._size = (rows, columns)
            self._event("r", f"{columns}x{rows}")

    def close(self) -> None:
        self.output(b"", final=True)
        self._lines.close()

    def _event(self, kind: str, text: str) -> None:
        if self._is_full:
            return
        if self._lines.size > LIMIT - ROOM:
            self._is_full = True
            kind, text = "o", FULL
        seconds = round(time.monotonic() - self._began, 6)
        self._lines.append(json.dumps([seconds, kind, text], ensure_ascii=False))
