"""What becomes of a lab, compared with what is kept of it in tests/golden."""


def agree(found, expected, request):
    """Compare a text with a file; `--update-golden` writes it there first."""
    if request.config.getoption("--update-golden"):
        expected.write_text(found)
    assert expected.read_text() == found


def agree_on(reading, expected, request):
    """Compare a lab of another system: `expected.md` is the lab, `.txt` the report."""
    said = "".join(f"{each.rule}: {each}\n" for each in reading.problems)
    agree(reading.native, expected.with_name(f"{expected.name}.md"), request)
    report = expected.with_name(f"{expected.name}.txt")
    agree(f"{said}{reading.counts}\n", report, request)
