"""Commands as bash would run them."""

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
