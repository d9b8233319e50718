import pytest

from checks import spec
from checks.doors.files import Stat
from checks.doors.machine import PATH
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError, ToolMissing
from checks.host.dpkg import OTHERS
from checks.host.package import Package
from checks.testing import FakeMachine
from checks.verdict import Status

STATUS, UPDATES = "/var/lib/dpkg/status", "/var/lib/dpkg/updates"
QUERY = (
    r"dpkg-query --show --showformat=\nPackage: ${Package}\nStatus: ${Status}\n"
    r"Version: ${Version}\nArchitecture: ${Architecture}\n "
)


def stanza(name, status="install ok installed", version="1.6.20~ds1-1+deb12u3"):
    return (
        f"Package: {name}\nStatus: {status}\nPriority: optional\n"
        f"Architecture: amd64\nVersion: {version}\n"
        "Description: a daemon\n Package: decoy\n Status: install ok installed\n"
    )


OFFER = "x1:\n  Installed: (none)\n  Candidate: 2.0\n  Version table:\n"
NAMES = ("x1", "contain", "ontainerd", "containerd", "containerd.io", "decoy")


def machine(*stanzas, commands=(), stats=(), **options):
    """A machine with these packages, on which apt could install any other."""
    paths = [f"{folder}/{name}" for name in NAMES for folder in PATH.split(":")]
    nothing = dict.fromkeys([*paths, *(f"/snap/{name}" for name in NAMES)])
    offers = {f"apt-cache policy {name}": Result(0, OFFER, "") for name in NAMES}
    files = {STATUS: "\n".join(stanzas).encode()}
    return FakeMachine(
        **{"files": files, "folders": {UPDATES: []}, **options},
        commands={**offers, **dict(commands)},
        stats={**nothing, **dict(stats)},
    )


def check(*names, **keys):
    entry = {"package": list(names), **keys}
    return spec.build("package", Package, entry)


def test_an_installed_package_passes():
    verdict = check("containerd").run(machine(stanza("runc"), stanza("containerd")))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`containerd` is installed (1.6.20~ds1-1+deb12u3)"
    assert tuple(verdict.facts) == Package.FACTS
    assert verdict.facts == {
        "name": "containerd",
        "version": "1.6.20~ds1-1+deb12u3",
        "architecture": "amd64",
    }


def test_one_of_several_names_is_enough():
    found = machine(stanza("containerd.io", version="1.7.2-1"))

    verdict = check("containerd", "containerd.io").run(found)

    assert verdict.summary == "`containerd.io` is installed (1.7.2-1)"


