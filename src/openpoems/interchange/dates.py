"""Dates as people write them in numbers: every day that such a date can mean. Nothing is filled in, nothing guessed."""

import re
from collections.abc import Iterator

from openpoems.record.time import PartialDate

_YEAR_FIRST = re.compile(r"([12]\d{3})([-/.])(\d{1,2})(?:\2(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(?:(\d{1,2})\2)?([12]\d{3})")


def meanings(text: str) -> tuple[PartialDate, ...] | None:
    """What a date in numbers can mean, as precise as it was written; None for any other text.

    >>> meanings("15.4.2021"), meanings("2021/4"), meanings("31/2/2021"), meanings("15 April 2021")
    ((PartialDate(year=2021, month=4, day=15),), (PartialDate(year=2021, month=4, day=0),), (), None)
    >>> [str(each) for each in meanings("3/4/2021")]
    ['2021-04-03', '2021-03-04']
    """
    if match := _YEAR_FIRST.fullmatch(text):
        year, written = match[1], [(match[3], match[4])]
    elif match := _YEAR_LAST.fullmatch(text):
        first, second, year = match[1], match[3], match[4]
        written = [(second, first), (first, second)] if second else [(first, None)]
    else:
        return None
    return tuple(dict.fromkeys(_days(int(year), written)))


def _days(year: int, written: list[tuple[str, str | None]]) -> Iterator[PartialDate]:
    """Of months and days those that are in the calendar; a zero says that something was left out, and is none."""
    for month, day in written:
        if int(month) and (day is None or int(day)):
            try:
                yield PartialDate(year, int(month), int(day or 0))
            except ValueError:
                continue
