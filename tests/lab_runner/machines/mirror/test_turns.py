import threading

from lab_runner.machines.mirror.turns import Turns


def test_who_asks_for_the_same_waits():
    turns, order = Turns(), []

    def second():
        with turns.of("a"):
            order.append("second")

    with turns.of("a"):
        waiting = threading.Thread(target=second)
        waiting.start()
        with turns.of("b"):
            order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_a_lock_that_nobody_needs_is_forgotten():
    turns = Turns()
    with turns.of("a"):
        pass

    assert turns._locks == {}
