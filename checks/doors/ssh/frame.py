"""One stream's part of an answer: any bytes, then the mark of the request."""

from __future__ import annotations

import re

# What may follow a mark that matters: an exit code and the mark once more.
ENDING = 64


class Frame:
    """Takes bytes until the mark has come; of what stands before it, keeps `limit`."""

    def __init__(self, mark: str, limit: int) -> None:
        self._mark = mark.encode()
        self._limit = limit
        self._rest = bytearray()
        self._ending = re.compile(rb" (\d+)\n(%b\n)?" % self._mark)
        self.body = bytearray()
        self.is_whole = False

    def feed(self, chunk: bytes) -> None:
        self._rest += chunk
        if self.is_whole:
            del self._rest[ENDING:]
            return
        at = self._rest.find(self._mark)
        self.is_whole = at >= 0
        # The mark may have begun at the end of what has come so far.
        sure = at if self.is_whole else max(0, len(self._rest) - len(self._mark) + 1)
        self.body += self._rest[: min(sure, self._limit - len(self.body))]
        del self._rest[: sure + len(self._mark) if self.is_whole else sure]

    @property
    def so_far(self) -> bytes:
        """What has come, though it may yet prove to be the mark's beginning."""
        return bytes(self.body if self.is_whole else self.body + self._rest)

    @property
    def exit(self) -> int | None:
        """The exit code behind the mark, once it has come."""
        found = self._ending.match(self._rest) if self.is_whole else None
        return int(found[1]) if found else None

    @property
    def is_last(self) -> bool:
        """Whether the shell has said that nothing more will come."""
        found = self._ending.match(self._rest) if self.is_whole else None
        return bool(found and found[2])
