"""When something was: dates as precise as they were given, and never more.

A `When` is a calendar date that may lack its day or month, an age, or a span between two of these. `days` gives the
first and the last day it can mean, as proleptic Gregorian ordinals; an age needs the date of birth for that.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_AGE = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T.*)?")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the day, or the month and the day, may not be known (0 where not known).

    >>> str(PartialDate.parse("2021-04")), PartialDate.parse("2021-04").days()
    ('2021-04', (737881, 737910))
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        date(self.year, self.month or 1, self.day or 1)
        if self.day and not self.month:
            raise ValueError("a date with a day needs its month")

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, with or without a time of day. Raises `ValueError`."""
        match = _DATE.fullmatch(text.strip().partition("T")[0])
        if match is None:
            raise ValueError("a date is written YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups(default="0")
        try:
            return cls(int(year), int(month), int(day))
        except ValueError:
            raise ValueError("there is no such day in the calendar; a date is written YYYY-MM-DD") from None

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """The full date of a day."""
        return cls(day.year, day.month, day.day)

    def days(self) -> tuple[int, int]:
        """The first and the last day this can be."""
        return _days_of(self.year, self.month, self.day)

    def __str__(self) -> str:
        month = f"-{self.month:02}" if self.month else ""
        return f"{self.year:04}{month}" + (f"-{self.day:02}" if self.day else "")


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """An age, as precise as it was given: `P52Y` is any day of the fifty-third year of life.

    >>> str(Age.parse("P52Y3M"))
    'P52Y3M'
    """

    years: int = 0
    months: int | None = None
    days_over: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Age":
        """Read an ISO 8601 duration of years, months, weeks and days. Raises `ValueError`."""
        match = _AGE.fullmatch(text.strip())
        if match is None:
            raise ValueError("an age is written as an ISO 8601 duration such as P52Y or P52Y3M")
        years, months, weeks, days = match.groups()
        over = None if weeks is None and days is None else int(weeks or 0) * 7 + int(days or 0)
        months_known = None if months is None and over is None else int(months or 0)
        return cls(int(years or 0), months_known, over)

    def __str__(self) -> str:
        months = "" if self.months is None else f"{self.months}M"
        return f"P{self.years}Y{months}" + ("" if self.days_over is None else f"{self.days_over}D")

    def days(self, birth: PartialDate) -> tuple[int, int]:
        """The first and the last day on which a person born on `birth` can have this age."""
        first_birth, last_birth = birth.days()
        first = _after(first_birth, self.years, self.months or 0, self.days_over or 0)
        if self.days_over is not None:
            last = _after(last_birth, self.years, self.months or 0, self.days_over)
        elif self.months is not None:
            last = _after(last_birth, self.years, self.months + 1, 0) - 1
        else:
            last = _after(last_birth, self.years + 1, 0, 0) - 1
        return first, last


@dataclass(frozen=True, slots=True)
class Span:
    """Some time from a start to an end, either of which may be open."""

    start: "PartialDate | Age | None"
    end: "PartialDate | Age | None"

    def __str__(self) -> str:
        return f"{self.start or ''}..{self.end or ''}"


When: TypeAlias = PartialDate | Age | Span


def days(when: When | None, birth: PartialDate | None) -> tuple[int, int] | None:
    """The first and last day something can have been, or None when it cannot be put on the calendar."""
    match when:
        case PartialDate():
            return when.days()
        case Age():
            return when.days(birth) if birth is not None else None
        case Span():
            start, end = days(when.start, birth), days(when.end, birth)
            if start is None or end is None:
                return start or end
            return start[0], max(start[1], end[1])
        case None:
            return None


@lru_cache(maxsize=50_000)
def _days_of(year: int, month: int, day: int) -> tuple[int, int]:
    last_month = month or 12
    last_day = day or monthrange(year, last_month)[1]
    return date(year, month or 1, day or 1).toordinal(), date(year, last_month, last_day).toordinal()


def _after(birth: int, years: int, months: int, days_over: int) -> int:
    born = date.fromordinal(birth)
    year, month = divmod(born.year * 12 + born.month - 1 + years * 12 + months, 12)
    if year > 9999:  # noqa: PLR2004 - the calendar of `datetime` ends there
        raise ValueError("an age beyond the calendar")
    day = min(born.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day).toordinal() + days_over
