"""What a learner ran on a lab machine, known from the recorded shell alone."""

import json
import os
import re
import sys
from contextlib import contextmanager

import pexpect
import pytest

from lab_runner.cli.main import main

pytestmark = pytest.mark.real

LAB = """\
---
title: Commands
summary: Commands to run.
minutes: 2
level: beginner
---
# Commands

## First {#first}

```yaml check
- ran: ls /srv
  name: listed
```

## Second {#second}

```yaml check
- ran: ls /srv
- ran: cat /nothing
- ran: systemctl is-system-running
- ran: pwd
  directory: /srv
- ran: {matches: '^ctr .*ls'}
- ran: sleep 0
```
"""


@pytest.fixture
def name(lab_machine, tmp_path):
    name, _ = lab_machine()
    (tmp_path / "lab.md").write_text(LAB)
    assert main(["start", str(tmp_path / "lab.md"), "--on", name]) == 0
    return name


def verdicts(capsys, step):
    capsys.readouterr()
    code = main(["check", step, "--json"])
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    return code, [(each["status"], each["summary"]) for each in tasks]


def typed(name, *commands):
    """Type commands into `labrun shell`, each at its prompt."""
    argv = ["-m", "lab_runner", "shell"]
    terminal = pexpect.spawn(sys.executable, argv, timeout=20, encoding="utf-8")
    for each in commands:
        terminal.expect(rf"root@{name}:\S*# ")
        terminal.sendline(each)
    terminal.expect(rf"root@{name}:\S*# ")
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)
    terminal.close()


def test_what_was_run_is_known_from_the_recorded_shell(name, capsys):
    code, [(status, said)] = verdicts(capsys, "first")
    assert (code, status) == (3, "error")
    assert said == "Nobody recorded what was run on this machine"

    typed(name, "true")
    assert verdicts(capsys, "first") == (
        1,
        [("failed", "`ls /srv` was not run since the step began")],
    )

    typed(name, "sudo= ls -a /srv | cat", "labrun next")
    typed(name, "cat /nothing", "systemctl is-system-run", "pwd", "cd /srv", "sleep 0")
    code, found = verdicts(capsys, "second")
    assert code == 1
    before, *others = found
    assert before[0] == "failed"
    assert "before the step began" in before[1]
    assert others == [
        ("failed", "`cat /nothing` was run and ended with exit code 1"),
        (
            "failed",
            (
                "`systemctl is-system-running` was not run since the step began,"
                " but `systemctl is-system-run` was"
            ),
        ),
        ("failed", "`pwd` was run in `/root`, not `/srv`"),
        ("failed", "A command matching ^ctr .*ls was not run since the step began"),
        ("passed", "`sleep 0` was run with exit code 0"),
    ]

    typed(name, "HISTCONTROL=ignorespace", " true")
    code, found = verdicts(capsys, "second")
    assert code == 3
    assert {status for status, _ in found} == {"error", "passed"}
    assert "was hidden from the shell's history" in found[0][1]


@contextmanager
def opened(*words, **environment):
    """A terminal with this command of labrun, at its first prompt."""
    env = {**os.environ, **environment}
    argv = ["-m", "lab_runner", *words]
    terminal = pexpect.spawn(
        sys.executable, argv, timeout=20, encoding="utf-8", env=env
    )
    terminal.expect("# ")
    yield terminal
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)
    terminal.close()


def entered(terminal, *commands):
    for each in commands:
        terminal.sendline(each)
        terminal.expect(rf"{re.escape(each)}.*# ")


def test_what_was_run_at_another_terminal_is_known_while_a_shell_watches(name, capsys):
    with opened("shell"), opened("machine", "shell", name) as other:
        entered(other, "cd /srv", "ls -R /srv /usr | sort -o /dev/null", "true")
        _, [(status, said)] = verdicts(capsys, "first")

    assert status == "passed"
    assert said == "`ls -R /srv /usr` was run with exit code 0"


def test_a_shell_that_tells_nothing_is_seen_by_the_kernel(tmp_path, capsys):
    (tmp_path / "lab.md").write_text(LAB.replace("sleep 0", "sleep 0.3"))
    main(["start", str(tmp_path / "lab.md")])
    with opened("shell", SHELL="/bin/sh", PS1="# ") as shell:
        main(["show", "second"])
        entered(shell, "sleep 0.3", "true")
        found = {said: status for status, said in verdicts(capsys, "second")[1]}

    assert found.get("`sleep 0.3` was run with exit code 0") == "passed", found
    assert found["A command of the shell itself would not be seen by the kernel"] == (
        "error"
    )
