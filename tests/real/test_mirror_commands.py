"""`labrun machine mirror` on a machine folder of its own, without any machine."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from registries import Remembering, put, serving

from lab_runner.cli.main import main
from lab_runner.machines.mirror.store import Store

pytestmark = pytest.mark.real

LAB = """\
---
machine: {{registry: [{image}]}}
---
# Pulling

## Pull

Pull it.
"""


@pytest.fixture(autouse=True)
def hub(tmp_path, monkeypatch):
    """A Docker Hub of this host with the image `app:1`, and an empty machine folder."""
    # Not tmp_path: machines need a disk, and /tmp may be memory.
    own = Path(tempfile.mkdtemp(prefix="labrun-test-", dir="/var/tmp"))
    monkeypatch.setenv("LABRUN_MACHINE_DIR", str(own))
    monkeypatch.setenv("LABRUN_LABS", str(tmp_path / "labs"))
    (tmp_path / "labs").mkdir()
    store = Store(tmp_path / "hub")
    put(store, "app:1")
    with serving(Remembering(store)) as url:
        monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", url)
        yield store
    shutil.rmtree(own)


@pytest.fixture
def labrun(capsys):
    def run(*argv):
        code = main(argv)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def report(labrun):
    def run(*argv):
        code, out, _ = labrun(*argv, "--json")
        return code, json.loads(out)

    return run


def write_lab(folder, image):
    (folder / "labs/pulling").mkdir()
    (folder / "labs/pulling/lab.md").write_text(LAB.format(image=image))


def test_images_are_added_listed_and_removed(labrun):
    code, out, err = labrun("machine", "mirror", "add", "app:1")
    assert (code, out.startswith("docker.io/library/app:1: fetched, ")) == (0, True)
    assert "fetching docker.io/library/app:1" in err

    _, out, _ = labrun("machine", "mirror", "list")
    assert out.splitlines()[1].startswith("docker.io/library/app:1  sha256:")

    _, out, _ = labrun("machine", "mirror", "remove", "app:1")
    assert out.startswith("Removed: ")
    _, out, _ = labrun("machine", "mirror", "list")
    assert out.startswith("The mirror has no images.")


def test_one_that_cannot_be_fetched_ends_with_3_after_the_others(report):
    code, found = report("machine", "mirror", "add", "nothing", "app:1")

    assert code == 3
    assert [image["status"] for image in found["images"]] == ["failed", "fetched"]


def test_sync_fetches_what_the_labs_of_the_course_ask_for(report, tmp_path):
    write_lab(tmp_path, "app:1")

    code, found = report("machine", "mirror", "sync")

    assert (code, found["images"][0]["status"]) == (0, "fetched")
    _, found = report("machine", "mirror", "list")
    assert found["images"][0]["labs"] == ["pulling"]


def test_sync_fetches_what_one_lab_asks_for(report, tmp_path):
    write_lab(tmp_path, "nothing:1")
    (tmp_path / "other.md").write_text(LAB.format(image="app:1"))

    code, found = report(
        "machine", "mirror", "sync", "--lab", str(tmp_path / "other.md")
    )

    assert (code, [image["name"] for image in found["images"]]) == (
        0,
        ["docker.io/library/app:1"],
    )


def test_a_broken_lab_keeps_no_image_from_being_listed(labrun, tmp_path):
    write_lab(tmp_path, "[")
    labrun("machine", "mirror", "add", "app:1")

    code, out, _ = labrun("machine", "mirror", "list")

    assert (code, "docker.io/library/app:1" in out) == (0, True)


def test_sync_without_anything_to_do_says_so(labrun):
    assert labrun("machine", "mirror", "sync")[:2] == (
        0,
        "Nothing was added, and no lab asks for an image.\n",
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["add", "No Name"], "`No Name` is not the name of an image"),
        (["add", "example.com/x"], "the mirror does not pass for `example.com`"),
        (["add", "x", "--from", "floppy:x"], "`floppy:x` does not say how to read it"),
        (["remove", "x"], "the mirror has no `docker.io/library/x:latest`"),
        (["sync", "--lab", "nowhere"], "there is no lab `nowhere`"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(labrun, argv, message):
    code, out, err = labrun("machine", "mirror", *argv)

    assert (code, out) == (2, "")
    assert message in err
