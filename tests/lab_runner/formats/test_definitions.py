import pytest

from lab_runner import course
from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats import definitions
from lab_runner.model import Limits, MachineFile, MachineSpec

SYSTEM = MachineSpec("ubuntu-24.04")


@pytest.fixture
def define(tmp_path, monkeypatch):
    """`define(NAME, TOML)` writes a definition into the folder of the test's labs."""
    monkeypatch.setenv("LABRUN_LABS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "machines").mkdir()

    def write(name, text):
        (tmp_path / "machines" / f"{name}.toml").write_text(text)

    return write


def problems(image):
    with pytest.raises(LabBroken) as broken:
        definitions.resolve(MachineSpec(image))
    return str(broken.value).splitlines()


def test_a_system_is_what_it_is():
    assert definitions.resolve(SYSTEM) == SYSTEM


@pytest.mark.parametrize("name", course.definitions())
def test_every_definition_that_ships_leads_to_a_system(name):
    assert definitions.resolve(MachineSpec(name)).image in course.SYSTEMS


def test_packages_come_together_and_the_nearer_file_and_limit_win(define):
    define(
        "base",
        """
        image = "ubuntu-24.04"
        packages = ["jq", "tree"]
        registry = ["one"]
        memory = "1G"
        cpus = 1.5
        processes = 100
        isolated = true
        [files]
        "/etc/both" = "far"
        "/etc/far" = { content = "far", mode = "0600" }
        """,
    )
    near = (MachineFile("/etc/both", "near"), MachineFile("/etc/near", "near"))
    asked = MachineSpec(
        "base", ("curl", "jq"), near, ("two",), Limits(memory=5, disk=6)
    )

    assert definitions.resolve(asked) == MachineSpec(
        "ubuntu-24.04",
        ("jq", "tree", "curl"),
        (near[0], MachineFile("/etc/far", "far", 0o600), near[1]),
        ("one", "two"),
        Limits(memory=5, processes=100, cpus=1.5, disk=6),
        isolated=True,
    )


def test_a_definition_may_be_based_on_another(define):
    define("one", 'image = "two"\npackages = ["jq"]')
    define("two", 'image = "ubuntu-24.04"\npackages = ["tree"]')

    assert definitions.resolve(MachineSpec("one")) == MachineSpec(
        "ubuntu-24.04", ("tree", "jq")
    )


def test_files_come_from_the_folder_of_the_definitions(define, tmp_path):
    define("one", 'files."/etc/motd" = { from = "motd" }')
    (tmp_path / "machines/motd").write_text("Welcome.\n")

    (file,) = definitions.resolve(MachineSpec("one")).files
    assert file.content == "Welcome.\n"


def test_an_image_that_is_not_there_is_named_with_the_nearest(define):
    define("web-server", "")

    with pytest.raises(UsageError, match="did you mean `web-server`") as refused:
        definitions.resolve(MachineSpec("webserver"))
    assert refused.value.remedy.startswith("images: debian-12, ubuntu-24.04")


def test_a_circle_is_told_with_the_way_round_it(define):
    define("one", 'image = "two"')
    define("two", '# the second\nimage = "one"')

    (problem,) = problems("one")
    assert problem == (
        "machines/two.toml:2:1: error: this image is based on itself:"
        " `one` → `two` → `one`. Base one of them on a system."
    )


def test_every_fault_is_placed(define):
    define(
        "one",
        'image = "debain-12"\n'
        'packges = ["jq"]\n'
        "memory = 5\n"
        "[files]\n"
        '  "/etc/motd" = { form = "motd" }\n'
        '[files."/etc/../x"]\n'
        'content = "x"\n',
    )

    places = [each.split(": error: ")[0] for each in problems("one")]
    assert places == [
        f"machines/one.toml:{place}"
        for place in ("1:1", "2:1", "3:1", "5:3", "5:3", "6:1")
    ]


def test_what_is_not_toml_is_placed(define):
    define("one", 'packages = ["jq"\nimage = 5\n')

    (problem,) = problems("one")
    assert problem.startswith("machines/one.toml:2:1: error: this is not TOML: ")