def test_the_first_and_the_last_stanza_are_found():
    database = machine(stanza("first"), stanza("last"))

    assert check("first").run(database).status is Status.PASSED
    assert check("last").run(database).status is Status.PASSED


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("contain", ", but `containerd` is"),
        ("ontainerd", ", but `containerd` is"),
        ("containerd.io", ", but `containerd` is"),
        ("decoy", ""),
    ],
)
def test_only_the_exact_name_counts(name, near):
    verdict = check(name).run(machine(stanza("runc"), stanza("containerd")))

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{name}` is not installed{near}"
    assert verdict.hint == f"apt install {name}"


PROGRAM = Stat("file", 0o755, 0, 0, 10)
SEARCH = "dpkg-query --search *bin/x1"


@pytest.mark.parametrize(
    ("options", "summary", "hint"),
    [
        (
            {
                "stats": {"/usr/bin/x1": PROGRAM},
                "commands": {SEARCH: Result(0, "x1-tools: /usr/bin/x1\n", "")},
            },
            (
                "`x1` is not installed, but `/usr/bin/x1` is there,"
                " from the package `x1-tools`"
            ),
            "apt install x1",
        ),
        (
            {
                "stats": {"/usr/local/bin/x1": PROGRAM},
                "commands": {SEARCH: Result(1, "", "no path found\n")},
            },
            "`x1` is not installed, but `/usr/local/bin/x1` is there, from no package",
            "apt install x1",
        ),
        (
            {"stats": {"/snap/x1": Stat("directory", 0o755, 0, 0, 10)}},
            "`x1` is not installed, but there is a snap of that name",
            "snap list x1",
        ),
        (
            {"commands": {"apt-cache policy x1": Result(0, "", "")}},
            "`x1` is not installed, and no source of this machine offers it",
            "apt update",
        ),
        (
            {"commands": {"apt-cache policy x1": None}},
            "`x1` is not installed",
            "apt install x1",
        ),
    ],
)
def test_what_there_is_in_place_of_a_package_is_told(options, summary, hint):
    verdict = check("x1").run(machine(stanza("runc"), **options))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


def test_a_package_that_another_one_provides_is_told():
    postfix = stanza("postfix") + "Provides: mta, x1 (= 3)\n"

    assert check("x1").run(machine(postfix)).summary == (
        "`x1` is not installed, only `postfix`, which provides it under another name"
    )


def test_when_no_name_is_installed_all_are_told():
    verdict = check("containerd", "containerd.io").run(machine(stanza("runc")))

    assert verdict.summary == "Neither `containerd` nor `containerd.io` is installed"
    assert verdict.hint == "apt install containerd"


@pytest.mark.parametrize(
    ("status", "summary", "hint"),
    [
        (
            "deinstall ok config-files",
            "`x1` is not installed, only its configuration files are left",
            "apt install x1",
        ),
        (
            "install ok unpacked",
            "`x1` is unpacked (2.0) but not configured",
            "dpkg --configure -a",
        ),
        (
            "install ok half-configured",
            "`x1` (2.0) failed while it was configured",
            "dpkg --configure -a",
        ),
        (
            "install ok triggers-pending",
            "`x1` is installed (2.0) but its triggers have not run",
            "dpkg --configure -a",
        ),
        (
            "install ok half-installed",
            "`x1` is installed only in part (2.0)",
            "apt install --reinstall x1",
        ),
        (
            "install reinstreq installed",
            "`x1` is installed only in part (2.0)",
            "apt install --reinstall x1",
        ),
    ],
)
def test_a_package_that_is_not_whole_is_told_by_its_state(status, summary, hint):
    verdict = check("x1").run(machine(stanza("x1", status, "2.0")))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)
    assert verdict.facts["name"] == "x1"


def test_a_package_on_hold_is_installed():
    verdict = check("x1").run(machine(stanza("x1", "hold ok installed")))

    assert verdict.status is Status.PASSED


def test_a_version_is_compared():
    database = machine(stanza("containerd"))

    assert check("containerd", version={"at_least": "1.6"}).run(database).status is (
        Status.PASSED
    )
    verdict = check("containerd", version={"at_least": "1.7"}).run(database)
    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "`containerd` has version `1.6.20~ds1-1+deb12u3`, expected at least 1.7,"
        " your sources offer `2.0`"
    )
    assert verdict.expected == "at least 1.7"
    assert verdict.actual == "1.6.20~ds1-1+deb12u3"
    assert verdict.hint == "apt install --only-upgrade containerd"


@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("1.7", "apt install containerd=1.7"),
        ({"at_most": "1.5"}, "apt policy containerd"),
        ({"at_least": "1.7", "not": "1.8"}, "apt policy containerd"),
    ],
)
def test_another_version_is_not_always_a_newer_one(version, hint):
    database = machine(stanza("containerd"))

    assert check("containerd", version=version).run(database).hint == hint


def test_the_newest_version_there_is_is_told():
    newest = machine(stanza("x1", version="2.0"))

    assert check("x1", version={"at_least": 3}).run(newest).summary == (
        "`x1` has version `2.0`, expected at least 3,"
        " and it is the newest your sources offer"
    )


def test_a_package_that_is_held_back_is_told():
    held = machine(stanza("x1", "hold ok installed", "1.0"))

    verdict = check("x1", version={"at_least": 3}).run(held)

    assert verdict.summary.endswith("expected at least 3, and it is held there")
    assert verdict.hint == "apt-mark unhold x1 && apt install --only-upgrade x1"


def test_a_package_on_hold_that_never_came_is_not_installed():
    wish = machine(stanza("x1", "hold ok not-installed"))

    assert check("x1").run(wish).summary == "`x1` is not installed"


def test_among_several_the_one_of_the_wanted_version_decides():
    database = machine(stanza("old", version="1.0"), stanza("new", version="2.0"))

    verdict = check("old", "new", version={"at_least": 2}).run(database)

    assert verdict.summary == "`new` is installed (2.0)"


def test_one_architecture_of_several_is_enough():
    removed = stanza("libc6", "deinstall ok config-files")

    verdict = check("libc6").run(machine(removed, stanza("libc6")))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("database", "summary"),
    [
        ([], "`x1` is not installed"),
        (
            [stanza("x1", "deinstall ok config-files")],
            "`x1` is not installed, only its configuration files are left",
        ),
    ],
)
def test_a_package_that_should_not_be_there_is_not(database, summary):
    verdict = check("x1", exists="false").run(machine(*database))

    assert verdict.status is Status.PASSED
    assert verdict.summary == summary


@pytest.mark.parametrize("status", ["install ok installed", "install ok unpacked"])
def test_a_package_that_should_not_be_there_is(status):
    verdict = check("x1", exists="false").run(machine(stanza("x1", status)))

    assert verdict.status is Status.FAILED
    assert verdict.hint == "apt remove x1"


def test_while_dpkg_works_it_is_asked_itself():
    answer = (
        "\nPackage: x1\nStatus: install ok unpacked\nVersion: 2.0\nArchitecture: all\n"
    )
    busy = machine(
        folders={UPDATES: ["0001"]},
        commands={f"{QUERY}x1 x2": Result(1, answer, "no packages found matching x2")},
    )

    verdict = check("x1", "x2").run(busy)

    assert verdict.summary == "`x1` is unpacked (2.0) but not configured"


def test_what_dpkg_cannot_tell_is_an_error():
    answer = Result(2, "", "dpkg-query: error: database is broken\n")
    busy = FakeMachine(folders={UPDATES: ["0001"]}, commands={f"{QUERY}x1": answer})

    with pytest.raises(CheckError, match="database is broken"):
        check("x1").run(busy)


@pytest.mark.parametrize("exists", ["true", "false"])
@pytest.mark.parametrize(
    ("there", "keeper"),
    [
        ("/nothing", "nothing that can be asked"),
        ("/var/lib/rpm", "rpm, which is not asked"),
        ("/lib/apk/db", "apk, which is not asked"),
    ],
)
def test_without_dpkg_nothing_can_be_told(exists, there, keeper):
    stats = {**dict.fromkeys(OTHERS), there: Stat("directory", 0o755, 0, 0, 10)}
    other = FakeMachine(folders={UPDATES: None}, files={STATUS: None}, stats=stats)

    with pytest.raises(ToolMissing) as caught:
        check("x1", exists=exists).run(other)

    assert caught.value.message == (
        f"there is no dpkg on this machine, its packages are kept by {keeper}"
    )


def test_an_unreadable_database_is_an_error():
    with pytest.raises(NotPermitted):
        check("x1").run(machine(files={STATUS: NotPermitted("no")}))


def test_a_stanza_without_status_is_an_error():
    with pytest.raises(CheckError, match="says about `x1` cannot be understood"):
        check("x1").run(machine("Package: x1\nVersion: 1\n"))


@pytest.mark.parametrize("name", ["Containerd", "x1=2.0", "-a", "containerd*"])
def test_what_is_no_package_name_is_refused(name):
    with pytest.raises(SpecError) as caught:
        check(name)

    assert caught.value.path == ("package",)
