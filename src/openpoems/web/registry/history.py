"""The history of a fact: what it replaced, and what replaced it."""

from openpoems.web.registry.models import Fact


def chain(row: Fact) -> list[Fact]:
    """Every fact that stood in this one's place, the oldest first."""
    place = {fact.pk: fact for fact in _of_its_person(row)}
    after = {fact.replaces_id: fact for fact in place.values() if fact.replaces_id}
    first = place[row.pk]
    while first.replaces_id in place:
        first = place[first.replaces_id]
    found = [first]
    while found[-1].pk in after:
        found.append(after[found[-1].pk])
    return found


def newest(row: Fact) -> Fact:
    """What stands in this fact's place now."""
    return chain(row)[-1]


def _of_its_person(row: Fact):  # type: ignore[no-untyped-def]  # a query of rows
    """The facts among which the chain lies: a correction may change what a fact is about, never its kind."""
    rows = Fact.objects.filter(person_id=row.person_id, kind=row.kind)
    return rows.select_related("by", "verified_by", "source").order_by("pk")
