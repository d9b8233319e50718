import json

import pytest

import labs
from lab_runner.cli.main import main


@pytest.fixture
def lab(tmp_path, monkeypatch):
    folder = labs.write(tmp_path, labs.TINY)
    monkeypatch.setenv("LABRUN_LABS", str(folder.parent))
    return tmp_path / "files"


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
