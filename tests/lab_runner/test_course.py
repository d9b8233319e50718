import pytest

from lab_runner import course
from lab_runner.errors import LabBroken, UsageError


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "labs"
    for name in ("alpha", "beta", "gamma"):
        (folder / name).mkdir(parents=True)
        (folder / name / "lab.md").write_text(f"# {name}\n\n## Step\n")
    (folder / "not-a-lab").mkdir()
    return folder


@pytest.fixture
def content(tmp_path):
    folder = tmp_path / "content"
    (folder / "concepts").mkdir(parents=True)
    (folder / "guide").mkdir()
    (folder / "README.md").write_text("All pages")
    (folder / "concepts" / "shim.md").write_text("What a shim is")
    (folder / "concepts" / "index.md").write_text("Concepts")
    (folder / "guide" / "index.md").write_text("Guide")
    (tmp_path / "secret.md").write_text("secret")
    return folder


def names(paths):
    return [path.parent.name for path in paths]


def test_labs_come_by_name_where_no_course_orders_them(root):
    assert names(course.find(root)) == ["alpha", "beta", "gamma"]


def test_a_course_puts_its_labs_first(root):
    (root / "course.toml").write_text('labs = ["gamma", "alpha"]')

    assert names(course.find(root)) == ["gamma", "alpha", "beta"]


def test_a_course_that_names_an_unknown_lab_is_broken_in_that_line(root):
    (root / "course.toml").write_text('labs = [\n  "alpha",\n  "betta",\n]\n')

    with pytest.raises(LabBroken) as broken:
        course.find(root)

    assert str(broken.value) == (
        f"{root}/course.toml:3:1: error: there is no lab `betta` in this folder,"
        " did you mean `beta`? Write it, as `betta/lab.md`, or leave it out."
    )


def test_a_course_nested_beyond_reason_is_broken(root):
    (root / "course.toml").write_text(f"labs = {'[' * 20_000}")

    with pytest.raises(LabBroken, match="this is not TOML: it is nested too deeply"):
        course.find(root)


@pytest.mark.parametrize("text", ["", "labs = 5", "labs = [1]", 'labs = "alpha"'])
def test_a_course_without_a_list_of_labs_is_broken(root, text):
    (root / "course.toml").write_text(text)

    with pytest.raises(LabBroken, match="`labs` is not a list of ids"):
        course.find(root)


def test_a_course_that_is_not_toml_is_broken_where_it_goes_wrong(root):
    (root / "course.toml").write_text("labs = [\n  alpha\n]\n")

    with pytest.raises(LabBroken, match=r"course.toml:2:3: error: this is not TOML"):
        course.find(root)


def test_a_course_that_is_not_text_is_broken(root):
    (root / "course.toml").write_bytes(b"labs = \xff")

    with pytest.raises(LabBroken, match="this is not TOML"):
        course.find(root)


def test_a_lab_is_found_by_its_id(root):
    assert course.locate("beta", root) == root / "beta" / "lab.md"


def test_a_lab_is_found_even_when_the_course_is_broken(root):
    (root / "course.toml").write_text("broken")

    assert course.locate("beta", root) == root / "beta" / "lab.md"


def test_an_id_wins_over_a_file_of_its_name(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beta").mkdir()

    assert course.locate("beta", root) == root / "beta" / "lab.md"


def test_what_exists_is_taken_for_a_path(root, tmp_path):
    file = tmp_path / "tutorial.md"
    file.write_text("# A tutorial")

    assert course.locate(str(file), root) == file


def test_an_unknown_lab_is_guessed_at(root):
    with pytest.raises(UsageError) as error:
        course.locate("alfa", root)

    assert error.value.message == "there is no lab `alfa`, did you mean `alpha`?"
    assert error.value.remedy == "`labrun list`"


@pytest.mark.parametrize("wanted", ["", "x" * 10_000, "a\0b", "../nowhere"])
def test_what_can_be_no_path_is_an_unknown_lab(root, wanted):
    with pytest.raises(UsageError, match="there is no lab"):
        course.locate(wanted, root)


def test_the_environment_chooses_another_folder_of_labs(root, monkeypatch):
    monkeypatch.setenv("LABRUN_LABS", str(root))

    assert course.labs_root() == root


def test_a_chosen_folder_that_is_not_there_is_a_mistake_in_usage(monkeypatch):
    monkeypatch.setenv("LABRUN_LABS", "/nowhere/labs")

    with pytest.raises(UsageError, match="`/nowhere/labs` is not a folder"):
        course.labs_root()


def test_without_a_choice_the_labs_of_the_checkout_are_found():
    assert course.labs_root() == course.PACKAGE.parent / "labs"


def test_in_a_wheel_the_labs_inside_the_package_are_found(tmp_path, monkeypatch):
    (tmp_path / "data" / "labs").mkdir(parents=True)
    monkeypatch.setattr(course, "PACKAGE", tmp_path)

    assert course.labs_root() == tmp_path / "data" / "labs"


def test_pages_are_listed_by_name(content):
    assert course.pages(content) == [
        "README",
        "concepts/index",
        "concepts/shim",
        "guide/index",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "concepts/shim",
        "concepts/shim.md",
        "content/concepts/shim",
        "../../content/concepts/shim.md#the-pid",
        "../concepts/shim.md",
        "shim",
    ],
)
def test_a_page_is_read_by_name_or_by_a_link_to_it(content, name):
    assert course.page(name, content) == "What a shim is"


def test_a_last_word_that_two_pages_share_names_none(content):
    with pytest.raises(UsageError, match="there is no page `index`"):
        course.page("index", content)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("checks/image", "The kind image"),
        ("../guide/checks/image.md#keys", "The kind image"),
        ("shim", "What a shim is"),
        ("checks/shim", "The kind shim"),
    ],
)
def test_the_end_of_a_name_is_enough_and_the_shortest_name_wins(content, name, read):
    (content / "guide/checks").mkdir()
    (content / "guide/checks/image.md").write_text("The kind image")
    (content / "guide/checks/shim.md").write_text("The kind shim")

    assert course.page(name, content) == read


def test_an_unknown_page_is_guessed_at(content):
    with pytest.raises(UsageError, match="did you mean `concepts/shim`"):
        course.page("concepts/shims", content)


@pytest.mark.parametrize("name", ["../secret", "../../etc/passwd", "/etc/passwd", ""])
def test_a_page_never_lies_outside_the_content(content, name):
    with pytest.raises(UsageError, match="there is no page"):
        course.page(name, content)


def test_a_link_that_leads_out_of_the_content_is_no_page(content):
    (content / "leak.md").symlink_to(content.parent / "secret.md")
    (content / "out").symlink_to(content.parent)

    assert "leak" not in course.pages(content)
    with pytest.raises(UsageError, match="there is no page"):
        course.page("leak", content)
    with pytest.raises(UsageError, match="there is no page"):
        course.page("out/secret", content)
