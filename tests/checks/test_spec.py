from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pytest

from checks import spec
from checks.errors import SpecError
from checks.matchers import Matcher, equals


@dataclass(frozen=True, slots=True)
class Line:
    say: str | None = None
    hear: str | None = None

    def __post_init__(self):
        if self.say is None and self.hear is None:
            raise SpecError("needs `say` or `hear`")


@dataclass(frozen=True, slots=True)
class Talk:
    talk_show: str
    mood: Matcher | None = None
    guests: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: Mapping[str, Matcher] | None = None
    stage: Literal["left", "right"] = "left"
    minutes: int = 5
    live: bool = False
    exists: bool = True
    channel: str | None = None

    def __post_init__(self):
        if self.live and self.minutes > 10:
            raise SpecError("`minutes`: live is short", path=("minutes",))


def build(**keys):
    return spec.build("talk-show", Talk, {"talk-show": "monday", **keys})


def faults(entry):
    return [
        (error.path, error.message) for error in spec.problems("talk-show", Talk, entry)
    ]


def test_the_value_of_the_kind_is_the_first_field():
    assert build() == Talk("monday")


def test_each_value_takes_the_type_of_its_field():
    built = build(
        mood="good",
        guests=["ann", "bob"],
        lines=[{"say": "hello"}, {"hear": "^hi"}],
        labels={"app": "web"},
        stage="right",
        minutes="7",
        live="yes",
    )

    assert built == Talk(
        talk_show="monday",
        mood=equals("good"),
        guests=("ann", "bob"),
        lines=(Line(say="hello"), Line(hear="^hi")),
        labels={"app": equals("web")},
        stage="right",
        minutes=7,
        live=True,
    )


def test_one_value_is_a_list_of_one():
    assert build(guests="ann").guests == ("ann",)


def test_text_stays_as_written():
    assert build(guests=["1.10", "0644"]).guests == ("1.10", "0644")


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        ({}, ("talk-show",), "`talk-show` needs the key `talk-show`"),
        (
            {"talk-show": "x", "gusts": "ann"},
            ("gusts",),
            "unknown key `gusts` for `talk-show`, did you mean `guests`?",
        ),
        (
            {"talk-show": "x", 7: "ann"},
            (7,),
            "unknown key `7` for `talk-show`",
        ),
        ({"talk-show": None}, ("talk-show",), "`talk-show`: has no value"),
        ({"talk-show": ""}, ("talk-show",), "`talk-show`: is empty"),
        (
            {"talk-show": ["x"]},
            ("talk-show",),
            "`talk-show`: takes one value, not a list",
        ),
        (
            {"talk-show": {"a": "b"}},
            ("talk-show",),
            "`talk-show`: takes one value, not a mapping",
        ),
        (
            {"talk-show": "x", "mood": {"matches": "*"}},
            ("mood", "matches"),
            "`mood`: `*` is not a regular expression: nothing to repeat at position 0",
        ),
        (
            {"talk-show": "x", "guests": []},
            ("guests",),
            "`guests`: an empty list asks for nothing",
        ),
        (
            {"talk-show": "x", "guests": ["ann", None]},
            ("guests", 1),
            "`guests`: has no value",
        ),
        (
            {"talk-show": "x", "lines": ["hello"]},
            ("lines", 0),
            "`lines`: takes a mapping",
        ),
        (
            {"talk-show": "x", "lines": [{"say": "a"}, {"sya": "b"}]},
            ("lines", 1, "sya"),
            "`lines`: unknown key `sya`, did you mean `say`?",
        ),
        (
            {"talk-show": "x", "lines": [{"say": ["a"]}]},
            ("lines", 0, "say"),
            "`lines`: takes one value, not a list",
        ),
        (
            {"talk-show": "x", "lines": [{"say": "a"}, {}]},
            ("lines", 1),
            "`lines`: needs `say` or `hear`",
        ),
        (
            {"talk-show": "x", "labels": {}},
            ("labels",),
            "`labels`: takes a mapping",
        ),
        (
            {"talk-show": "x", "labels": {"app": ["a"]}},
            ("labels", "app"),
            "`labels`: a list cannot be compared with one value",
        ),
        (
            {"talk-show": "x", "stage": "rihgt"},
            ("stage",),
            "`stage`: `rihgt` is not one of left, right, did you mean `right`?",
        ),
        (
            {"talk-show": "x", "minutes": "many"},
            ("minutes",),
            "`minutes`: `many` is not a number",
        ),
        (
            {"talk-show": "x", "live": "perhaps"},
            ("live",),
            "`live`: `perhaps` is neither true nor false",
        ),
        (
            {"talk-show": "x", "live": "true", "minutes": "11"},
            ("minutes",),
            "`minutes`: live is short",
        ),
    ],
)
def test_a_fault_says_what_and_where(entry, path, message):
    assert faults(entry) == [(path, message)]


def test_all_faults_of_an_entry_are_told():
    entry = {"mood": [], "minutes": "x", "new": "y"}

    assert [path for path, _ in faults(entry)] == [
        ("mood",),
        ("minutes",),
        ("new",),
        ("talk-show",),
    ]


def test_building_raises_the_first_fault():
    with pytest.raises(SpecError, match="unknown key `volume`"):
        build(volume="loud")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mood", "good"),
        ("labels", {"a": "b"}),
        ("stage", "right"),
        ("live", "no"),
        ("guests", "ann"),
    ],
)
def test_what_shall_not_be_takes_no_condition(key, value):
    entry = {"talk-show": "x", "exists": "no", key: value}

    assert faults(entry) == [((key,), f"`{key}` says nothing beside `exists: false`")]


def test_what_shall_not_be_may_be_placed():
    assert build(exists="false", channel="one").channel == "one"


def test_what_shall_be_takes_conditions():
    assert build(exists="true", stage="right").stage == "right"


def test_conditions_may_narrow_what_shall_not_be():
    @dataclass(frozen=True, slots=True)
    class Shows(Talk):
        NARROWED_BY: ClassVar = ("mood",)

    entry = {"talk-show": "x", "exists": "false", "mood": "good"}

    assert spec.build("talk-show", Shows, entry).mood == equals("good")
