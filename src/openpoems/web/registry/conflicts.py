"""Facts that stand against each other: about the same thing on the same day, from different sources, and not the same.

Where a specimen or a laboratory was not said, it may be the same one. What happens once (a death, the first symptom,
the diagnosis) is the same thing on any day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from django.db.models import QuerySet

from openpoems.quantities import IncomparableUnits, compare
from openpoems.record.model import Feature, Measurement, Provenance
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import fact_of

_ONCE = frozenset(("death", "first-symptom"))
_SOURCE = ("by", "source", "document__provenance__said_by")
Key = tuple[Any, ...]


def conflicts(person: Person) -> list[list[Fact]]:
    """Every group of facts of a person that stand against each other; two queries, however many facts there are."""
    current = person.facts.filter(state=Fact.State.CURRENT)
    return among(_loaded(current, suspects(current)))


def suspects(current: QuerySet[Fact]) -> list[int]:
    """The rows that share what they are about and their day with a row of another source that says something else.

    Only these can stand in a conflict; no document is read whole to find them.
    """
    shared: dict[Key, list[tuple[int, Key, str]]] = defaultdict(list)
    told = current.values_list("pk", "kind", "about", "first_day", "last_day", "document__kind", *_SOURCE, "digest")
    for pk, kind, about, first, last, event, by, source, speaker, digest in told:
        shared[_key(kind, about, (first, last), event)].append((pk, (by, source, speaker), digest))
    doubtful = (rows for rows in shared.values() if len({r[1] for r in rows}) > 1 and len({r[2] for r in rows}) > 1)
    return [pk for rows in doubtful for pk, _source, _digest in rows]


def among(rows: Iterable[Fact]) -> list[list[Fact]]:
    """The groups of these rows that stand against each other, each in the order of its entry."""
    groups: dict[Key, list[Fact]] = defaultdict(list)
    for row in rows:
        groups[_key(row.kind, row.about, (row.first_day, row.last_day), row.document.get("kind"))].append(row)
    return [group for several in groups.values() if len(several) > 1 for group in _clashing(several)]


def _loaded(current: QuerySet[Fact], pks: Sequence[int]) -> QuerySet[Fact]:
    return current.filter(pk__in=pks).select_related("by", "verified_by", "source").order_by("pk")


def _key(kind: str, about: str, days: tuple[Any, Any], event: str | None) -> Key:
    if kind != Fact.Kind.EVENT:
        return kind, about, days
    if event in _ONCE:
        return kind, event
    # A disease is diagnosed once; stays in hospital and other labels are many.
    return (kind, event, about) if event == "diagnosis" else (kind, event, about, days)


def _clashing(rows: list[Fact]) -> list[list[Fact]]:
    """Rows joined wherever two of them clash."""
    facts = {row.pk: fact_of(row) for row in rows}
    joined: list[set[int]] = []
    for one, other in combinations(rows, 2):
        if _apart(one, other, facts) and differ(facts[one.pk], facts[other.pk]):
            touching = [group for group in joined if group & {one.pk, other.pk}]
            joined = [group for group in joined if group not in touching]
            joined.append({one.pk, other.pk}.union(*touching))
    return [[row for row in rows if row.pk in group] for group in joined]


def _apart(one: Fact, other: Fact, facts: dict[int, RecordFact]) -> bool:
    """Whether two facts come from different sources: another account, another import, another speaker."""
    said = facts[one.pk].provenance.said_by != facts[other.pk].provenance.said_by
    return said or one.by_id != other.by_id or one.source_id != other.source_id


def differ(one: RecordFact, other: RecordFact) -> bool:
    """Whether two facts about the same thing cannot both be right as they stand."""
    if isinstance(one, Measurement) and isinstance(other, Measurement):
        return _may_be_one(one, other) and not _equal(one, other)
    if isinstance(one, Feature) and isinstance(other, Feature):
        return one.excluded is not other.excluded
    return type(one) is type(other) and _said(one) != _said(other)


def _may_be_one(one: Measurement, other: Measurement) -> bool:
    pairs = ((one.specimen, other.specimen), (one.laboratory, other.laboratory))
    return all(not first or not second or first.lower() == second.lower() for first, second in pairs)


def _equal(one: Measurement, other: Measurement) -> bool:
    """Whether two results say the same; those in units that cannot be converted are not held against each other."""
    if one.value is None or other.value is None:
        return one.value is other.value and _text(one) == _text(other)
    try:
        return compare(one.value, other.value) == 0 and one.comparator == other.comparator
    except IncomparableUnits:
        return True


def _text(result: Measurement) -> str:
    return result.result.text.lower() if result.result else ""


def _said(fact: RecordFact) -> RecordFact:
    return replace(fact, provenance=Provenance(), note="", path="")
