"""Times as FHIR searches compare them: each is a range from its first to its last instant."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

_TIME = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?"
)
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NEARLY = 10  # "approximately" is a tenth of the time that has passed since


class Range(NamedTuple):
    """From the first instant to the one after the last."""

    first: datetime
    after: datetime


def range_of(text: str) -> Range | None:
    """The range of a date or time that may lack its end parts; None where it is none."""
    match = _TIME.fullmatch(text.strip().replace(" ", "+"))
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        first = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
            f".{(fraction or '0')[:6].ljust(6, '0')}{'+00:00' if zone in (None, 'Z') else zone}"
        ).astimezone(UTC)
        return Range(first, _after(first, (month, day, hour, second, fraction)))
    except (ValueError, OverflowError):
        return None


def _after(first: datetime, parts: tuple[str | None, ...]) -> datetime:
    month, day, hour, second, fraction = parts
    try:
        if month is None:
            return first.replace(year=first.year + 1)
        if day is None:
            return (first + timedelta(days=32)).replace(day=1)
        step = timedelta(days=1) if hour is None else timedelta(minutes=1) if second is None else timedelta(seconds=1)
        return first + (timedelta(milliseconds=1) if fraction else step)
    except (ValueError, OverflowError):
        return _LAST


def ranges_in(value: Any) -> list[Range]:
    """The range of an element: a date, a time or a Period, whose open ends are as far as time goes."""
    if isinstance(value, str):
        found = range_of(value)
        return [found] if found else []
    if isinstance(value, dict):
        start, end = range_of(value.get("start", "")), range_of(value.get("end", ""))
        return [Range(start.first if start else _FIRST, end.after if end else _LAST)] if start or end else []
    return []


def compares(prefix: str, value: Range, asked: Range, now: datetime) -> bool:
    """Whether a value stands to what is asked for as the prefix says."""
    inside = value.first >= asked.first and value.after <= asked.after
    slack = abs(now - asked.first) / _NEARLY
    return {
        "eq": inside,
        "ne": not inside,
        "gt": value.after > asked.after,
        "lt": value.first < asked.first,
        "ge": inside or value.after > asked.after,
        "le": inside or value.first < asked.first,
        "sa": value.first >= asked.after,
        "eb": value.after <= asked.first,
        "ap": value.first - slack < asked.after and value.after > _less(asked.first, slack),
    }[prefix]


def _less(moment: datetime, slack: timedelta) -> datetime:
    try:
        return moment - slack
    except OverflowError:
        return _FIRST
