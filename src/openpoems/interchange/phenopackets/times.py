"""Times: `TimeElement`, `TimeInterval` and `Timestamp`, to a date, an age or a span, and back.

Protobuf's timestamps are always full. A date of which only the year or the month is known is
written as the interval it spans; a year or a month where a timestamp should stand is read as what
it says.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from openpoems.interchange.phenopackets.shape import Block, Report, block, kind_of
from openpoems.interchange.phenopackets.terms import remark
from openpoems.interchange.values import read_age, read_date
from openpoems.record import Age, PartialDate, Span, When

_ELEMENT = frozenset({"timestamp", "interval", "age", "ageRange", "ontologyClass", "gestationalAge"})
_ENDS = frozenset({"start", "end"})
_AGE = frozenset({"iso8601duration"})
_PREGNANCY = frozenset({"weeks", "days"})


def when(owner: Block, name: str, path: str, report: Report, notes: list[str] | None) -> When | None:
    """The time under a name. "Adult onset" is no date: it goes to the notes, where there are any."""
    found = owner.get(name)
    if found is None:
        return None
    return _age_at_once(found) or when_of(found, f"{path}.{name}", report, notes)


def when_of(value: object, path: str, report: Report, notes: list[str] | None) -> When | None:
    """Read a time element."""
    if isinstance(value, str):
        report.warning(path, 'a time element such as {"timestamp": ...} is needed; read as a time')
        return _from_text(value, path, report)
    element = block(value, _ELEMENT, path, report)
    if len(element) != 1 and isinstance(value, dict):
        _tell_number(element, path, report)
    for kind, read in (("timestamp", _timestamp), ("interval", interval_of)):
        if kind in element:
            return read(element[kind], f"{path}.{kind}", report)
    if "age" in element:
        return _age(element["age"], f"{path}.age", report)
    if "ageRange" in element:
        return _age_range(element["ageRange"], f"{path}.ageRange", report)
    _tell_words(element, path, report, notes)
    return None


def interval_of(value: object, path: str, report: Report) -> Span | None:
    """Read a time interval; an end that is not given is open."""
    found = block(value, _ENDS, path, report)
    start = timestamp(found, "start", path, report)
    end = timestamp(found, "end", path, report)
    return Span(start, end) if start or end else None


def timestamp(owner: Block, name: str, path: str, report: Report) -> PartialDate | None:
    """The date under a name."""
    found = owner.get(name)
    return None if found is None else _timestamp(found, f"{path}.{name}", report)


def element(when: When | None) -> dict[str, Any] | None:
    """Write a time; None where the format has no place for it (a span from a date to an age)."""
    match when:
        case PartialDate(day=0):
            return {"interval": _interval(when, when)}
        case PartialDate():
            return {"timestamp": stamp(when)}
        case Age():
            return {"age": {"iso8601duration": str(when)}}
        case Span(start=PartialDate() | None as start, end=PartialDate() | None as end):
            return {"interval": _interval(start, end)}
        case Span(start=Age() | None as start, end=Age() | None as end):
            ends = {"start": start, "end": end}
            return {"ageRange": {name: {"iso8601duration": str(age)} for name, age in ends.items() if age}}
        case _:
            return None


def interval(start: When | None, end: When | None) -> dict[str, str] | None:
    """Write two dates as an interval; None where there is no date among them."""
    first = start if isinstance(start, PartialDate) else None
    last = end if isinstance(end, PartialDate) else None
    return _interval(first, last) if first or last else None


def stamp(day: PartialDate) -> str:
    """Write the first day of a date as a timestamp."""
    return f"{date.fromordinal(day.days()[0]).isoformat()}T00:00:00Z"


def _interval(start: PartialDate | None, end: PartialDate | None) -> dict[str, str]:
    written = {} if start is None else {"start": stamp(start)}
    if end is not None:
        written["end"] = f"{date.fromordinal(end.days()[1]).isoformat()}T00:00:00Z"
    return written


def _timestamp(value: object, path: str, report: Report) -> PartialDate | None:
    return read_date(value, path, report.issues)


def _age(value: object, path: str, report: Report) -> Age | None:
    if isinstance(value, str):
        report.warning(path, 'an age is written {"iso8601duration": "P52Y"}; read as one')
        return read_age(value, path, report.issues)
    found = block(value, _AGE, path, report)
    if not found:
        if isinstance(value, dict):
            report.error(path, 'the age says nothing; write {"iso8601duration": "P52Y"}')
        return None
    said = found["iso8601duration"]
    known = _known_age(said) if isinstance(said, str) else None
    return known or read_age(said, f"{path}.iso8601duration", report.issues)


def _age_at_once(value: object) -> Age | None:
    # Most times are ages in good order: no need to look at them part by part.
    if isinstance(value, dict) and len(value) == 1:
        age = value.get("age")
        if isinstance(age, dict) and len(age) == 1:
            said = age.get("iso8601duration")
            return _known_age(said) if isinstance(said, str) else None
    return None


@lru_cache(maxsize=2048)
def _known_age(text: str) -> Age | None:
    try:
        return Age.parse(text)
    except ValueError:
        return None


def _age_range(value: object, path: str, report: Report) -> Span | None:
    found = block(value, _ENDS, path, report)
    start, end = (_age(found[name], f"{path}.{name}", report) if name in found else None for name in ("start", "end"))
    return Span(start, end) if start or end else None


def _from_text(value: str, path: str, report: Report) -> When | None:
    if value.lstrip().startswith("P"):
        return read_age(value, path, report.issues)
    return read_date(value, path, report.issues)


def _tell_number(element: Block, path: str, report: Report) -> None:
    if element:
        report.warning(path, "more than one time is given here; the most exact one was used")
    else:
        report.warning(path, "the time says nothing that openpoems can read")


def _tell_words(element: Block, path: str, report: Report, notes: list[str] | None) -> None:
    if "ontologyClass" in element:
        place = f"{path}.ontologyClass"
        said = remark(element["ontologyClass"], place, report)
    elif "gestationalAge" in element:
        place = f"{path}.gestationalAge"
        found = block(element["gestationalAge"], _PREGNANCY, place, report)
        counts = [_count(found, unit, place, report) for unit in ("weeks", "days")]
        said = f"gestational age of {counts[0]} weeks and {counts[1]} days"
    else:
        return
    if notes is None:
        report.warning(place, "this is not a date or an age, and was not used")
        return
    notes.append(f"{path.rpartition('.')[2]}: {said}")
    report.information(place, "this is not a date or an age; it was kept in the note")


def _count(found: Block, unit: str, path: str, report: Report) -> int | str:
    count = found.get(unit, 0)
    if isinstance(count, int) and not isinstance(count, bool):
        return count
    report.error(f"{path}.{unit}", f"a whole number is needed here, not {kind_of(count)}")
    return "?"
