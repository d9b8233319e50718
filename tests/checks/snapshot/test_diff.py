from checks.snapshot.model import Change, Snapshot, diff


def test_what_is_new_gone_or_another_is_told_in_order():
    before = Snapshot({"users": {"anna": "1000", "ben": "1001"}, "groups": {}}, {})
    after = Snapshot({"users": {"ben": "1002", "cleo": "1000"}, "groups": {}}, {})

    assert diff(before, after) == [
        Change("users", "anna", "1000", None),
        Change("users", "ben", "1001", "1002"),
        Change("users", "cleo", None, "1000"),
    ]


def test_what_stayed_is_no_change():
    snapshot = Snapshot({"users": {"anna": "1000"}}, {"docker": "it is asleep"})

    assert diff(snapshot, snapshot) == []


def test_nothing_is_new_in_a_part_that_was_not_seen_before():
    before = Snapshot({}, {"docker": "it is asleep"})
    after = Snapshot({"docker": {"container web": "running"}}, {})

    assert diff(before, after) == [Change("docker", "", "it is asleep", "seen")]


def test_nothing_is_gone_from_a_part_that_is_not_seen_any_more():
    before = Snapshot({"containerd /a": {"namespace default": ""}}, {})
    after = Snapshot({}, {})

    assert diff(before, after) == [Change("containerd /a", "", "seen", "not there")]


def test_another_reason_for_not_seeing_a_part_is_no_change():
    before, after = Snapshot({}, {"docker": "asleep"}), Snapshot({}, {"docker": "ill"})

    assert diff(before, after) == []
