"""A thousand spoilt tracks: each is a lab or a list of problems, and soon."""

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
from lab_runner.formats.instruqt import reader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "instruqt"
PAGES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*/assignment.md"))]
FILES = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*.yml"))]
SCRIPTS = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*/check-*"))]
MUTANTS, BATCHES, CALLS = 1_000, 5, 600_000
MARKS = (
    b"```", b"````", b"~~~", b"```bash,run\n", b"`", b"```yaml check\n", b"## ",
    b"---\n", b"===\n", b"> ", b"- ", b"1. ", b"<details>", b"</details>", b"<!--",
    b'[[ Instruqt-Var key="A" ]]', b"[[ ", b" ]]", b"\r\n", b"\0", b"\x1b", b"\xff",
    b"\xe2\x80\xa8", b" " * 300, b"`" * 300, b"../../", b"null", b"[]", b'"', b"{",
    b"[" * 300, b"&a [*a]", b": ", b"!!python/none ", b"tabs: 7\n", b"host\n",
)  # fmt: skip


def write(folder, seed):
    rng = random.Random(seed)
    (folder / "01-a").mkdir(exist_ok=True)
    (folder / "track.yml").write_bytes(spoil(rng.choice(FILES), FILES, MARKS, rng))
    (folder / "config.yml").write_bytes(spoil(rng.choice(FILES), FILES, MARKS, rng))
    page = spoil(rng.choice(PAGES), PAGES, MARKS, rng)
    (folder / "01-a" / "assignment.md").write_bytes(page)
    for name in ("setup-server", "check-server", "solve-client_one"):
        script = spoil(rng.choice(SCRIPTS), PAGES, MARKS, rng)
        (folder / "01-a" / name).write_bytes(script)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_track_is_a_lab_or_a_list_of_problems(batch, tmp_path):
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
    [b"`", b"``` ", b"```bash,run\n", b"```\n", b"[[ Instruqt-Var ", b"> ", b"- ",
     b"<details>", b"<summary", b"---\n", b"[[ Instruqt-Var key=a ", b"a\n---\n"],
)  # fmt: skip
def test_a_hundred_kilobytes_of_one_thing_is_read_at_once(piece, tmp_path):
    (tmp_path / "track.yml").write_text("title: A\n")
    (tmp_path / "01-a").mkdir()
    page = piece * (100_000 // len(piece))
    (tmp_path / "01-a" / "assignment.md").write_bytes(page)
    with patience(6_000_000), suppress(LabBroken):
        assert reader.read(tmp_path, b"seed").lab.steps
