"""A recorded zsh beside one that is not, and the journal of its commands."""

import shutil

import pytest
from recorded import Shell, ran

ZSH = shutil.which("zsh")
pytestmark = pytest.mark.skipif(ZSH is None, reason="zsh is not installed")

RC = """\
PS1='[%? %!]>> '
unsetopt zle prompt_cr prompt_sp
precmd() { echo "own precmd $?" }
preexec() { echo "own preexec $1" }
echo "rc of $ZDOTDIR ${LABRUN_ZDOTDIR-unset}"
"""


@pytest.fixture(params=["HOME", "ZDOTDIR", "set in .zshenv"])
def given(request, tmp_path):
    """The learner's startup files, in each place where they may lie."""
    folder = tmp_path if request.param == "HOME" else tmp_path / "dots"
    folder.mkdir(exist_ok=True)
    (folder / ".zshrc").write_text(RC)
    if request.param == "set in .zshenv":
        (tmp_path / ".zshenv").write_text(f"ZDOTDIR={folder}\n")
    return {"ZDOTDIR": str(folder)} if request.param == "ZDOTDIR" else {}


@pytest.mark.parametrize(
    "lines",
    [
        ("true", "false", "echo $?", "cd /", "echo $ZDOTDIR"),
        ("set -x", "true", "set +x", "setopt err_return", "false", "true"),
        ("setopt ksh_arrays sh_word_split no_unset", "true", "setopt err_exit", "true"),
        ("fc -l 1", "sleep 0.1 &", "wait"),
    ],
)
def test_what_is_shown(given, tmp_path, lines):
    screens = []
    for is_recorded in (False, True):
        shell = Shell([ZSH, "-i"], tmp_path, given, is_recorded=is_recorded)
        shell.run(*lines)
        screens.append((shell.leave("exit 7"), shell.screen))

    plain, recorded = screens
    assert recorded == plain


def test_its_commands_are_recorded(given, tmp_path):
    shell = Shell([ZSH, "-i"], tmp_path, given, is_recorded=True)
    shell.run("false", "cd /", "cd /", "print 'ü\\\\'", "setopt hist_ignore_space")
    shell.run(" echo hidden", "HISTORY_IGNORE='echo*'", "echo ignored")
    shell.leave()

    assert ran() == [
        (1, "false"),
        (0, "cd /"),
        (0, "cd /"),
        (0, "print 'ü\\\\'"),
        (0, "setopt hist_ignore_space"),
        (0, ""),
        (0, "HISTORY_IGNORE='echo*'"),
        (0, ""),
    ]
