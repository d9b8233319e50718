import pytest

from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats import formats, native
from lab_runner.formats.tutorial import reader as tutorial

PLAIN = "# Title\n\n```bash\ntouch /srv/a\n```\n"
OWN = "# Title\n\n## Step\n\n```yaml check\n- command: ls\n```\n"


def written(folder, **pages):
    for name, text in pages.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, tutorial),
        (OWN, native),
        (f"---\ntitle: A\nlayout: post\n---\n{PLAIN}", tutorial),
        (f"---\nmachine: debian-12\n---\n{PLAIN}", native),
        ("# A\n\n```bash setup\nls\n```\n", native),
    ],
)
def test_a_file_is_a_lab_of_ours_when_it_says_so(text, expected, tmp_path):
    (tmp_path / "a.md").write_text(text)

    assert formats.format_of(tmp_path / "a.md") is expected


def test_numbered_pages_follow_each_other_behind_the_readme(tmp_path):
    pages = {"README": "# All\n", "2-b": PLAIN, "10-c": PLAIN, "1-a": PLAIN}
    reading = formats.read(written(tmp_path, **pages, notes=PLAIN), b"")

    sources = [step.source.path.rsplit("/", 1)[-1] for step in reading.lab.steps]
    assert sources == ["1-a.md", "2-b.md", "10-c.md"]
    assert [step.id for step in reading.lab.steps] == ["title", "title-2", "title-3"]
    assert reading.lab.title == "All"


def test_pages_without_an_order_are_labs_of_their_own(tmp_path):
    written(tmp_path, one=PLAIN, two=PLAIN)

    assert formats.labs(tmp_path) == [tmp_path / "one.md", tmp_path / "two.md"]
    with pytest.raises(UsageError, match="holds labs such as"):
        formats.read(tmp_path, b"")


def test_a_folder_with_labs_below_is_not_its_readme(tmp_path):
    written(tmp_path, README=PLAIN, labs__a__lab=OWN)

    assert formats.labs(tmp_path) == [tmp_path / "labs" / "a" / "lab.md"]
    with pytest.raises(UsageError, match="holds labs such as"):
        formats.read(tmp_path, b"")


def test_a_folder_without_any_text_says_so(tmp_path):
    with pytest.raises(UsageError, match="there is no lab"):
        formats.read(tmp_path, b"")


def test_every_page_that_was_read_and_the_folder_are_inputs(tmp_path):
    written(tmp_path, **{"1-a": PLAIN, "2-b": PLAIN})

    inputs = formats.read(tmp_path, b"").inputs

    assert {*inputs} == {str(tmp_path / each) for each in ("", "1-a.md", "2-b.md")}


def test_a_page_outside_of_the_folder_is_not_read(tmp_path):
    folder = written(tmp_path / "in", **{"1-a": PLAIN, "2-b": PLAIN})
    (tmp_path / "secret.md").write_text(PLAIN)
    (folder / "3-c.md").symlink_to(tmp_path / "secret.md")

    with pytest.raises(LabBroken, match="leads out of the lab's folder"):
        formats.read(folder, b"")
