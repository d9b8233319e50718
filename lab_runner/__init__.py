"""Labs, learners, authors, classrooms."""

__version__ = "0.1.0"
