"""Dates as people write them, and as a page shows them. Nothing is filled in; what may mean two days is asked about."""

import re
from datetime import date

from django.utils import dates as django_dates
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from openpoems.interchange.dates import meanings
from openpoems.record.time import Age, PartialDate, Span, When
from openpoems.web.registry.documents import time_of

_WORD = re.compile(r"[^\W\d_]+")


def read_when(text: str) -> When | None:
    """A date, as precise as it was written: `2021`, `2021-04`, `04/2021`, `15.4.2021`, `15 April 2021`.

    An age (`P52Y`) or a span (`2021..2022`) is read as the record writes it; None for an empty text. Raises
    `ValueError` with a sentence.
    """
    said = text.strip()
    if not said:
        return None
    if ".." in said or said[0] in "Pp":
        return _as_recorded(said)
    if (found := meanings(said)) is not None:
        return _only(found)
    if _WORD.search(said):
        return _in_words(said)
    return _as_recorded(said)


def when_words(when: When | None) -> str:
    """A time in words, no more precise than it is: `15 April 2021`, `April 2021`, `at the age of 52`."""
    match when:
        case None:
            return ""
        case PartialDate():
            return _date_words(when)
        case Age():
            return _age_words(when)
        case Span():
            start, end = when_words(when.start), when_words(when.end)
            if start and end:
                return gettext("%(start)s to %(end)s") % {"start": start, "end": end}
            return gettext("since %s") % start if start else gettext("until %s") % end


def _as_recorded(said: str) -> When:
    try:
        return time_of(said.upper() if said[0] in "Pp" else said)
    except ValueError:
        raise ValueError(
            gettext("Write the date as 2021-04-15; where you do not know the day, 2021-04 or 2021.")
        ) from None


def _only(found: tuple[PartialDate, ...]) -> PartialDate:
    if not found:
        raise ValueError(gettext("There is no such day in the calendar."))
    if len(found) > 1:
        message = gettext(
            "This may be the %(one)s or the %(other)s: write it with the year first, or the month in letters."
        )
        one, other = map(_date_words, found)
        raise ValueError(message % {"one": one, "other": other})
    return found[0]


def _in_words(said: str) -> PartialDate:
    """A date with its month in letters, in the page's language or in English, in any order."""
    months = [number for word in _WORD.findall(said) if (number := _months().get(word.lower()))]
    numbers = re.findall(r"\d+", said)
    years = [n for n in numbers if len(n) == 4]  # noqa: PLR2004 - a year has four digits
    days = [n for n in numbers if len(n) <= 2]  # noqa: PLR2004 - a day has one or two
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(numbers) != 1 + len(days):
        raise ValueError(gettext("Write the date as 2021-04-15; where you do not know the day, 2021-04 or 2021."))
    return _only(meanings(f"{years[0]}-{months[0]}" + "".join(f"-{day}" for day in days)) or ())


def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for language in ("en", None):
        with override(language) if language else _as_it_is():
            for table in (django_dates.MONTHS, django_dates.MONTHS_3):
                found |= {str(name).lower().rstrip("."): number for number, name in table.items()}
    return found | {"sept": 9}


class _as_it_is:  # noqa: N801 - a context that changes nothing
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _date_words(when: PartialDate) -> str:
    day = date(when.year, when.month or 1, when.day or 1)
    if when.day:
        return date_format(day, "DATE_FORMAT")
    return date_format(day, "YEAR_MONTH_FORMAT") if when.month else f"{when.year}"


def _age_words(age: Age) -> str:
    parts = [gettext("%d years") % age.years]
    if age.months:
        parts.append(gettext("%d months") % age.months)
    return gettext("at the age of %s") % " ".join(parts)
