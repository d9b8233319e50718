"""Formats of lab files: each reads its own kind of file into a `Lab`."""
