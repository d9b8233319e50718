"""Lab files for tests of the command line, checked on the machine at hand."""

TINY = """\
---
title: A tiny lab
summary: Two files and a question.
minutes: 2
level: beginner
vars:
  word: {{token: 5}}
---
# A tiny lab

Welcome.

## Make a file {{#make}}

Write it.

```bash
touch {folder}/one
```

```yaml check
- file: {folder}/one
```

<details><summary>Hint</summary>

Try `touch`.
</details>

## Read about it {{#about}}

Nothing to do here.

## Make another {{#another}}

```bash
echo {{{{word}}}} > {folder}/two
```

```yaml check
- file: {folder}/two
  hint: Look at the command once more.
- shell: test -e {folder}/two
  name: The shell sees it too
```

```yaml question
id: size
ask: How many bytes has `{folder}/two`?
fact: {{file: "{folder}/two"}}
get: size
```
"""

HOLDING = """\
# Holding

## Make {{#make}}

```yaml check
- file: {folder}/kept
  mode: hold
```

## Go on {{#on}}

```yaml check
- file: {folder}/other
```
"""


def write(folder, text, name="tiny"):
    """Write a lab whose files lie in `folder`/files; return the lab's folder."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    lab = folder / "labs" / name
    lab.mkdir(parents=True, exist_ok=True)
    (lab / "lab.md").write_text(text.format(folder=files))
    return lab
