import pytest

from checks import spec
from checks.doors.files import Stat
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError, ToolMissing
from checks.host.user import User
from checks.testing import FakeMachine
from checks.verdict import Status

PASSWD = (
    b"root:x:0:0:root:/root:/bin/bash\n"
    b"anna:x:1000:1000:Anna,,,:/home/anna:/bin/bash\n"
    b"bert:x:1001:1001::/home/bert:/bin/sh\n"
)
GROUP = b"root:x:0:\nanna:x:1000:\ndocker:x:998:anna\n"
HOME = Stat("directory", 0o755, 1000, 1000, 4096)


def machine(commands=(), **options):
    """A machine with the users anna and bert."""
    answers = {
        "id -Gn anna": Result(0, "anna docker\n", ""),
        "id -Gn bert": Result(0, "bert\n", ""),
        "passwd -S anna": Result(0, "anna P 2026-01-01 0 99999 7 -1\n", ""),
        "passwd -S bert": Result(0, "bert L 2026-01-01 0 99999 7 -1\n", ""),
        **dict(commands),
    }
    files = {"/etc/passwd": PASSWD, "/etc/group": GROUP}
    stats = {"/home/anna": HOME, "/home/bert": None}
    return FakeMachine(**{"files": files, "stats": stats, **options}, commands=answers)


def absent(name):
    return {f"getent {base} {name}": Result(2, "", "") for base in ("passwd", "group")}


def check(name="anna", **keys):
    return spec.build("user", User, {"user": name, **keys})


def test_an_account_that_is_there_passes():
    verdict = check().run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`anna` is user 1000"
    assert verdict.facts == {
        "name": "anna",
        "uid": 1000,
        "gid": 1000,
        "home": "/home/anna",
        "shell": "/bin/bash",
        "groups": ["anna", "docker"],
    }
    assert tuple(verdict.facts) == User.FACTS


def test_an_account_with_all_that_is_asked_passes():
    keys = {"uid": "1000", "home": "/home/anna", "shell": "/bin/bash"}

    verdict = check(groups=["docker"], locked="false", **keys).run(machine())

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("name", "keys", "summary", "hint"),
    [
        (
            "anna",
            {"uid": "1234"},
            "`anna` has UID `1000`, not `1234`",
            "usermod --uid 1234 anna",
        ),
        (
            "bert",
            {"shell": "/bin/bash"},
            "`bert` has shell `/bin/sh`, not `/bin/bash`",
            "usermod --shell /bin/bash bert",
        ),
        (
            "anna",
            {"home": "/srv/anna"},
            "`anna` has home `/home/anna`, not `/srv/anna`",
            "usermod --home /srv/anna --move-home anna",
        ),
        (
            "bert",
            {"home": "/home/bert"},
            "`bert` has home `/home/bert`, which does not exist",
            "mkhomedir_helper bert",
        ),
        (
            "bert",
            {"groups": ["bert", "docker", "sudo"]},
            "`bert` is in `bert`, not in `docker` and `sudo`",
            "usermod --append --groups docker,sudo bert",
        ),
        (
            "anna",
            {"locked": "true"},
            "The password of `anna` is not locked",
            "usermod --lock anna",
        ),
        (
            "bert",
            {"locked": "false"},
            "The password of `bert` is locked",
            "usermod --unlock bert",
        ),
        ("anna", {"exists": "false"}, "`anna` is user 1000", "userdel anna"),
    ],
)
def test_another_account_is_told(name, keys, summary, hint):
    verdict = check(name, **keys).run(machine())

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)
    assert verdict.facts["name"] == name


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("nemo", "There is no user `nemo`"),
        ("ana", "There is no user `ana`, did you mean `anna`?"),
        ("Anna", "There is no user `Anna`, did you mean `anna`?"),
        ("docker", "There is no user `docker`, only a group of that name"),
    ],
)
def test_an_account_that_is_not_there_is_told(name, summary):
    verdict = check(name).run(machine(absent(name)))

    assert verdict.status is Status.FAILED
    assert verdict.summary == summary
    assert verdict.hint == f"useradd --create-home {name}"


def test_an_account_that_should_not_be_there_is_not():
    verdict = check("nemo", exists="false").run(machine(absent("nemo")))

    assert verdict.status is Status.PASSED


def test_an_account_from_elsewhere_is_one():
    known = "nora:x:5000:5000::/home/nora:/bin/zsh\n"
    answers = {
        "getent passwd nora": Result(0, known, ""),
        "id -Gn nora": Result(0, "staff\n", ""),
    }

    assert check("nora").run(machine(answers)).facts["groups"] == ["staff"]


def test_the_password_is_not_asked_about_unless_the_check_does():
    silent = machine({"passwd -S anna": CheckError("asked")})

    assert check().run(silent).status is Status.PASSED


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Result(1, "", "passwd: You may not view it.\n"), NotPermitted),
        (Result(3, "", "unexpected failure\n"), CheckError),
        (Result(0, "", ""), CheckError),
        (None, ToolMissing),
    ],
)
@pytest.mark.parametrize("locked", ["true", "false"])
def test_a_password_that_cannot_be_asked_about_is_an_error(answer, error, locked):
    with pytest.raises(error) as caught:
        check(locked=locked).run(machine({"passwd -S anna": answer}))

    assert type(caught.value) is error


def test_groups_that_cannot_be_told_are_an_error():
    with pytest.raises(CheckError, match="id could not tell: no"):
        check().run(machine({"id -Gn anna": Result(1, "", "no\n")}))


def test_of_many_groups_none_is_overlooked():
    groups = " ".join(f"g{number}" for number in range(300))
    many = machine({"id -Gn anna": Result(0, groups, "")})

    verdict = check(groups=["g299"]).run(many)

    assert verdict.status is Status.PASSED
    assert len(verdict.facts["groups"]) == 100


@pytest.mark.parametrize("line", [b"anna:x", b"anna:x:many:1000::/:/bin/sh"])
def test_an_account_that_makes_no_sense_is_an_error(line):
    with pytest.raises(CheckError, match="the user `anna` cannot be understood"):
        check().run(machine(files={"/etc/passwd": line}))


@pytest.mark.parametrize("exists", ["true", "false"])
def test_users_that_may_not_be_read_are_an_error(exists):
    with pytest.raises(NotPermitted):
        check(exists=exists).run(machine(files={"/etc/passwd": NotPermitted("no")}))


@pytest.mark.parametrize("name", ["a b", "-r", "a:b"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(SpecError) as caught:
        check(name)

    assert caught.value.message == f"`user`: `{name}` is not a name"
