"""Queries for what was said last, so that nobody types it twice."""

from collections.abc import Sequence

from django.db.models import F

from openpoems.record.model import Feature, Measurement
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import fact_of

_ENOUGH = 200


def results(person: Person, measure: str) -> Sequence[Measurement]:
    """The results of a measure that count, the latest entered first."""
    rows = _current(person, Fact.Kind.MEASUREMENT).filter(about=measure).order_by("-pk")[:_ENOUGH]
    return [fact for row in rows if isinstance(fact := fact_of(row), Measurement)]


def latest_result(person: Person, measure: str) -> Measurement | None:
    """The result of a measure that is latest by its date."""
    rows = _current(person, Fact.Kind.MEASUREMENT).filter(about=measure)
    row = rows.order_by(F("last_day").desc(nulls_last=True), "-pk").first()
    fact = fact_of(row) if row else None
    return fact if isinstance(fact, Measurement) else None


def laboratory(person: Person) -> str:
    """The laboratory of the latest result entered of any measure, if it named one."""
    row = _current(person, Fact.Kind.MEASUREMENT).order_by("-pk").first()
    fact = fact_of(row) if row else None
    return fact.laboratory if isinstance(fact, Measurement) else ""


def features(person: Person, ids: Sequence[str]) -> dict[str, Feature]:
    """What was said last of each of these findings."""
    rows = _current(person, Fact.Kind.FEATURE).filter(about__in=ids)
    found: dict[str, Feature] = {}
    for row in rows.order_by(F("last_day").asc(nulls_first=True), "pk"):
        if isinstance(fact := fact_of(row), Feature):
            found[row.about] = fact
    return found


def _current(person: Person, kind: Fact.Kind):  # type: ignore[no-untyped-def]  # the manager of a relation
    return person.facts.filter(state=Fact.State.CURRENT, kind=kind)
