import pytest

from lab_runner.formats.references import References

REFERENCES = References({"web": "x1y2", "port": "8080"})


def filled(text):
    return REFERENCES.fill(REFERENCES.mask(text))


@pytest.mark.parametrize("reference", ["{{web}}", "{{ web }}", "{{\tweb   }}"])
def test_a_reference_gives_way_to_the_value(reference):
    assert filled(f"task-{reference}!") == "task-x1y2!"


def test_references_may_touch_each_other():
    assert filled("{{web}}{{web}}{{port}}") == "x1y2x1y28080"


def test_a_placeholder_is_as_long_as_its_reference():
    text = "a {{ web }} b {{port}}"

    assert len(REFERENCES.mask(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{.State.Pid}}",
        "{{end}}",
        "{{ other }}",
        "{ {web} }",
        "{{web port}}",
        "{{we\nb}}",
    ],
)
def test_templates_of_other_tools_stay_as_they_are(text):
    assert filled(text) == text
    assert list(REFERENCES.misspelt(text)) == []


def test_a_close_misspelling_is_found_where_it_stands():
    (found,) = REFERENCES.misspelt("a {{ web }} and a {{ prot }}")

    assert (found.offset, found.written, found.meant) == (18, "{{ prot }}", "port")


def test_a_word_of_go_templates_is_no_misspelling():
    assert list(References({"ends": "x"}).misspelt("{{end}}")) == []


def test_a_placeholder_can_be_named_and_written_again():
    masked = REFERENCES.mask("task-{{web}}")

    assert REFERENCES.named(masked) == "task-web"
    assert REFERENCES.written(masked) == "task-{{ web }}"


def test_a_placeholder_cannot_be_smuggled_in():
    assert filled("\U00100000\U0010fffd") == "\ufffd\ufffd"
    assert REFERENCES.fill("\U00100009\U0010fffd") == "\ufffd"
