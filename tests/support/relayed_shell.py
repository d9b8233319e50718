"""A program for tests: a local bash behind the relay, with a stand-in for labrun.

The stand-in is Python code given as the only argument; it sees the request's words in
`sys.argv`.
"""

import sys

from checks.doors.machine import Local
from lab_runner import inband
from lab_runner.shell import relay

TOKEN = "0123456789abcdef"

carried = [f"{k}={v}" for k, v in inband.shell_environment(TOKEN).items()]
shell = Local().spawn(["env", *carried, "bash", "--norc", "-i"])
sys.exit(
    relay(shell, TOKEN, lambda r: (sys.executable, "-c", sys.argv[1], *r.arguments))
)
