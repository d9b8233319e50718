"""Executable documents and what becomes of them: a fixture more is a test more."""

import random
from pathlib import Path

import pytest
from alike import parts, written
from outcomes import agree_on
from patience import patience
from spoiling import spoil

from lab_runner.errors import LabBroken
from lab_runner.formats import native
from lab_runner.formats.executable import reader

FIXTURES = Path(__file__).parents[3] / "fixtures"
GOLDEN = Path(__file__).parents[3] / "golden" / "executable"
DOCUMENTS = [
    path
    for name in ("runme", "innovation_engine", "codelab")
    for path in reader.labs(FIXTURES / name)
]
PAGES = [path.read_bytes() for path in DOCUMENTS]
MARKS = (
    b"```", b"~~~", b'```sh {"name":', b"{ cwd=", b"}", b"<!-- expected_similarity=",
    b' "x" -->', b"1.0 -->", b"## ", b"---\n", b"===\n", b"> ", b"1. ", b"<details>",
    b"</details>", b"[[import one.md]]\n", b"## Prerequisites\n[a](one.md)\n", b"\r\n",
    b"\0", b"\x1b", b"\xff", b" " * 300, b"`" * 300, b"[" * 300, b"../../",
    b"Duration: 9:99\n", b"\nDuration: 3\n", b"$", b"NAME=$NAME\n", b"```yaml check\n",
)  # fmt: skip
MUTANTS, BATCHES, CALLS = 1_000, 5, 1_000_000


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_document_is_read_as_expected(path, monkeypatch, request):
    monkeypatch.chdir(FIXTURES)
    reading = reader.read(path.relative_to(FIXTURES), b"seed")

    name = f"{path.parent.name}-{path.stem}"
    agree_on(reading, GOLDEN / name, request)


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_what_is_written_reads_as_the_same_lab(path, tmp_path):
    reading = reader.read(path, b"seed")
    again = native.read(written(reading, tmp_path), b"seed").lab
    assert parts(again) == parts(reading.lab)


def test_plain_markdown_is_no_executable_document(tmp_path):
    (tmp_path / "a.md").write_text('# A\n\n```bash {1,3}\nls\n```\n<!-- "x" -->\n')
    assert not reader.claims(tmp_path / "a.md")


def test_the_folder_of_a_single_document_is_that_document(tmp_path):
    (tmp_path / "a.md").write_text('# A\n\n```sh {"name":"x"}\ntouch x\n```\n')
    assert reader.claims(tmp_path)
    (tmp_path / "b.md").write_text("# B\n")
    assert not reader.claims(tmp_path)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_document_is_a_lab_or_a_list_of_problems(batch, tmp_path):
    for seed in range(batch, MUTANTS, BATCHES):
        rng = random.Random(seed)
        for name in ("one.md", "two.md"):
            data = spoil(rng.choice(PAGES), PAGES, MARKS, rng)
            (tmp_path / name).write_bytes(data)
        try:
            with patience(CALLS):
                reading = reader.read(tmp_path / "two.md", b"seed")
        except LabBroken:
            continue
        again = tmp_path / "again"
        again.mkdir(exist_ok=True)
        lab = native.read(written(reading, again), b"seed").lab
        assert parts(lab) == parts(reading.lab), seed
        assert all(Path(p).is_relative_to(tmp_path) for p in reading.inputs), seed
