from dataclasses import dataclass

import pytest

from checks import spec
from checks.errors import NotPermitted, SpecError
from checks.host.command import Command
from checks.host.package import Package
from checks.nested import Nested
from checks.verdict import Status, passed


@dataclass(frozen=True, slots=True)
class Either:
    either: tuple[Nested, ...]
    unless: Nested | None = None


@dataclass(frozen=True, slots=True)
class Locked:
    locked: str

    def run(self, machine):
        if self.locked == "yes":
            raise NotPermitted("`x` may not be read", "run with `sudo`")
        return passed("It is open")


def build(either, **more):
    return spec.build("either", Either, {"either": either, **more})


def faults(either, **more):
    entry = {"either": either, **more}
    found = spec.problems("either", Either, entry)
    return [(fault.path, fault.message) for fault in found]


def test_checks_are_built_inside_a_check():
    built = build([{"package": "runc"}, {"command": "runc"}])

    assert built.either == (
        Nested("package", Package(("runc",)), 1),
        Nested("command", Command(("runc",)), 1),
    )


def test_one_check_can_be_the_value_of_a_key():
    built = build([{"package": "runc"}], unless={"command": "runc"})

    assert built.unless == Nested("command", Command(("runc",)), 1)


def test_every_fault_of_every_check_inside_is_told_with_the_way_to_it():
    inner = [{"package": "a", "verson": "1"}, {"packge": "b"}, {"port": "x"}]

    assert faults(inner, unless={"service": "s", "active": "perhaps"}) == [
        (
            ("either", 0, "verson"),
            "unknown key `verson` for `package`, did you mean `version`?",
        ),
        (
            ("either", 1, "packge"),
            "unknown kind of check `packge`, did you mean `package`?",
        ),
        (("either", 2, "port"), "`port`: `x` is not a number"),
        (("unless", "active"), "`active`: `perhaps` is not one of true, false, any"),
    ]


def test_what_a_kind_refuses_by_itself_is_told_too():
    ((path, message),) = faults([{"command": "runc"}, {"command": "runc list"}])

    assert path == ("either", 1, "command")
    assert "more than a name" in message


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        ({"package": "a"}, (), "`either`: takes a list of checks"),
        ([], (), "`either`: an empty list asks for nothing"),
        (["package"], (0,), "`either`: takes a check"),
        ([{}], (0,), "`either`: takes a check"),
        ([{"version": "1", "package": "a"}], (0, "version"), "the kind of check comes"),
    ],
)
def test_what_is_no_list_of_checks_is_refused(value, path, message):
    ((found, told),) = faults(value)

    assert found == ("either", *path)
    assert told.startswith(message)


def test_checks_nest_so_deep_and_no_deeper():
    deep = {"package": "runc"}
    for _ in range(3):
        deep = {"all": [deep]}
    assert build([deep]).either[0].depth == 4

    with pytest.raises(SpecError, match="nested more than 4 deep"):
        build([{"all": [deep]}])


def test_an_error_inside_becomes_a_verdict():
    verdict = Nested("locked", Locked("yes"), 1).observe(None)

    assert verdict.status is Status.ERROR
    assert verdict.summary == "`x` may not be read"
    assert verdict.hint == "run with `sudo`"
