"""Ten thousand spoilt lab files: each is a lab or a list of problems, and soon."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from patience import patience

from lab_runner.errors import LabBroken
from lab_runner.formats import native

GOLDEN = Path(__file__).parents[2] / "golden"
ORIGINALS = [
    path.read_bytes()
    for path in sorted(GOLDEN.glob("[bp]*/*.md"))
    if path.stat().st_size
]
MUTANTS, BATCHES, CALLS = 10_000, 20, 400_000
MARKERS = (
    b"```",
    b"```yaml check\n",
    b"~~~~",
    b"---\n",
    b"## ",
    b"# ",
    b"> ",
    b"- ",
    b"{{",
    b"}}",
    b"{{ web }}",
    b"{#",
    b"<details>",
    b"</details>",
    b"<summary>Hint",
    b"<!--",
    b"-->",
    b"\t",
    b"\0",
    b"\x1b",
    b"\r",
    b"\xff",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xf4\x80\x80\x80\xf4\x8f\xbf\xbd",
    b" " * 200,
    b"[" * 200,
    b"&a ",
    b"*a",
    b"!!x ",
    b"? ",
    b": ",
    b'"',
    b"'",
    b"\\U0010FFFF",
    b"%YAML 1.1\n",
)


def flip(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def insert(data, rng):
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(MARKERS) + data[at:]


def truncate(data, rng):
    return data[: rng.randrange(len(data))]


def lines(change):
    def mutate(data, rng):
        all_lines = data.splitlines(keepends=True)
        change(all_lines, rng)
        return b"".join(all_lines)

    return mutate


@lines
def delete_line(all_lines, rng):
    del all_lines[rng.randrange(len(all_lines))]


@lines
def double_line(all_lines, rng):
    all_lines.insert(rng.randrange(len(all_lines)), rng.choice(all_lines))


@lines
def swap_lines(all_lines, rng):
    one, other = rng.randrange(len(all_lines)), rng.randrange(len(all_lines))
    all_lines[one], all_lines[other] = all_lines[other], all_lines[one]


@lines
def indent_line(all_lines, rng):
    at = rng.randrange(len(all_lines))
    all_lines[at] = b" " * rng.choice((1, 2, 4, 40)) + all_lines[at]


@lines
def splice(all_lines, rng):
    other = rng.choice(ORIGINALS).splitlines(keepends=True)
    start = rng.randrange(len(other))
    at = rng.randrange(len(all_lines))
    all_lines[at:at] = other[start : start + rng.randrange(1, 20)]


WAYS = (flip, insert, insert, truncate, delete_line, double_line, swap_lines)
WAYS += (indent_line, splice)


def mutant(seed):
    rng = random.Random(seed)
    data = rng.choice(ORIGINALS)
    for _ in range(rng.randrange(1, 6)):
        if data:
            data = rng.choice(WAYS)(data, rng)
    return data


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_file_is_a_lab_or_a_list_of_problems(batch, tmp_path):
    path = tmp_path / "lab.md"
    for seed in range(batch, MUTANTS, BATCHES):
        path.write_bytes(mutant(seed))
        with patience(CALLS), suppress(LabBroken):
            assert native.read(path, b"seed").lab.steps, seed
