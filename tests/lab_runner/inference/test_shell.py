"""Commands as bash would run them."""

import pytest

from lab_runner.inference.model import UNKNOWN
from lab_runner.inference.shell import Shell


def read(text, line=1):
    return list(Shell().read(text, line))


def argvs(text):
    return [each.argv for each in read(text)]


def test_quotes_are_removed_and_variables_filled_in():
    assert argvs("A=x; cmd 'a b'\"$A\"c d\\ e") == [("set",), ("cmd", "a bxc", "d e")]


def test_what_only_the_machine_knows_is_unknown():
    assert argvs("cmd $B $(date) *.txt") == [
        ("date",),
        ("cmd", UNKNOWN, UNKNOWN, f"{UNKNOWN}.txt"),
    ]


def test_braces_are_expanded():
    assert argvs("cmd a{b,c}{1..2}") == [("cmd", "ab1", "ab2", "ac1", "ac2")]


def test_each_command_has_its_own_line():
    assert [each.line for each in read("a\n\nb \\\n  c\nd", 10)] == [10, 12, 14]


def test_a_pipe_from_echo_is_read():
    assert read("echo hello | sudo tee /f")[1].stdin == "hello\n"


def test_a_here_document_is_read_with_its_variables():
    assert read("A=1\ncat <<EOF | tee /f\n$A \\$A\nEOF")[2].stdin == "1 $A\n"


def test_a_quoted_here_document_is_read_as_it_stands():
    assert read("cat > /f <<'EOF'\n$A\nEOF")[0].stdin == "$A\n"


def test_a_subshell_keeps_its_directory_to_itself():
    assert [each.cwd for each in read("(cd /a; b); c")] == ["/root", "/a", "/root"]


def test_commands_of_sh_c_are_read():
    assert argvs("sudo -u bob sh -c 'a; b c'") == [("a",), ("b", "c")]


def test_sudo_hides_what_was_exported():
    found = read("export A=1; sudo cmd; sudo -E cmd")
    assert "A" not in found[1].environment
    assert found[2].environment["A"] == "1"


def test_a_placeholder_is_no_redirection():
    assert argvs("cmd <name> x") == [("cmd", UNKNOWN, "x")]


def test_what_bash_cannot_read_is_said():
    assert read("a )(")[-1].doubt


def test_a_loop_over_words_of_the_text_is_run_word_by_word():
    found = argvs("for x in a b{1,2}; do cmd $x; done; cmd $x")
    assert found == [("cmd", each) for each in ("a", "b1", "b2", "b2")]


@pytest.mark.parametrize(
    "text",
    [
        "for x in a b; do cmd $x; break; done",
        "for x in $LIST; do cmd $x; done",
        "for x in {1..99}; do cmd $x; done",
        "for x in a b; do for y in 1 2; do cmd $x; done; done",
    ],
)
def test_what_another_loop_runs_is_in_doubt(text):
    assert all(each.doubt for each in read(text))


def test_a_command_in_a_word_is_run_before_it():
    found = read("ID=$(docker run x); cmd $ID")
    assert [each.argv for each in found] == [
        ("docker", "run", "x"),
        ("set",),
        ("cmd", UNKNOWN),
    ]
    assert not found[0].is_typed


def test_a_variable_set_in_doubt_is_unknown():
    assert argvs("A=1; [ -f x ] && A=2; cmd $A")[-1] == ("cmd", UNKNOWN)
