import pytest

from checks import matchers, registry, spec
from checks.errors import SpecError
from checks.vocabulary import check_numbers, check_words

DIGEST = f"sha256:{'0' * 64}"
WORDS = ("created", "running", "stopped")


@pytest.mark.parametrize(
    ("written", "path", "text"),
    [
        ("runing", (), "runing"),
        ({"not": "runing"}, ("not",), "runing"),
        ({"one_of": ["created", "runing"]}, ("one_of", 1), "runing"),
        ({"not": {"one_of": ["runing"]}}, ("not", "one_of", 0), "runing"),
        ({"contains": "runing"}, ("contains",), "runing"),
        ({"not": {"matches": "^runing"}}, ("not", "matches"), "^runing"),
    ],
)
def test_a_condition_that_no_word_meets_is_a_fault(written, path, text):
    with pytest.raises(SpecError) as caught:
        check_words("status", matchers.parse(written), WORDS)

    assert caught.value.path == ("status", *path)
    assert caught.value.message == (
        f"`status`: `{text}` is not one of created, running, stopped"
        ", did you mean `running`?"
    )


@pytest.mark.parametrize(
    "written",
    [
        "running",
        {"not": "running"},
        {"one_of": ["created", "stopped"]},
        {"matches": "^(running|stopped)$"},
    ],
)
def test_a_condition_that_some_word_meets_is_none(written):
    check_words("status", matchers.parse(written), WORDS)


def test_no_condition_is_no_fault():
    check_words("status", None, WORDS)
    check_numbers("exit", None)


@pytest.mark.parametrize(
    ("written", "path", "text"),
    [
        ("big", (), "big"),
        ("1k", (), "1k"),
        ("-1", (), "-1"),
        ("0x10", (), "0x10"),
        ({"not": "many"}, ("not",), "many"),
        ({"at_least": "1k"}, ("at_least",), "1k"),
        ({"one_of": ["0", "one"]}, ("one_of", 1), "one"),
    ],
)
def test_what_is_no_whole_number_is_a_fault(written, path, text):
    with pytest.raises(SpecError) as caught:
        check_numbers("exit", matchers.parse(written))

    assert caught.value.path == ("exit", *path)
    assert caught.value.message == f"`exit`: `{text}` is not a whole number"


@pytest.mark.parametrize("written", ["0", {"at_least": "1"}, {"matches": "^12"}])
def test_a_whole_number_is_none(written):
    check_numbers("exit", matchers.parse(written))


@pytest.mark.parametrize(
    "entry",
    [
        {"task": "web", "status": "runing"},
        {"task": "web", "exit": "big"},
        {"docker-container": "web", "state": {"not": "exitd"}},
        {"docker-container": "web", "exit": "big"},
        {"runc": "web", "status": {"not": "runnning"}},
        {"process": "httpd", "count": {"not": "many"}},
        {"file": "/a", "size": {"at_least": "1k"}},
        {"content": DIGEST, "size": "1k"},
        {"shell": "true", "exit": "big"},
        {"dialogue": "sh", "script": [{"expect": "a"}], "exit": "big"},
    ],
)
def test_a_kind_knows_its_words_and_numbers(entry):
    kind, key = next(iter(entry)), list(entry)[-1]
    (fault,) = spec.problems(kind, registry.load(kind), entry)

    assert fault.path[0] == key
