"""Labs that were read, written as native ones, and compared with what is read again."""


def written(reading, folder):
    """Write a lab of another system as a native one; return its folder."""
    for name, content in reading.lab.assets.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, newline="")
    (folder / "lab.md").write_text(reading.native, newline="")
    return folder


def parts(lab):
    """Return what must be the same when a lab is written and read again."""
    return [
        (
            step.id,
            step.title,
            step.body,
            step.hints,
            [(each.text, each.role) for each in step.commands],
            [(task.id, task.digest, task.title, task.timeout) for task in step.tasks],
        )
        for step in lab.steps
    ]
