from dataclasses import dataclass
from typing import ClassVar

import pytest

from checks import registry, spec
from checks.errors import NotPermitted, SpecError
from checks.verdict import Status, failed, passed

DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64


@dataclass(frozen=True, slots=True)
class Single:
    """A kind that tells the digest it is given, none, or nothing at all."""

    FACTS: ClassVar = ("name", "digest")

    single: str

    def run(self, machine):
        match self.single:
            case "fails":
                return failed("`x` is gone", actual="gone", hint="get x")
            case "unknown":
                raise NotPermitted("`x` may not be read", "run with `sudo`")
        return passed(
            "`x` is there", {"digest": None if self.single == "none" else self.single}
        )


@dataclass(frozen=True, slots=True)
class Several:
    """A kind that tells several digests, as Docker does."""

    FACTS: ClassVar = ("id", "digests")

    several: tuple[str, ...]

    def run(self, machine):
        return passed("`y` is there", {"digests": list(self.several)})


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    own = {"single": Single, "several": Several}
    for kind, cls in own.items():
        monkeypatch.setitem(registry.KINDS, kind, f"{__name__}:{cls.__name__}")
    real = registry.load
    monkeypatch.setattr(registry, "load", lambda kind: own.get(kind) or real(kind))


def build(*entries, fact="digest"):
    entry = {"same": fact, "of": list(entries)}
    return spec.build("same", registry.load("same"), entry)


def run(*entries):
    return build(*entries).run(None)


def test_one_fact_told_by_all_passes():
    verdict = run({"single": DIGEST}, {"single": DIGEST})
    assert verdict.status is Status.PASSED
    assert verdict.summary == f"All have the digest `{DIGEST}`"
    assert verdict.facts["value"] == DIGEST
    assert [each["kind"] for each in verdict.facts["checks"]] == ["single", "single"]


def test_another_value_fails_and_says_whose():
    verdict = run({"single": DIGEST}, {"single": DIGEST}, {"single": OTHER})
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        f"`single` has the digest `{DIGEST}`, `single` has `{OTHER}`"
    )
    assert (verdict.expected, verdict.actual) == (DIGEST, OTHER)


def test_of_several_values_one_that_all_have_will_do():
    several = {"several": [f"quay.io/x@{OTHER}", f"busybox@{DIGEST}"]}
    assert run({"single": DIGEST}, several).status is Status.PASSED
    assert run({"single": "sha256:" + "c" * 64}, several).status is Status.FAILED


def test_values_shared_only_by_twos_are_not_the_same():
    both = {"several": [DIGEST, OTHER]}
    verdict = run(both, {"single": DIGEST}, {"single": OTHER})
    assert verdict.status is Status.FAILED
    assert verdict.actual == OTHER


def test_a_fact_that_is_not_there_is_like_no_other():
    verdict = run({"single": "none"}, {"single": "none"})
    assert verdict.status is Status.FAILED
    assert verdict.summary == "`x` is there, with no digest"


def test_each_check_must_hold_by_itself():
    verdict = run({"single": DIGEST}, {"single": "unknown"}, {"single": "fails"})
    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == ("`x` is gone", "get x")


def test_what_could_not_be_looked_at_is_not_told():
    verdict = run({"single": DIGEST}, {"single": "unknown"})
    assert verdict.status is Status.ERROR
    assert verdict.summary == "`x` may not be read"


def test_one_check_alone_is_refused():
    with pytest.raises(SpecError, match="one check alone") as error:
        build({"single": DIGEST})
    assert error.value.path == ("of",)


def test_a_fact_that_a_kind_never_tells_is_refused():
    with pytest.raises(SpecError, match="`several` has no fact `name`") as error:
        build({"single": DIGEST}, {"several": [DIGEST]}, fact="name")
    assert error.value.path == ("of", 1)
    assert error.value.remedy == "it has id, digests"
