import linecache
import py_compile
import sys

import pytest
from distributions import install, install_example

from checks import description, extensions, registry, spec
from checks.errors import SpecError
from checks.testing import FakeMachine
from checks.verdict import Status

BROKEN = """
import dataclasses
class Plain: ...
@dataclasses.dataclass
class Idle:
    idle: str
@dataclasses.dataclass
class Empty:
    FACTS = ()
    def run(self, machine): ...
@dataclasses.dataclass
class Listed:
    listed: list[str]
    FACTS = ()
    def run(self, machine): ...
@dataclasses.dataclass
class Untyped:
    untyped: "Nowhere"
    FACTS = ()
    def run(self, machine): ...
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of distributions that are installed for this test."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    extensions.installed.cache_clear()
    registry.load.cache_clear()
    linecache.clearcache()
    for name in ("labrun_swap", "broken", "leaving"):
        sys.modules.pop(name, None)


@pytest.fixture(autouse=True)
def _fresh():
    extensions.installed.cache_clear()
    registry.load.cache_clear()


def refusal(kind):
    with pytest.raises(SpecError) as caught:
        registry.load(kind)
    return caught.value.message


@pytest.mark.parametrize(
    ("swap", "total", "status"),
    [
        ("true", 512, Status.PASSED),
        ("true", 0, Status.FAILED),
        ("false", 0, Status.PASSED),
    ],
)
def test_a_kind_of_another_distribution_is_a_kind(site, swap, total, status):
    install_example(site)
    machine = FakeMachine(
        files={"/proc/meminfo": b"MemTotal: 1 kB\nSwapTotal: %d kB\n" % total}
    )
    check = spec.build("swap", registry.load("swap"), {"swap": swap})

    assert check.run(machine).status is status


def test_it_is_described_like_one_of_labruns_own(site):
    install_example(site)
    described = description.describe("swap")

    assert described.origin == "labrun-swap 1.0"
    assert [key.meaning for key in described.keys] == [
        "Whether there is any.",
        "How much of it, in KiB.",
    ]
    assert registry.names()[-1] == "swap"


def test_without_its_source_its_keys_are_known_and_their_meanings_not(site):
    install_example(site)
    py_compile.compile(site / "labrun_swap.py", site / "labrun_swap.pyc")
    (site / "labrun_swap.py").unlink()
    keys = description.describe("swap").keys

    assert [(key.name, key.meaning) for key in keys] == [("swap", ""), ("size", "")]


def test_its_name_is_guessed_at(site):
    install_example(site)

    assert "did you mean `swap`?" in refusal("swpa")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("nowhere:Kind", "ModuleNotFoundError: No module named 'nowhere'"),
        ("broken:Missing", "AttributeError: module 'broken' has no attribute"),
        ("broken:Plain", "<class 'broken.Plain'> is not a dataclass"),
        ("broken:Idle", "Idle has no `run` or no tuple `FACTS`"),
        ("broken:Empty", "Empty has no field for its subject"),
        ("broken:Listed", "`listed` has a type that nothing written in a lab can have"),
        ("broken:Untyped", "NameError: name 'Nowhere' is not defined"),
        ("leaving:Kind", "SystemExit: 3"),
    ],
)
def test_one_that_cannot_be_used_is_told_with_its_distribution(site, target, reason):
    (site / "broken.py").write_text(BROKEN)
    (site / "leaving.py").write_text("raise SystemExit(3)")
    install(site, "labrun-broken", {"odd": target}, "2.1")
    install_example(site)

    assert refusal("odd").startswith(
        f"the kind `odd` of labrun-broken 2.1 cannot be used: {reason}"
    )
    assert registry.load("swap")


def test_a_name_that_two_claim_is_nobodys(site):
    install_example(site)
    install(site, "labrun-swap2", {"swap": "labrun_swap:Swap"})

    message = refusal("swap")
    assert message.startswith("the kind `swap` is claimed by labrun-swap")
    assert "labrun-swap 1.0" in message
    assert "labrun-swap2 1.0" in message


def test_labruns_own_kinds_stay_its_own(site):
    install(site, "labrun-other", {"package": "nowhere:Kind"})

    assert registry.load("package").__module__ == "checks.host.package"
    assert registry.shadowed() == {"package": "labrun-other 1.0"}
