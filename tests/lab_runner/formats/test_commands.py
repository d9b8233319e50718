import pytest

from lab_runner.formats.commands import text


def typed(held):
    return text(held, is_console=True)


def test_a_shell_fence_is_all_commands():
    assert text("cd /tmp\n\nls -l  \n", is_console=False) == "cd /tmp\n\nls -l"


def test_a_transcript_has_commands_behind_its_prompts():
    assert typed("$ ls\nfile\n# id\nuid=0\n") == "ls\nid"


@pytest.mark.parametrize("prompt", ["$", "#", "root@box:~#", "me@my-box.lan:/srv/www$"])
def test_a_prompt_may_say_who_and_where(prompt):
    assert typed(f"{prompt} ls\n") == "ls"


def test_a_command_goes_on_behind_the_second_prompt():
    assert typed("$ for i in 1 2\n> do echo $i\n> done\n1\n2\n") == (
        "for i in 1 2\ndo echo $i\ndone"
    )


def test_a_command_goes_on_after_a_backslash():
    assert typed("$ ctr run \\\n    --rm \\\n    x\noutput\n") == (
        "ctr run \\\n    --rm \\\n    x"
    )


def test_output_that_looks_like_a_second_prompt_is_output():
    assert typed("$ cat quoted\nfirst\n> second\n") == "cat quoted"


def test_a_transcript_of_output_alone_has_no_command():
    assert typed("uid=0\n") == ""


def test_a_shell_fence_that_begins_with_a_prompt_is_a_transcript():
    assert text("$ ls\nfile\n", is_console=False) == "ls"


def test_a_comment_in_a_shell_fence_is_no_prompt():
    assert text("# list\nls\n", is_console=False) == "# list\nls"
