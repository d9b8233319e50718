"""Two thousand spoilt tutorials, and hostile ones: each is read soon, or refused."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from patience import patience

from lab_runner.errors import LabBroken
from lab_runner.formats.tutorial import page as tutorial_page
from lab_runner.formats.tutorial import reader as tutorial

GOLDEN = Path(__file__).parents[3] / "golden" / "tutorial"
ORIGINALS = [path.read_bytes() for path in sorted(GOLDEN.glob("*.md"))]
MUTANTS, BATCHES, CALLS = 2_000, 10, 400_000
MARKERS = (
    *(b"```", b"```console\n", b"~~~", b"---\n", b"# ", b"## ", b"> ", b"1. ", b"$ "),
    *(b"    ", b"\t", b"\r", b"\0", b"\x1b[2J", b"\xff", b"\xef\xbb\xbf", b"\\\n"),
    *(b"<pre>", b"</pre>", b"<details>", b"</details>", b"<<EOF\n", b"`", b"[", b"\n"),
)
SIZE = 40_000
GROWING = {
    "backticks": "`",
    "lines of backticks": "```\n",
    "single backticks": "`a` ",
    "brackets": "[",
    "quotes": "> ",
    "nested lists": "- ",
    "headings": "# a\n",
    "steps": "# a\n\n```bash\nls\n```\n\n",
    "prompts": "$ ls\n",
    "here-documents": "    cat <<EOF\n",
    "continuations": "    ls \\\n",
    "options": "    ls [-",
    "users": "    a@b",
    "HTML": "<pre>",
    "tags": "<pre><a\n",
    "folds": "<details>\n",
    "spaces": "    ls" + " " * 99,
    "front matter": "title: '",
}


def spoilt(seed):
    rng = Random(seed)
    data = rng.choice(ORIGINALS)
    for _ in range(rng.randrange(1, 8)):
        at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        piece = rng.choice((rng.choice(MARKERS), rng.randbytes(2), data[at:end][:200]))
        removed = rng.choice((0, 0, 1, end - at if rng.random() < 0.1 else 0))
        data = data[:at] + piece + data[at + removed :]
    return data


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_spoilt_tutorial_is_a_lab_or_a_list_of_problems(batch, tmp_path):
    path = tmp_path / "page.md"
    for seed in range(batch, MUTANTS, BATCHES):
        path.write_bytes(spoilt(seed))
        with patience(CALLS), suppress(LabBroken):
            assert tutorial.read(path, b"").lab.steps, seed


@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
def test_work_grows_with_the_size_of_a_tutorial(unit):
    def work(size):
        begin = "---\n" if unit.startswith("title") else ""
        text = f"{begin}{unit * (size // len(unit))}\n"
        with patience(4_000_000) as counter:
            tutorial_page.read(text, "page.md")
        return counter.calls

    assert work(SIZE) < 3 * work(SIZE // 2) + 1000
