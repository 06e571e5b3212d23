"""The numbers of rows that a form sends: whatever else somebody writes into it stands for no row."""

from collections.abc import Iterable

_MOST_DIGITS = 18  # of a key that both databases hold


def row_numbers(said: Iterable[str]) -> list[int]:
    """The numbers among these words.

    >>> row_numbers(["7", "²", "-1", "9" * 30, "x"])
    [7]
    """
    return [int(each) for each in said if each.isascii() and each.isdigit() and len(each) <= _MOST_DIGITS]
