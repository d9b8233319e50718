import signal

import pytest

from lab_runner.machines.signals import deferred, raised


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_programs_is_raised(number):
    with pytest.raises(SystemExit) as leave, raised():
        signal.raise_signal(number)

    assert leave.value.code == 128 + number


def test_a_signal_waits_for_the_end_of_what_must_not_be_interrupted():
    done = []

    def work():
        with deferred():
            signal.raise_signal(signal.SIGINT)
            done.append("to the end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["to the end"]


def test_handlers_are_as_they_were_afterwards():
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]

    with raised(), deferred():
        pass

    assert before == [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
