"""Two thousand spoilt scenarios: each is a lab or a list of problems, and soon."""

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from alike import parts, written
from patience import patience
from spoiling import spoil

from lab_runner.errors import LabBroken
from lab_runner.formats import native
from lab_runner.formats.killercoda import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "killercoda"
PAGES = [
    path.read_bytes() for path in sorted(FIXTURES.glob("*/*.md")) if path.is_file()
]
INDEXES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/index.json"))]
MUTANTS, BATCHES, CALLS = 2_000, 10, 600_000
MARKS = (
    b"```", b"````", b"~~~", b"{{exec}}", b"{{copy}}", b"{{", b"}}", b"`", b"``",
    b"{{execute no-newline}}", b"```yaml check\n", b"## ", b"---\n", b"===\n", b"> ",
    b"- ", b"1. ", b"<details>", b"</details>", b"<summary>", b"<!--", b"\r\n", b"\0",
    b"\x1b", b"\xff", b"\xe2\x80\xa8", b" " * 300, b"`" * 300, b"{{}}" * 300,
    b"../../", b"null", b"[]", b'"', b"{", b"[" * 300,
)  # fmt: skip


def write(folder, seed):
    rng = random.Random(seed)
    index, page = rng.choice(INDEXES), rng.choice(PAGES)
    if seed % 3 == 0:
        index = spoil(index, INDEXES, MARKS, rng)
    (folder / "index.json").write_bytes(index)
    for name in ("one.md", "two.md", "intro.md"):
        (folder / name).write_bytes(spoil(page, PAGES, MARKS, rng))
    (folder / "verify.sh").write_bytes(spoil(page, PAGES, MARKS, rng))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_scenario_is_a_lab_or_a_list_of_problems(batch, tmp_path):
    for seed in range(batch, MUTANTS, BATCHES):
        write(tmp_path, seed)
        try:
            with patience(CALLS):
                reading = reader.read(tmp_path, b"seed")
        except LabBroken:
            continue
        (tmp_path / "again").mkdir()
        again = native.read(written(reading, tmp_path / "again"), b"seed").lab
        assert parts(again) == parts(reading.lab), seed
        assert all(Path(p).is_relative_to(tmp_path) for p in reading.inputs), seed
        shutil.rmtree(tmp_path / "again")


@pytest.mark.parametrize(
    "piece",
    [b"`", b"``` ", b"{{exec}}", b"{{", b"`a`{{exec}} ", b"```\n", b"````a\n", b"> ",
     b"- ", b"<details>", b"<summary", b"[[HOST_", b"```{{exec}}\n", b"```bash\n", b"` ``"],
)  # fmt: skip
def test_a_hundred_kilobytes_of_one_thing_is_read_at_once(piece, tmp_path):
    (tmp_path / "index.json").write_text('{"details": {"steps": [{"text": "a.md"}]}}')
    (tmp_path / "a.md").write_bytes(piece * (100_000 // len(piece)))
    with patience(6_000_000), suppress(LabBroken):
        assert reader.read(tmp_path, b"seed").lab.steps
