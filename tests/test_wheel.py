"""The distribution: labs and pages travel in the wheel and are found there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The contents of a freshly built wheel, away from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("labrun-*.whl")
    site = folder / "site"
    zipfile.ZipFile(wheel).extractall(site)
    return site


@pytest.fixture
def labrun(installed, tmp_path):
    def run(*argv):
        env = {**os.environ, "PYTHONPATH": str(installed)}
        command = [sys.executable, "-P", "-m", "lab_runner", *argv]
        ran = subprocess.run(
            command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return ran.stdout

    return run


def test_the_packages_come_from_the_wheel(installed, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(installed)}
    code = "import lab_runner, checks; print(lab_runner.__file__, checks.__file__)"
    command = [sys.executable, "-P", "-c", code]
    where = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True
    )

    assert where.stdout.count(str(installed)) == 2


def test_its_labs_are_listed(labrun):
    labs = json.loads(labrun("list", "--json"))["labs"]

    assert [lab["id"] for lab in labs] == ["containerd-and-ctr"]


def test_its_lab_can_be_started(labrun):
    assert "Containerd and ctr" in labrun("start", "containerd-and-ctr")


def test_its_pages_can_be_read(labrun):
    assert "shim" in labrun("read", "concepts/shim")


def test_its_images_are_defined(installed, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(installed)}
    code = "from lab_runner import course; print(*course.definitions().values())"
    command = [sys.executable, "-P", "-c", code]
    where = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True
    )

    assert f"{installed}/lab_runner/data/content/machines/containerd.toml" in (
        where.stdout
    )


def test_no_tests_travel_in_it(installed):
    assert {p.name.split("-")[0] for p in installed.iterdir()} == {
        "checks",
        "lab_runner",
        "labrun",
    }


def test_the_startup_file_of_a_recorded_zsh_is_there(installed):
    assert (installed / "lab_runner/recording/zdotdir/.zshenv").is_file()
