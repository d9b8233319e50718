"""What is typed into a container and the like, which says nothing of the machine."""

from lab_runner.inference import typed
from lab_runner.model import Command, Source

ENTER = "docker run -it ubuntu bash"


def where(*commands):
    given = [Command(each, "type", Source("x.md", 1)) for each in commands]
    return [
        ["inside" if each.doubt else each.cwd for each in piece]
        for piece in typed.read(given)
    ]


def test_what_comes_before_exit_is_typed_inside_also_in_later_blocks():
    found = where(ENTER, "cd /srv\nls", "exit\nls")
    assert found == [["/root"], ["inside", "inside"], ["inside", "/root"]]


def test_without_exit_the_rest_of_the_block_is_typed_inside():
    assert where(f"{ENTER}\nls", "ls") == [["/root", "inside"], ["/root"]]


def test_an_exit_belongs_to_what_was_opened_last():
    assert where(ENTER, "ls", f"{ENTER}\nls\nexit") == [
        ["/root"],
        ["/root"],
        ["/root", "inside", "inside"],
    ]


def test_a_variable_set_inside_is_not_known_outside():
    (found,) = typed.read(
        [Command(f"A=1\n{ENTER}\nA=2\nexit\ncmd $A", "type", Source("x.md", 1))]
    )
    assert found[-1].argv == ("cmd", "1")
