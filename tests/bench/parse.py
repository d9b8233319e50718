"""What reading a thousand tutorials costs beside parsing their Markdown alone."""

from __future__ import annotations

from markdown_it import MarkdownIt
from timing import medians, show

from lab_runner.formats.tutorial import page as tutorial_page

PAGES = 1_000
SECTION = """\
## Part {part} of page {page}

Some words about **what** it does, with `code` and a [link](https://example.org/{page}).
They go on for a second line, as they do in most pages.

- a point
- another one, with *emphasis*

```bash
sudo mkdir -p /srv/{page}/{part}
touch /srv/{page}/{part}/file
```

```console
$ ls /srv/{page}
{part}
```

What it shows is the folder that was made.
"""


def run() -> None:
    pages = ["# A page\n\n" + "\n".join(_sections(page)) for page in range(PAGES)]
    bare = MarkdownIt("commonmark")
    sides = {
        "markdown-it-py": lambda: [bare.parse(page) for page in pages],
        "labrun": lambda: [tutorial_page.read(page, "page.md") for page in pages],
    }
    show(medians(sides, runs=3), "markdown-it-py")


def _sections(page: int) -> list[str]:
    return [SECTION.format(page=page, part=part) for part in range(6)]
