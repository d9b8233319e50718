"""A program for tests: a local shell behind the relay, with a stand-in for labrun.

The stand-in is Python code given as the first argument; it sees the request's words in
`sys.argv`. With a shell's command line behind it, that shell is recorded for lab `lab`.
"""

import os
import sys

from checks.doors.machine import Local
from lab_runner import inband
from lab_runner.recording import recorder as recording
from lab_runner.shell import relay, size

TOKEN = "0123456789abcdef"

stand_in, *argv = sys.argv[1:]
carried = inband.shell_environment(TOKEN)
recorder = None
if argv:
    carried |= recording.environment(argv[0], TOKEN, os.environ)
    recorder = recording.begin(
        "lab", "here", lambda: "step", size=size(), title="A lab", env={}
    )
variables = [f"{name}={value}" for name, value in carried.items()]
shell = Local().spawn(["env", *variables, *(argv or ["bash", "--norc", "-i"])])
sys.exit(
    relay(
        shell,
        TOKEN,
        lambda request: (sys.executable, "-c", stand_in, *request.arguments),
        recorder,
    )
)
