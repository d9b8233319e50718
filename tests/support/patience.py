"""A measure of work that does not depend on how busy the machine is."""

import sys
from contextlib import contextmanager


class Impatient(BaseException):
    """More was done than the test allows; never taken for an answer."""


class Patience:
    """Counts calls, of Python and of C functions; raises when there are too many."""

    def __init__(self, limit):
        self.limit = limit
        self.calls = 0

    def __call__(self, _frame, event, _argument):
        self.calls += event in ("call", "c_call")
        if self.calls > self.limit:
            sys.setprofile(None)
            raise Impatient


@contextmanager
def patience(limit):
    counter = Patience(limit)
    sys.setprofile(counter)
    try:
        yield counter
    finally:
        sys.setprofile(None)
