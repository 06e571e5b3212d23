"""The way to the diagnosis: from the first symptom to the day POEMS was named, and what it was called before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openpoems.findings.evidence import words
from openpoems.knowledge.model import PublishedDelay
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext
from openpoems.quantities import IncomparableUnits
from openpoems.record.model import Concept, Event, Feature, PatientRecord
from openpoems.record.time import Age, PartialDate, When, days

DISEASE = "poems-syndrome"
STATED = "months-to-diagnosis"
# The mean length of a month in the Gregorian calendar, for turning days into months.
DAYS_A_MONTH = 30.436875
# Between two ages of one person it does not matter when the person was born.
_ANY_BIRTH = PartialDate(1900, 1, 1)


@dataclass(frozen=True, slots=True, repr=False)
class Delay:
    """Months from first symptom to diagnosis, from `low` to `high` where dates are imprecise; None where not known."""

    low_months: float | None
    high_months: float | None
    first_symptom: When | None
    diagnosed: When | None
    earlier_labels: tuple[str, ...]
    published: tuple[PublishedDelay, ...]

    def __repr__(self) -> str:
        return "<Delay>"


def delay(record: PatientRecord, knowledge: Knowledge, as_of: date) -> Delay:
    """Say how long the diagnosis took, as far as the record dates it by the day `as_of`."""
    last_day = as_of.toordinal()
    first = _earliest(_symptoms(record, knowledge), record, last_day)
    diagnosed = _earliest(_diagnoses(record, knowledge), record, last_day)
    low, high = _stated_months(record, last_day) or _between(first, diagnosed, record)
    labels = tuple(dict.fromkeys(_labels(record, knowledge, last_day)))
    return Delay(low, high, first and first[1], diagnosed and diagnosed[1], labels, knowledge.delays)


def _on_calendar(when: When, record: PatientRecord) -> tuple[int, int] | None:
    """The days of a time; where there is no date of birth, ages are placed on a calendar that begins with it."""
    return days(when, record.birth or (_ANY_BIRTH if isinstance(when, Age) else None))


_Dated = tuple[tuple[int, int], When]


def _earliest(times: Iterator[When | None], record: PatientRecord, last_day: int) -> _Dated | None:
    dated = [(when_days, when) for when in times if when and (when_days := _on_calendar(when, record))]
    known = [each for each in dated if each[0][1] <= last_day]
    return min(known, key=lambda each: (each[0], str(each[1])), default=None)


def _symptoms(record: PatientRecord, knowledge: Knowledge) -> Iterator[When | None]:
    """The onsets of signs that POEMS shows; a disease named, or a sign looked for in vain, is no symptom."""
    yield from (event.on for event in record.events if event.kind == "first-symptom")
    shows = knowledge.index.shows
    for feature in record.features:
        seen = feature.category == "phenotype" and not feature.excluded
        if seen and any(coding.id in shows for coding in feature.concept.codings):
            yield feature.onset


def _diagnoses(record: PatientRecord, knowledge: Knowledge) -> Iterator[When | None]:
    for fact in (*record.events, *record.features):
        if isinstance(fact, Event) and fact.kind == "diagnosis" and _is_poems(fact, knowledge):
            yield fact.on
        elif isinstance(fact, Feature) and not fact.excluded and _is_poems(fact, knowledge):
            yield fact.on or fact.onset


def _is_poems(fact: Event | Feature, knowledge: Knowledge) -> bool:
    codings = fact.concept.codings if fact.concept else ()
    return any(DISEASE in knowledge.index.shows.get(coding.id, ()) for coding in codings)


def _stated_months(record: PatientRecord, last_day: int) -> tuple[float, float] | None:
    for result in record.measurements:
        if result.value is None or all(c.id != f"OPENPOEMS:{STATED}" for c in result.measure.codings):
            continue
        when = days(result.on, record.birth)
        if when is not None and when[1] > last_day:
            continue
        try:
            months = result.value.to("mo").value
        except IncomparableUnits:
            continue
        return months, months
    return None


def _between(
    first: _Dated | None, diagnosed: _Dated | None, record: PatientRecord
) -> tuple[float | None, float | None]:
    if first is None or diagnosed is None or diagnosed[0][1] < first[0][0]:
        return None, None
    if isinstance(first[1], Age) is not isinstance(diagnosed[1], Age) and record.birth is None:
        return None, None
    least = max(0, diagnosed[0][0] - first[0][1])
    return least / DAYS_A_MONTH, (diagnosed[0][1] - first[0][0]) / DAYS_A_MONTH


def _labels(record: PatientRecord, knowledge: Knowledge, last_day: int) -> Iterator[str]:
    """Labels given earlier, and look-alikes once stated (with a date) and excluded since."""
    mimics = {finding for each in knowledge.look_alikes.values() for finding in each.stated_as}
    for event in record.events:
        if event.kind == "earlier-label" and event.concept and _known_by(event.on, record, last_day):
            yield words(event.concept, _label(event.concept, knowledge))
    for feature in record.features:
        asserted_once = feature.onset or feature.resolved or feature.provenance.recorded
        if feature.category != "disease" or not feature.excluded or not asserted_once:
            continue
        if not _known_by(feature.on or feature.onset, record, last_day):
            continue
        excluded = {f for c in feature.concept.codings for f in knowledge.index.excludes.get(c.id, ())}
        if excluded & mimics:
            yield words(feature.concept, _label(feature.concept, knowledge))


def _label(concept: Concept, knowledge: Knowledge) -> str:
    labels = knowledge.index.labels
    return gettext(next((labels[coding.id] for coding in concept.codings if coding.id in labels), ""))


def _known_by(when: When | None, record: PatientRecord, last_day: int) -> bool:
    known = days(when, record.birth)
    return known is None or known[1] <= last_day
