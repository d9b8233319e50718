import os
import socket

import pytest

from checks import spec
from checks.doors.files import Stat
from checks.doors.machine import Local
from checks.doors.process import Result
from checks.errors import CheckError, NotPermitted, SpecError
from checks.host.file import File
from checks.testing import FakeMachine
from checks.verdict import Status

PATH = "/etc/app/config"
ACCOUNTS = {
    "/etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\n",
    "/etc/group": b"root:x:0:\nadm:x:4:ann\n",
}


FOLDER = Stat("directory", 0o755, 0, 0, 4096)


def machine(found=None, content=b"", folders=None, **options):
    files = {**ACCOUNTS, PATH: content}
    return FakeMachine(stats={PATH: found}, files=files, folders=folders, **options)


def plain(**fields):
    return Stat(
        **{"type": "file", "mode": 0o644, "uid": 0, "gid": 0, "size": 12, **fields}
    )


def check(path=PATH, **keys):
    return spec.build("file", File, {"file": path, **keys})


def test_a_file_that_is_there_passes():
    verdict = check().run(machine(plain(gid=4)))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`/etc/app/config` is a file (0644 root:adm, 12 bytes)"
    assert {*verdict.facts, "target"} == set(File.FACTS)
    assert verdict.facts == {
        "path": PATH,
        "type": "file",
        "mode": "0644",
        "owner": "root",
        "group": "adm",
        "size": 12,
    }


def test_everything_asked_may_hold():
    verdict = check(
        type="file",
        mode="0644",
        owner="ann",
        group="adm",
        size={"at_least": 1},
        content={"contains": "a = 1"},
    ).run(machine(plain(uid=1000, gid=4), b"[x]\na = 1\n"))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("1000", Status.PASSED),
        ("0", Status.FAILED),
        ({"not": "1000"}, Status.FAILED),
        ({"one_of": ["0", "ann"]}, Status.PASSED),
        ({"not": {"one_of": ["root", "1000"]}}, Status.FAILED),
    ],
)
def test_an_owner_may_be_a_number(wanted, status):
    verdict = check(owner=wanted).run(machine(plain(uid=1000)))

    assert verdict.status is status


def test_a_group_may_be_a_number():
    verdict = check(group="4").run(machine(plain(gid=4)))

    assert verdict.status is Status.PASSED


@pytest.mark.parametrize(
    ("kind", "summary"),
    [
        ("directory", "`/etc/app/config` is a directory (0644 root:root)"),
        ("socket", "`/etc/app/config` is a socket (0644 root:root)"),
        ("fifo", "`/etc/app/config` is a fifo (0644 root:root)"),
        ("block", "`/etc/app/config` is a block device (0644 root:root)"),
        ("character", "`/etc/app/config` is a character device (0644 root:root)"),
    ],
)
def test_every_type_has_its_words(kind, summary):
    verdict = check(type=kind).run(machine(plain(type=kind)))

    assert verdict.status is Status.PASSED
    assert verdict.summary == summary


@pytest.mark.parametrize(
    ("keys", "summary", "hint"),
    [
        ({"type": "directory"}, "`/etc/app/config` is a file, not a directory", ""),
        (
            {"mode": "0600"},
            "`/etc/app/config` has mode `0644`, not `0600`",
            "chmod 0600 /etc/app/config",
        ),
        (
            {"mode": {"matches": "^06.0$"}},
            "`/etc/app/config` has mode `0644`, expected matching ^06.0$",
            "",
        ),
        (
            {"owner": "ann"},
            "`/etc/app/config` has owner `root`, not `ann`",
            "chown ann /etc/app/config",
        ),
        (
            {"group": "adm"},
            "`/etc/app/config` has group `root`, not `adm`",
            "chgrp adm /etc/app/config",
        ),
        (
            {"size": {"at_least": 100}},
            "`/etc/app/config` has size `12`, expected at least 100",
            "",
        ),
        ({"content": "b"}, "`/etc/app/config` holds `a` in line 1, not `b`", ""),
        (
            {"content": {"contains": "b"}},
            "`/etc/app/config` holds `a c`, expected containing b",
            "",
        ),
    ],
)
def test_what_differs_is_told(keys, summary, hint):
    verdict = check(**keys).run(machine(plain(), b"a\nc\n"))

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)
    assert verdict.facts["path"] == PATH


def test_an_empty_file_holds_nothing():
    verdict = check(content={"contains": "b"}).run(machine(plain(), b""))

    assert verdict.summary == "`/etc/app/config` holds nothing, expected containing b"


