"""What no record should hold, whatever format it came in: dates that cannot be, and facts that stand twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from openpoems.errors import Issue
from openpoems.language import gettext, gettext_noop
from openpoems.record.model import Fact, Measurement, PatientRecord, Treatment
from openpoems.record.time import When, days


def check(record: PatientRecord, today: date) -> tuple[Issue, ...]:
    """Issues of a record itself; `today` is what the future is measured by."""
    return (*_dates(record, today.toordinal()), *_repeated(record))


def facts(record: PatientRecord) -> tuple[Fact, ...]:
    """Every dated fact of a record."""
    return (*record.features, *record.measurements, *record.treatments, *record.procedures, *record.events)


def _dates(record: PatientRecord, today: int) -> Iterator[Issue]:
    birth = record.birth.days() if record.birth else None
    if birth and birth[0] > today:
        yield Issue("error", "person", gettext("the date of birth lies in the future: correct it"))
    for fact in facts(record):
        for name, when in _times(fact):
            when_days = days(when, record.birth)
            if when_days is None:
                continue
            if when_days[0] > today:
                yield Issue("warning", fact.path or "record", gettext(_AHEAD[name]))
            if birth and when_days[1] < birth[0]:
                yield Issue("warning", fact.path or "record", gettext(_UNBORN[name]))
        yield from _backwards(fact, record)


_AHEAD = {
    "on": gettext_noop("the date lies in the future: the fact is not counted before that day; correct the date"),
    "onset": gettext_noop("the onset lies in the future: the fact is not counted before that day; correct the date"),
    "resolved": gettext_noop(
        "the date of resolution lies in the future: the fact is not counted before that day; correct the date"
    ),
    "start": gettext_noop("the start lies in the future: the fact is not counted before that day; correct the date"),
    "end": gettext_noop("the end lies in the future: the fact is not counted before that day; correct the date"),
}
_UNBORN = {
    "on": gettext_noop("the date lies before the date of birth: correct one"),
    "onset": gettext_noop("the onset lies before the date of birth: correct one"),
    "resolved": gettext_noop("the date of resolution lies before the date of birth: correct one"),
    "start": gettext_noop("the start lies before the date of birth: correct one"),
    "end": gettext_noop("the end lies before the date of birth: correct one"),
}


def _times(fact: Fact) -> Iterator[tuple[str, When]]:
    for name in _AHEAD:
        when = getattr(fact, name, None)
        if when is not None:
            yield name, when


def _backwards(fact: Fact, record: PatientRecord) -> Iterator[Issue]:
    for first, last in (("onset", "resolved"), ("start", "end"), ("on", "end")):
        ended = getattr(fact, last, None)
        if ended is None:
            continue
        begin, end = days(getattr(fact, first, None), record.birth), days(ended, record.birth)
        if begin and end and end[1] < begin[0]:
            yield Issue("warning", fact.path or "record", gettext("it ends before it begins: correct one of the dates"))


def _repeated(record: PatientRecord) -> Iterator[Issue]:
    # Hashing a whole fact is slow: only those that share their name and day with another are compared.
    everything = [(fact, _name(fact)) for fact in facts(record)]
    shared = Counter(name for _, name in everything)
    seen: dict[Fact, Fact] = {}
    for fact in (fact for fact, name in everything if shared[name] > 1):
        first = seen.setdefault(fact, fact)
        if first is not fact:
            message = gettext("the same fact stands twice: it is counted once; remove one")
            if first.path:
                message = gettext("the same fact stands twice as %(place)s: it is counted once; remove one")
                message %= {"place": first.path}
            yield Issue("warning", fact.path or "record", message)


def _name(fact: Fact) -> tuple[object, object]:
    """What a fact is about and when, roughly: facts that are the same share it."""
    if isinstance(fact, Treatment):
        return fact.regimen, fact.start
    concept = fact.measure if isinstance(fact, Measurement) else fact.concept
    if concept is None:
        return "", fact.on
    return concept.codings[0].id if concept.codings else concept.text, fact.on
