"""Words of an author or learner that are nearly right."""

from __future__ import annotations

from collections.abc import Collection


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return `, did you mean `x`?` for the closest known word, or an empty text."""
    from difflib import get_close_matches  # noqa: PLC0415  (only on a mistake)

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f", did you mean `{close[0]}`?" if close else ""
