"""How old a person was when the disease was named, from dates that may be imprecise."""

from datetime import date

from openpoems.language import gettext
from openpoems.logic import Truth
from openpoems.record.time import Age, PartialDate, When, days

Days = tuple[int, int]


def is_older(birth: PartialDate | None, diagnosed: When | None, treated: Days | None, as_of: date, years: int) -> Truth:
    """Whether the person was more than so many full years old at the diagnosis.

    Where that has no date, the start of treatment stands for it; without either only the age at the view is known, and
    nobody was older at the diagnosis than that.
    """
    found = _years(birth, diagnosed, treated)
    if found is None:
        latest = _latest_age(birth, as_of)
        return Truth.FALSE if latest is not None and latest <= years else Truth.UNKNOWN
    if found[0] > years:
        return Truth.TRUE
    return Truth.FALSE if found[1] <= years else Truth.UNKNOWN


def age_words(birth: PartialDate | None, diagnosed: When | None, treated: Days | None, as_of: date) -> str:
    """The age in words: `51 or 52 years at the diagnosis`."""
    found = _years(birth, diagnosed, treated)
    if found is not None:
        at = gettext("%(age)s at the diagnosis") if _at(birth, diagnosed) else gettext("%(age)s when treatment began")
        return at % {"age": _span(*found)}
    latest = _latest_age(birth, as_of)
    if latest is None:
        return gettext("the year of birth is not in the record")
    return gettext("the diagnosis has no date; at most %(years)d years now") % {"years": latest}


def _years(birth: PartialDate | None, diagnosed: When | None, treated: Days | None) -> Days | None:
    """The least and the most full years at the diagnosis, or at the start of treatment."""
    if isinstance(diagnosed, Age):
        return diagnosed.years, diagnosed.years
    moment = _at(birth, diagnosed) or treated
    if birth is None or moment is None:
        return None
    first, last = birth.days()
    return max(0, _full_years(last, moment[0])), max(0, _full_years(first, moment[1]))


def _at(birth: PartialDate | None, diagnosed: When | None) -> Days | None:
    return (0, 0) if isinstance(diagnosed, Age) else days(diagnosed, birth)


def _latest_age(birth: PartialDate | None, as_of: date) -> int | None:
    return None if birth is None else _full_years(birth.days()[0], as_of.toordinal())


def _full_years(birth: int, day: int) -> int:
    born, then = date.fromordinal(birth), date.fromordinal(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _span(low: int, high: int) -> str:
    told = {"low": low, "high": high}
    if low == high:
        return gettext("%(low)d years") % told
    return (gettext("%(low)d or %(high)d years") if high == low + 1 else gettext("%(low)d to %(high)d years")) % told
