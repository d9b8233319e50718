"""A thousand spoilt workshops: each is a lab or a list of problems, and soon."""

import random
import shutil
from pathlib import Path

import pytest
from alike import parts, written
from patience import patience
from spoiling import spoil

from lab_runner.errors import LabBroken
from lab_runner.formats import native
from lab_runner.formats.educates import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "educates"
PAGES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/workshop/**/*.md"))]
FILES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/resources/*.yaml"))]
TESTS = [
    p.read_bytes()
    for p in sorted(FIXTURES.glob("whole/workshop/examiner/**/*"))
    if p.is_file()
]
MUTANTS, BATCHES, CALLS = 1_000, 5, 600_000
MARKS = (
    b"```", b"````", b"~~~", b"```terminal:execute\n", b"```examiner:execute-test\n",
    b"```editor:replace-text-selection\n", b"```section:begin\n", b"```section:end\n",
    b"name: exists\n", b"timeout: 1" + b"0" * 400, b"retries: .INF\n", b"delay: .NAN\n",
    b"inputs: &a {schema: {x: {default: *a}}}\n", b"---\n", b"> ", b"- ", b"<details>",
    b"{{< param x >}}", b"{% if a %}", b"%x%", b"\r\n", b"\0", b"\x1b", b"\xff",
    b"../../", b"null", b"[]", b'"', b"{", b"[" * 300, b": ", b"!!python/none ",
)  # fmt: skip


def write(folder, seed):
    rng = random.Random(seed)
    content = folder / "workshop" / "content"
    tests = folder / "workshop" / "examiner" / "tests"
    for each in (content, tests, folder / "resources"):
        each.mkdir(parents=True, exist_ok=True)
    definition = spoil(rng.choice(FILES), FILES, MARKS, rng)
    (folder / "resources" / "workshop.yaml").write_bytes(definition)
    (content / "a.md").write_bytes(spoil(rng.choice(PAGES), PAGES, MARKS, rng))
    (tests / "exists").write_bytes(spoil(rng.choice(TESTS), PAGES, MARKS, rng))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_workshop_is_a_lab_or_a_list_of_problems(batch, tmp_path):
    for seed in range(batch, MUTANTS, BATCHES):
        write(tmp_path, seed)
        if not reader.claims(tmp_path):
            continue
        try:
            with patience(CALLS):
                reading = reader.read(tmp_path, b"seed")
        except LabBroken:
            continue
        again = tmp_path.parent / f"again-{batch}"
        again.mkdir()
        found = native.read(written(reading, again), b"seed").lab
        assert parts(found) == parts(reading.lab), seed
        assert all(Path(p).is_relative_to(tmp_path) for p in reading.inputs), seed
        shutil.rmtree(again)
