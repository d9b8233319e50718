import pytest

from lab_runner.machines.image import sources, systems

DEFAULT = [
    "deb http://deb.debian.org/debian bookworm main",
    "deb http://deb.debian.org/debian bookworm-updates main",
    "deb http://deb.debian.org/debian-security bookworm-security main",
]
NEAR = [
    "deb http://near.example/debian bookworm main",
    "deb http://near.example/debian bookworm-updates main",
    "deb http://near.example/debian-security bookworm-security main",
]
LINES = """\
deb http://near.example/debian/ trixie main
# deb http://commented.example/debian trixie-updates main
deb [arch=amd64] http://near.example/debian/ trixie-updates main contrib
deb http://near.example/debian-security trixie-security main
"""
STANZAS = """\
Types: deb
# the nearest
URIs: http://near.example/debian
Suites: trixie trixie-updates
Components: main

Types: deb
URIs: http://near.example/debian-security
Suites: trixie-security
Components: main
"""


def bookworm(apt):
    return sources.lines(systems.DEBIAN.archive, "bookworm", "amd64", apt)


def noble(apt, architecture="amd64"):
    return sources.lines(systems.UBUNTU.archive, "noble", architecture, apt)


@pytest.fixture
def apt(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_where_nothing_is_configured_they_are_debian_s_own(apt):
    assert bookworm(apt) == DEFAULT


@pytest.mark.parametrize(
    ("name", "text"),
    [("sources.list", LINES), ("sources.list.d/debian.sources", STANZAS)],
)
def test_the_servers_of_the_host_are_used_in_either_form(apt, name, text):
    (apt / name).write_text(text)

    assert bookworm(apt) == NEAR


@pytest.mark.parametrize(
    "line",
    [
        "deb http://archive.ubuntu.com/ubuntu noble-updates main",
        "deb https://download.docker.com/linux/debian bookworm stable",
        "deb cdrom:[Debian 12]/debian bookworm-updates main",
    ],
)
def test_servers_of_others_are_not_taken_for_debian_s(apt, line):
    (apt / "sources.list").write_text(line)

    assert bookworm(apt) == DEFAULT


def test_ubuntu_s_are_taken_where_the_host_is_an_ubuntu(apt):
    near = "deb http://near.example/ubuntu noble"
    (apt / "sources.list").write_text(f"{LINES}\n{near}-updates main\n")

    assert noble(apt) == [
        f"{near} main universe",
        f"{near}-updates main universe",
        "deb http://security.ubuntu.com/ubuntu noble-security main universe",
    ]


def test_ubuntu_has_other_servers_for_other_architectures(apt):
    ports = "deb http://ports.ubuntu.com/ubuntu-ports"

    assert all(line.startswith(ports) for line in noble(apt, "arm64"))
    assert not any(line.startswith(ports) for line in noble(apt, "amd64"))
