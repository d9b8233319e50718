import pytest

from checks import spec
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError
from checks.host.group import Group
from checks.testing import FakeMachine
from checks.verdict import Status

PASSWD = b"anna:x:1000:1000::/home/anna:/bin/sh\nbert:x:1001:998::/:/bin/sh\n"
GROUP = b"anna:x:1000:\ndocker:x:998:anna\nempty:x:999:\n"


def machine(**options):
    files = {"/etc/passwd": PASSWD, "/etc/group": GROUP}
    return FakeMachine(**{"files": files, "commands": {}, **options})


def absent(name):
    return {f"getent {base} {name}": Result(2, "", "") for base in ("passwd", "group")}


def check(name="docker", **keys):
    return spec.build("group", Group, {"group": name, **keys})


def test_a_group_passes_with_its_members():
    verdict = check(gid="998", members=["anna", "bert"]).run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`docker` is group 998"
    assert verdict.facts == {"name": "docker", "gid": 998, "members": ["anna", "bert"]}
    assert tuple(verdict.facts) == Group.FACTS


@pytest.mark.parametrize(
    ("name", "keys", "summary", "hint"),
    [
        (
            "docker",
            {"gid": "5"},
            "`docker` has GID `998`, not `5`",
            "groupmod --gid 5 docker",
        ),
        (
            "anna",
            {"members": ["bert"]},
            "`anna` has `anna` in it, not `bert`",
            "usermod --append --groups anna bert",
        ),
        (
            "empty",
            {"members": ["bert"]},
            "`empty` has nobody in it, not `bert`",
            "usermod --append --groups empty bert",
        ),
        (
            "docker",
            {"members": ["nora"]},
            (
                "`docker` has `anna` and `bert` in it, not `nora`,"
                " and there is no such user"
            ),
            "useradd --create-home --groups docker nora",
        ),
        ("docker", {"exists": "false"}, "`docker` is group 998", "groupdel docker"),
    ],
)
def test_another_group_is_told(name, keys, summary, hint):
    verdict = check(name, **keys).run(machine(commands=absent("nora")))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("dockers", "There is no group `dockers`, did you mean `docker`?"),
        ("bert", "There is no group `bert`, only a user of that name"),
    ],
)
def test_a_group_that_is_not_there_is_told(name, summary):
    verdict = check(name).run(machine(commands=absent(name)))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, f"groupadd {name}")


def test_a_group_that_should_not_be_there_is_not():
    verdict = check("wheel", exists="false").run(machine(commands=absent("wheel")))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize("exists", ["true", "false"])
def test_groups_that_may_not_be_read_are_an_error(exists):
    with pytest.raises(NotPermitted):
        check(exists=exists).run(machine(files={"/etc/group": NotPermitted("no")}))


@pytest.mark.parametrize("line", [b"docker:x", b"docker:x:many:"])
def test_a_group_that_makes_no_sense_is_an_error(line):
    with pytest.raises(CheckError, match="the group `docker` cannot be understood"):
        check().run(machine(files={"/etc/group": line}))


def test_what_is_no_number_is_refused():
    with pytest.raises(SpecError, match="is not a whole number"):
        check(gid="docker")
