import pytest

from lab_runner.variables import Constant, Number, OneOf, Token, derive


def values(recipe, learners=200):
    return [
        derive({"web": recipe}, f"learner {n}".encode(), "a-lab")["web"]
        for n in range(learners)
    ]


def test_a_constant_is_the_same_for_everybody():
    assert set(values(Constant("busybox"))) == {"busybox"}


def test_a_token_differs_from_learner_to_learner():
    assert len(set(values(Token(8)))) == 200


def test_a_token_stays_the_same_for_one_learner():
    first, again = (derive({"web": Token(6)}, b"seed", "a-lab") for _ in range(2))

    assert first == again == {"web": "r132v7"}


@pytest.mark.parametrize("length", [1, 6, 63])
def test_a_token_begins_with_a_letter_and_has_its_length(length):
    for token in values(Token(length)):
        assert len(token) == length
        assert token[0].islower()
        assert all(character.islower() or character.isdigit() for character in token)


def test_a_number_reaches_both_ends_and_nothing_beyond():
    assert set(values(Number(-1, 2))) == {"-1", "0", "1", "2"}


def test_one_of_some_values_is_each_of_them_for_somebody():
    assert set(values(OneOf(("cat", "dog", "newt")))) == {"cat", "dog", "newt"}


def test_two_variables_of_a_lab_have_nothing_to_do_with_each_other():
    both = derive({"a": Token(12), "b": Token(12)}, b"seed", "a-lab")

    assert both["a"] != both["b"]


def test_the_same_variable_differs_between_labs():
    here, there = (derive({"a": Token(12)}, b"seed", lab) for lab in ("here", "there"))

    assert here != there


def test_another_variable_in_the_lab_changes_nothing():
    alone = derive({"a": Token(6)}, b"seed", "a-lab")
    together = derive({"b": Token(6), "a": Token(6)}, b"seed", "a-lab")

    assert together["a"] == alone["a"]