def test_a_newline_at_the_end_of_the_content_does_not_count():
    assert check(content="b").run(machine(plain(), b"b\n")).status is Status.PASSED


def test_a_long_content_is_not_told_whole():
    verdict = check(content="b").run(machine(plain(), b"x" * 100_000))

    assert len(verdict.summary) < 200
    assert len(verdict.actual) == 100


def test_a_link_is_asked_itself():
    link = plain(type="symlink", mode=0o777, target="/opt/config")

    verdict = check(target="/opt/config").run(machine(link))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`/etc/app/config` is a symlink to `/opt/config`"
    assert verdict.facts["target"] == "/opt/config"


def test_a_link_to_another_target_is_told():
    link = plain(type="symlink", target="/opt/other")

    verdict = check(target="/opt/config").run(machine(link))

    assert verdict.summary == (
        "`/etc/app/config` has target `/opt/other`, not `/opt/config`"
    )
    assert verdict.hint == "ln -sfn /opt/config /etc/app/config"


def test_a_file_in_place_of_a_link_is_told():
    verdict = check(target="/opt/config").run(machine(plain()))

    assert verdict.summary == "`/etc/app/config` is a file, not a symlink"


def test_a_file_that_is_not_there_fails():
    verdict = check().run(machine(None, folders={"/etc/app": []}))

    assert verdict.status is Status.FAILED
    assert verdict.summary == "`/etc/app/config` does not exist"


def test_a_directory_that_is_not_there_can_be_made():
    verdict = check(type="directory").run(machine(None, folders={"/etc/app": []}))

    assert verdict.hint == "mkdir -p /etc/app/config"


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ({"/etc": FOLDER}, "nor does the directory `/etc/app`"),
        ({"/etc": None}, "nor does the directory `/etc`"),
        (
            {"/etc": FOLDER, "/etc/app": Stat("file", 0o644, 0, 0, 1)},
            "because `/etc/app` is a file, not a directory",
        ),
    ],
)
def test_what_is_missing_on_the_way_is_told(there, reason):
    stats = {PATH: None, "/etc/app": None, **there}
    found = FakeMachine(stats=stats, folders={"/etc/app": None})

    verdict = check().run(found)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`/etc/app/config` does not exist, {reason}"


def test_a_name_in_other_letters_is_told():
    names = {"/etc/app": ["confit", "CONFIG"]}

    assert check().run(machine(None, folders=names)).summary == (
        "`/etc/app/config` does not exist, but `/etc/app/CONFIG` does"
    )


@pytest.mark.parametrize(
    ("found", "wanted", "said", "expected", "actual"),
    [
        (b"a\nb\nc\n", "a\nx\nc", "holds `b` in line 2, not `x`", "x", "b"),
        (b"a\n", "a\nb\n", "ends before line 2, `b` is missing", "b", ""),
        (b"a\nb\n", "a\n", "goes on after line 1 with `b`", "", "b"),
        (b"a\r\nb", "a\nb", "holds `a\\r` in line 1, not `a`", "a", "a\\r"),
    ],
)
def test_the_first_line_that_differs_is_told(found, wanted, said, expected, actual):
    verdict = check(content=wanted).run(machine(plain(), found))

    assert verdict.summary == f"`/etc/app/config` {said}"
    assert (verdict.expected, verdict.actual) == (expected, actual)


