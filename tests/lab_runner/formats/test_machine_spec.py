import pytest

from checks.errors import SpecError
from lab_runner.errors import LabBroken
from lab_runner.formats import machine_spec, native

LAB = "---\n{}\n---\n# A lab\n\n## A step\n\nProse.\n"


@pytest.fixture
def machine(tmp_path):
    """Read what `machine:` says in the lab.md of a folder."""

    def read(said):
        (tmp_path / "lab.md").write_text(LAB.format(f"machine: {said}"))
        return native.read(tmp_path, b"seed").lab.machine

    return read


@pytest.mark.parametrize(
    ("written", "bytes_"),
    [("1K", 1024), ("512M", 512 << 20), ("2 G", 2 << 30), ("1GiB", 1 << 30)],
)
def test_sizes_are_in_powers_of_1024(written, bytes_):
    assert machine_spec.size(written) == bytes_


@pytest.mark.parametrize("written", ["512", "0M", "-1G", "1.5G", "M", ["1G"], None])
def test_what_is_no_size_is_refused(written):
    with pytest.raises(SpecError, match="takes a size"):
        machine_spec.size(written)


@pytest.mark.parametrize(
    ("limit", "written", "room"),
    [
        ("memory", "31M", "write 32M to 8T"),
        ("disk", "1K", "write 16M to 8T"),
        ("disk", "9T", "write 16M to 8T"),
    ],
)
def test_a_machine_cannot_have_so_little_or_so_much(limit, written, room):
    with pytest.raises(SpecError, match=f"`{written}` is out of range") as found:
        machine_spec.LIMITS[limit](written)

    assert found.value.remedy == room


@pytest.mark.parametrize("name", ["a-", "-a", "1", "localhost", "a" * 16])
def test_what_cannot_be_a_hostname_is_no_machine_of_a_lab(name, tmp_path):
    (tmp_path / "lab.md").write_text(LAB.format(f"machines: {{{name}: {{}}, b: {{}}}}"))

    with pytest.raises(LabBroken, match=f"`{name}` is no name of a machine"):
        native.read(tmp_path, b"seed")


@pytest.mark.parametrize("written", ["0", "0.00", "-1", "1e3", "two", None])
def test_a_machine_has_some_processor(written):
    with pytest.raises(SpecError):
        machine_spec.processors(written)


def test_a_word_is_the_name_of_an_image(machine):
    assert machine("ubuntu-22.04") == machine("{image: ubuntu-22.04}")


def test_a_file_is_taken_from_below_the_folder_of_the_lab(machine, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/motd").write_text("Welcome.\n")
    (tmp_path / "assets/link").symlink_to("motd")
    (file,) = machine('{files: {/etc/motd: {from: assets/link, mode: "0600"}}}').files

    assert (file.path, file.content) == ("/etc/motd", "Welcome.\n")
    assert (file.mode, file.source) == (0o600, "assets/link")


def test_a_folder_that_leads_out_is_refused_as_a_file_is(machine, tmp_path):
    (tmp_path / "assets").symlink_to("/etc")

    with pytest.raises(LabBroken, match="`assets/passwd` leads out of this folder"):
        machine("{files: {/etc/motd: {from: assets/passwd}}}")


def test_a_file_of_unusual_size_is_refused(machine, tmp_path):
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(1 << 30)

    with pytest.raises(LabBroken, match="`huge` is too large"):
        machine("{files: {/etc/motd: {from: huge}}}")


def test_a_definition_beside_the_labs_is_an_image(machine, tmp_path, monkeypatch):
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines/web.toml").touch()
    monkeypatch.setenv("LABRUN_LABS", str(tmp_path))

    assert machine("web").image == "web"
    with pytest.raises(LabBroken, match="did you mean `web`"):
        machine("wbe")
