from lab_runner.characters import encodable, one_line


def test_lone_surrogates_are_replaced_at_any_depth():
    assert encodable({"\udcff": ["a\ud800", ("b\udfff", 1, None)]}) == {
        "\ufffd": ["a\ufffd", ["b\ufffd", 1, None]]
    }


def test_any_other_character_stays():
    text = "tab\t, newline\n, escape\x1b, \N{PARTY POPPER}"

    assert encodable(text) == text


def test_a_text_on_one_line_shows_its_newlines():
    assert one_line("a\nb\tc\x1b") == "a\u240ab\u2409c\u241b"
