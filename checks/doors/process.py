"""Running one program to its end, bounded in time and in what is kept of its output."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from checks.errors import CheckError, NotPermitted, TimedOut, ToolMissing

OUTPUT_LIMIT = 1 << 20
# As much as a pipe can hold (pipe-max-size), so that one read empties it.
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Result:
    """What a program left: its exit code (128+N after signal N) and its output.

    Output beyond OUTPUT_LIMIT bytes a stream is dropped, and then it is `cut`.
    """

    exit: int
    stdout: str
    stderr: str
    cut: bool = False


class Running:
    """The programs of one machine that have not ended, so that Ctrl-C ends them too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: set[int] = set()

    def add(self, group: int) -> None:
        with self._lock:
            self._groups.add(group)

    def remove(self, group: int) -> None:
        with self._lock:
            self._groups.discard(group)

    def kill(self) -> None:
        with self._lock:
            for group in self._groups:
                kill_group(group)


def run(
    argv: Sequence[str],
    env: Mapping[str, str],
    timeout: float,
    running: Running,
    *,
    asked: Sequence[str] = (),
) -> Result:
    """Run `argv` in a process group of its own; a background child is not waited for.

    `asked` is what an error calls the program, where `argv` only leads to it.
    """
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            process_group=0,
        )
    except FileNotFoundError:
        raise missing(argv[0]) from None
    except PermissionError:
        raise NotPermitted(f"`{argv[0]}` may not be run", "run with `sudo`") from None
    except (OSError, ValueError) as error:
        raise CheckError(f"`{argv[0]}` cannot be run: {error}") from None
    running.add(process.pid)
    try:
        stdout, stderr = _collect(process, time.monotonic() + timeout)
    except TimeoutError:
        raise overdue(asked or argv, timeout) from None
    finally:
        # The group's number is free to be reused once its leader is reaped.
        if process.poll() is None:
            kill_group(process.pid)
            process.wait()
        running.remove(process.pid)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    code = process.returncode
    code = code if code >= 0 else 128 - code
    cut = len(stdout) == OUTPUT_LIMIT or len(stderr) == OUTPUT_LIMIT
    return Result(code, _text(stdout), _text(stderr), cut)


def missing(program: str) -> ToolMissing:
    return ToolMissing(
        f"there is no `{program}` on this machine", f"install `{program}`"
    )


def overdue(argv: Sequence[str], timeout: float) -> TimedOut:
    return TimedOut(
        f"`{_shown(argv)}` did not end within {timeout:.3g} s",
        "give the check more time with `timeout:`",
    )


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _collect(process: subprocess.Popen[bytes], end: float) -> tuple[bytes, bytes]:
    streams: dict[IO[bytes], bytearray] = {}
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ)
                streams[stream] = bytearray()
        while selector.get_map():
            ended = process.poll() is not None
            left = end - time.monotonic()
            if left <= 0 and not ended:
                raise TimeoutError
            for key, _ in selector.select(0 if ended else min(left, 0.05)):
                if not _drain(key.fileobj, streams):
                    selector.unregister(key.fileobj)
            if ended:  # what it wrote is read; a background child may write for ever
                break
    try:
        process.wait(max(0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    stdout, stderr = streams.values()
    return bytes(stdout), bytes(stderr)


def _drain(stream: object, streams: dict[IO[bytes], bytearray]) -> bool:
    """Move one chunk from a pipe to its buffer; False at the end of the stream."""
    assert hasattr(stream, "fileno")  # noqa: S101  (selectors types it as a union)
    chunk = os.read(stream.fileno(), CHUNK)
    kept = streams[stream]  # type: ignore[index]
    kept += chunk[: OUTPUT_LIMIT - len(kept)]
    return bool(chunk)


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _shown(argv: Sequence[str]) -> str:
    line = " ".join(argv)
    return line if len(line) <= 80 else line[:77] + "..."
