from lab_runner.machines.progress import Reporter


def told(*lines):
    heard = []
    reporter = Reporter("debian-12", heard.append)
    for line in lines:
        reporter(line)
    return heard


def test_the_stages_of_mmdebstrap_are_told_without_its_colours():
    assert told("\x1b[32mI: extracting archives...\x1b[0m") == [
        "debian-12: extracting archives"
    ]


def test_what_mmdebstrap_says_of_itself_is_not_told():
    assert told("I: chroot architecture amd64 is equal to the host's") == []


def test_a_bar_is_told_in_tens_of_per_cent_each_once():
    assert told(
        "I: downloading packages with apt...",
        "\x1b[2K               0.00 [>      ]",
        "\x1b[2K              41.20 [===>   ]",
        "\x1b[2K              49.90 [===>   ]",
    ) == [
        "debian-12: downloading packages with apt",
        "debian-12: downloading packages with apt 0 %",
        "debian-12: downloading packages with apt 40 %",
    ]


def test_a_bar_before_any_stage_is_not_told():
    assert told("   12.00 [>  ]") == []


def test_the_status_of_apt_is_told():
    assert told(
        "dlstatus:1:50.1:Retrieving file 1 of 2",
        "pmstatus:runc:80.5:Unpacking runc (amd64)",
    ) == ["debian-12: downloading packages 50 %", "debian-12: installing packages 80 %"]


def test_the_reason_of_a_failure_is_the_first_error():
    reporter = Reporter("debian-12", lambda _: None)
    for line in ("so", "E: Unable to locate package nosuch", "E: it failed", "bye"):
        reporter(line)

    assert reporter.reason == "Unable to locate package nosuch"


def test_without_an_error_the_reason_is_the_last_line():
    reporter = Reporter("debian-12", lambda _: None)
    reporter("Killed")

    assert reporter.reason == "Killed"