def test_the_line_nearest_to_what_is_missing_is_told():
    text = b"version = 2\n  SystemdCgroup = false\n"

    verdict = check(content={"contains": "SystemdCgroup = true"}).run(
        machine(plain(), text)
    )

    assert verdict.summary == (
        "`/etc/app/config` holds `SystemdCgroup = false` in line 2,"
        " expected containing SystemdCgroup = true"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/etc/shadow", b"root:HASH"),
        ("/root/.ssh/id_ed25519", b"HASH"),
        ("/etc/ssl/server.key", b"HASH"),
        ("/srv/API_TOKEN", b"HASH"),
        (PATH, b"-----BEGIN PRIVATE KEY-----\nHASH"),
    ],
)
@pytest.mark.parametrize("content", ["x", {"contains": "HASHES"}])
def test_a_secret_is_never_quoted(path, text, content):
    files = {**ACCOUNTS, path: text}
    found = FakeMachine(stats={path: plain()}, files=files)

    verdict = check(path, content=content).run(found)

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{path}` does not hold what is asked, and is not shown"
    assert "HASH" not in repr(verdict)


def test_a_similar_name_is_told():
    verdict = check().run(machine(None, folders={"/etc/app": ["other", "confg"]}))

    assert verdict.summary == (
        "`/etc/app/config` does not exist, but `/etc/app/confg` does"
    )


def test_neighbours_that_cannot_be_listed_explain_nothing():
    hidden = machine(None, folders={"/etc/app": NotPermitted("no")})

    assert check().run(hidden).summary == "`/etc/app/config` does not exist"


def test_a_file_that_should_not_be_there_is_not():
    verdict = check(exists="false").run(machine(None))

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`/etc/app/config` does not exist"


@pytest.mark.parametrize(
    ("kind", "hint"),
    [("file", "rm /etc/app/config"), ("directory", "rm -r /etc/app/config")],
)
def test_a_file_that_should_not_be_there_is(kind, hint):
    verdict = check(exists="false").run(machine(plain(type=kind)))

    assert verdict.status is Status.FAILED
    assert verdict.summary.startswith(f"`/etc/app/config` is a {kind} (0644 root:root")
    assert verdict.hint == hint


def test_a_user_outside_the_file_is_asked_for():
    known = {"getent passwd 70000": Result(0, "eve:x:70000:70000::/:/bin/sh\n", "")}

    verdict = check(owner="eve").run(machine(plain(uid=70000), commands=known))

    assert verdict.status is Status.PASSED


def test_a_user_without_a_name_is_a_number():
    unknown = {"getent passwd 70000": Result(2, "", "")}

    verdict = check(owner="eve").run(machine(plain(uid=70000), commands=unknown))

    assert verdict.summary == "`/etc/app/config` has owner `70000`, not `eve`"


def test_a_machine_without_accounts_has_numbers():
    bare = FakeMachine(
        stats={PATH: plain()},
        files={"/etc/passwd": None, "/etc/group": None},
        commands={"getent passwd 0": None, "getent group 0": None},
    )

    assert check().run(bare).facts["owner"] == "0"


def test_accounts_that_cannot_be_asked_are_an_error():
    broken = {"getent passwd 70000": Result(3, "", "Enumeration not supported\n")}

    with pytest.raises(CheckError, match="getent could not tell: Enumeration"):
        check().run(machine(plain(uid=70000), commands=broken))


@pytest.mark.parametrize("exists", ["true", "false"])
def test_a_path_that_may_not_be_seen_is_an_error(exists):
    with pytest.raises(NotPermitted):
        check(exists=exists).run(machine(NotPermitted("no")))


def test_a_content_that_may_not_be_read_is_an_error():
    with pytest.raises(NotPermitted):
        check(content="a").run(machine(plain(), NotPermitted("no")))


@pytest.mark.parametrize(
    ("keys", "path", "message"),
    [
        ({"path": "etc/x"}, ("file",), "`file`: `etc/x` is not an absolute path"),
        ({"mode": "644"}, ("mode",), "`mode`: `644` is not four octal digits"),
        (
            {"exists": "false", "mode": "0644"},
            ("mode",),
            "`mode` says nothing beside `exists: false`",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(keys, path, message):
    with pytest.raises(SpecError) as caught:
        check(**keys)

    assert (caught.value.path, caught.value.message) == (path, message)


def test_a_link_is_followed_on_a_real_machine(tmp_path):
    (tmp_path / "f").write_text("hello\n")
    (tmp_path / "link").symlink_to("f")

    verdict = check(str(tmp_path / "link"), type="file", content="hello").run(Local())

    assert verdict.status is Status.PASSED


def test_a_dangling_link_is_told(tmp_path):
    (tmp_path / "link").symlink_to("gone")
    path = str(tmp_path / "link")

    assert check(path).run(Local()).summary == (
        f"`{path}` is a link to `gone`, which does not exist"
    )


def test_a_dangling_link_is_there(tmp_path):
    (tmp_path / "link").symlink_to("gone")

    verdict = check(str(tmp_path / "link"), exists="false").run(Local())

    assert verdict.status is Status.FAILED
    assert verdict.summary == f"`{tmp_path}/link` is a symlink to `gone`"


def test_a_fifo_and_a_socket_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))

        for name in ("fifo", "socket"):
            verdict = check(str(tmp_path / name), content="a").run(Local())
            assert verdict.summary == f"`{tmp_path}/{name}` is a {name}, not a file"
