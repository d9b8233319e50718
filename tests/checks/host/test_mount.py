import pytest

from checks import spec
from checks.doors.files import Stat
from checks.errors import CheckError, NotPermitted, SpecError
from checks.host.mount import Mount
from checks.testing import FakeMachine
from checks.verdict import Status

TABLE = "/proc/1/mountinfo"
ROOT = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro"
DATA = "30 21 8:17 / /data ro,nosuid shared:2 master:1 - xfs /dev/sdb1 rw,noquota"
BLANK = r"31 21 0:40 /sub /my\040disk rw - tmpfs mine rw,size=1024k"
UNDER = "32 21 0:41 / /twice rw - ext4 /dev/sdc1 rw"
OVER = "33 32 0:42 / /twice rw - tmpfs tmpfs rw"
FSTAB = b"# device target\n/dev/sdd1 /planned ext4 defaults 0 2\n\nnone\n"
FOLDER = Stat("directory", 0o755, 0, 0, 4096)


def machine(*lines, **stats):
    """A machine with these mounts, where `stats` are other paths at the root."""
    text = "\n".join(lines or (ROOT, DATA, BLANK, UNDER, OVER)).encode()
    return FakeMachine(
        files={TABLE: text, "/etc/fstab": FSTAB},
        stats={f"/{name}": stat for name, stat in stats.items()},
    )


def check(target="/data", **keys):
    return spec.build("mount", Mount, {"mount": target, **keys})


def test_what_is_mounted_passes():
    verdict = check(
        source="/dev/sdb1", fstype="xfs", options=["ro", "nosuid", "noquota"]
    ).run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "`/data` is /dev/sdb1 (xfs, ro)"
    assert verdict.facts == {
        "target": "/data",
        "source": "/dev/sdb1",
        "fstype": "xfs",
        "options": ["ro", "nosuid", "noquota"],
        "root": "/",
    }
    assert tuple(verdict.facts) == Mount.FACTS


def test_a_blank_in_a_name_is_understood():
    assert check("/my disk").run(machine()).facts["root"] == "/sub"


def test_a_slash_at_the_end_does_not_matter():
    assert check("/data/").run(machine()).status is Status.PASSED


@pytest.mark.parametrize(
    ("target", "keys", "summary", "hint"),
    [
        (
            "/data",
            {"source": "/dev/sdz1"},
            "`/data` has source `/dev/sdb1`, not `/dev/sdz1`",
            "",
        ),
        (
            "/data",
            {"fstype": "ext4"},
            "`/data` has file system type `xfs`, not `ext4`",
            "",
        ),
        (
            "/data",
            {"options": ["nosuid", "rw"]},
            "`/data` is mounted with `ro`, `nosuid` and `noquota`, not with `rw`",
            "mount -o remount,rw /data",
        ),
        (
            "/data",
            {"exists": "false"},
            "`/data` is /dev/sdb1 (xfs, ro) and still mounted",
            "umount /data",
        ),
        (
            "/twice",
            {"fstype": "ext4"},
            "`/twice` is tmpfs (tmpfs, rw), which hides what is asked for",
            "umount /twice",
        ),
    ],
)
def test_another_mount_is_told(target, keys, summary, hint):
    verdict = check(target, **keys).run(machine())

    assert verdict.status is Status.FAILED
    assert (verdict.summary, verdict.hint) == (summary, hint)


@pytest.mark.parametrize(
    ("target", "keys", "found", "summary"),
    [
        ("/nothing", {}, None, "`/nothing` does not exist"),
        (
            "/planned",
            {},
            FOLDER,
            (
                "Nothing is mounted on `/planned`,"
                " `/dev/sdd1` is only planned in `/etc/fstab`"
            ),
        ),
        (
            "/mnt",
            {"source": "/dev/sdb1"},
            FOLDER,
            "Nothing is mounted on `/mnt`, `/dev/sdb1` is mounted on `/data`",
        ),
        (
            "/mnt",
            {},
            FOLDER,
            "Nothing is mounted on `/mnt`, it is part of the ext4 on `/`",
        ),
    ],
)
def test_what_is_not_mounted_is_told(target, keys, found, summary):
    verdict = check(target, **keys).run(machine(**{target[1:]: found}))

    assert verdict.status is Status.FAILED
    assert verdict.summary == summary


def test_what_should_not_be_mounted_is_not():
    verdict = check("/mnt", exists="false").run(machine())

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Nothing is mounted on `/mnt`"


@pytest.mark.parametrize("exists", ["true", "false"])
@pytest.mark.parametrize(
    ("table", "error"),
    [(None, CheckError), (NotPermitted("no"), NotPermitted), (b"odd", CheckError)],
)
def test_a_table_that_cannot_be_read_is_an_error(exists, table, error):
    with pytest.raises(error):
        check(exists=exists).run(FakeMachine(files={TABLE: table}))


def test_a_relative_path_is_refused():
    with pytest.raises(SpecError, match="not an absolute path"):
        check("data")
