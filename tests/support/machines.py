"""Driving `labrun machine` as a user does, and looking for what it leaves on the host."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

LABRUN = (sys.executable, "-m", "lab_runner", "machine")


def begin(*argv):
    """Start `labrun machine …` and leave it running."""
    return subprocess.Popen(
        [*LABRUN, *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def labrun(*argv):
    """Run `labrun machine …` to its end: exit code, output, errors."""
    running = begin(*argv)
    out, err = running.communicate()
    return running.returncode, out, err


def up(*argv):
    code, _, err = labrun("up", *argv)
    assert code == 0, err


def listed():
    code, out, err = labrun("list", "--json")
    assert (code, err) == (0, "")
    return json.loads(out)["machines"]


def wait_for(path):
    """Wait until a path is there; the moment it appears is a moment of the work."""
    until(lambda: os.path.lexists(path), f"{path} never appeared")


def until(holds, never, seconds=20):
    """Wait until something holds; else fail with the words `never`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, never
        time.sleep(0.001)


def traces(root):
    """Return all on this host that bears the mark of the machine folder `root`."""
    tag = "labrun-" + hashlib.sha256(bytes(root)).hexdigest()[:4]
    return [
        *_lines(Path("/proc/self/mountinfo").read_text(), str(root)),
        *_lines(_output("iptables-save"), tag.upper()),
        *_lines(_output("ip", "-oneline", "link"), tag),
        *_lines(_output("ip", "netns", "list"), tag),
        *_lines(_output("losetup", "--all"), str(root)),
        *_processes(str(root), tag),
        *_named("/sys/fs/cgroup", tag),
        *_named("/run/systemd/nspawn", tag),
        *(
            str(path)
            for each in ("machines", "locks")
            for path in (root / each).glob("*")
        ),
        *map(str, (root / "images").glob(".*")),
        *map(str, root.glob(".unpacked")),
        *(str(p) for name in ("network", "mirror") for p in root.glob(f"{name}.json")),
    ]


def _named(root, tag):
    # os.walk passes over what vanishes while it looks, as other machines do.
    for folder, names, files in os.walk(root):
        yield from (f"{folder}/{name}" for name in names + files if tag in name)


def _lines(text, word):
    return [line for line in text.splitlines() if word in line]


def _output(*argv):
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _folders(root, word):
    # os.walk passes over what vanishes meanwhile, as other machines do.
    return [path for path, _, _ in os.walk(root) if word in path]


def _processes(*words):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_text(errors="replace").replace("\0", " ")
        except OSError:
            continue  # it has just ended
        if any(word in command for word in words):
            found.append(f"{path.parent.name}: {command}")
    return found
