import pytest

from checks.shell import lines


def told(line, code=0):
    found = lines.commands(line, code)
    return found and [(" ".join(each.words), each.exit, each.is_sure) for each in found]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ctr images ls", ["ctr", "images", "ls"]),
        ("echo 'a b' \"c d\" e\\ f g'h'\"i\"", ["echo", "a b", "c d", "e f", "ghi"]),
        ('echo "a \\" $HOME" \';\'', ["echo", 'a " $HOME', ";"]),
        ("ls >out 2>&1 </dev/null -l", ["ls", "-l"]),
        ("echo a2>out", ["echo", "a2"]),
        ("ls 2> out -l", ["ls", "-l"]),
        ("ls -l # all; of it", ["ls", "-l"]),
        ("echo a#b", ["echo", "a#b"]),
        ("ls \\\n  -l", ["ls", "-l"]),
        ("sudo ctr i ls", ["ctr", "i", "ls"]),
        ("sudo -E -u root -- ctr i ls", ["ctr", "i", "ls"]),
        ("A=1 B='2 3' env -i C=4 nohup ls", ["ls"]),
        ("/usr/bin/time -f %e ls", ["ls"]),
        ("sudo", ["sudo"]),
    ],
)
def test_a_command_is_told_by_its_words(line, words):
    (command,) = lines.commands(line, 0)
    assert list(command.words) == words


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        ("a; b", 3, [("a", None, True), ("b", 3, True)]),
        ("a\nb", 0, [("a", None, True), ("b", 0, True)]),
        ("a & b", 0, [("a", None, True), ("b", 0, True)]),
        ("a &", 0, [("a", None, True)]),
        ("a | b | c", 1, [("a", None, True), ("b", None, True), ("c", 1, True)]),
        ("a && b", 0, [("a", 0, True), ("b", 0, True)]),
        ("a && b", 1, [("a", None, True), ("b", None, False)]),
        ("a || b", 0, [("a", None, True), ("b", None, False)]),
        ("a | b && c", 0, [("a", None, True), ("b", 0, True), ("c", 0, True)]),
        ("a && b; c", 0, [("a", None, True), ("b", None, False), ("c", 0, True)]),
        ("X=1", 0, []),
        ("", 0, []),
    ],
)
def test_of_several_commands_it_is_told_what_is_sure(line, code, expected):
    assert told(line, code) == expected


@pytest.mark.parametrize(
    "line",
    [
        "(cd /srv; ls)",
        "echo $(ls)",
        'echo "$(ls)"',
        "echo `ls`",
        "cat <<END\nls\nEND",
        "cat <<<word",
        "diff <(ls) <(ls)",
        "if true; then ls; fi",
        "for a in b; do ls; done",
        "! ls",
        "{ ls; }",
        "f() { ls; }",
        "echo $'a\\nb'",
        "echo 'open",
    ],
)
def test_what_is_too_involved_is_not_guessed_at(line):
    assert lines.commands(line, 0) is None
