"""A fact from a source beside the facts of the record: new, the same, or saying otherwise.

Two results stand against each other when they are of the same thing and day, and of the same specimen, laboratory and
assay as far as both say them. A feature stands against one of the same day that says the opposite; a treatment,
procedure or event against one of the same thing that began on the same day; a death against any other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpoems.quantities import IncomparableUnits, Quantity, compare
from openpoems.web.registry.models import Fact, ImportRow

State = ImportRow.State
Document = dict[str, Any]
_HOW = ("specimen", "laboratory", "assay")
_Key = tuple[str, str, str, date | None, date | None]


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What one fact says, of whom; `whose` is a pseudonym, or the digest of a number that nobody has yet."""

    whose: str
    kind: str
    about: str
    first_day: date | None
    last_day: date | None
    document: Document
    digest: str


@dataclass(slots=True, repr=False)
class Standing:
    """The facts that stand, in which others are looked up; what was looked up stands from then on."""

    digests: set[tuple[str, str]] = field(default_factory=set)
    by_key: dict[_Key, list[Document]] = field(default_factory=lambda: defaultdict(list))

    def add(self, said: Said) -> None:
        """Let a fact stand."""
        self.digests.add((said.whose, said.digest))
        if (key := _key(said)) is not None:
            self.by_key[key].append(said.document)

    def compare(self, said: Said) -> tuple[str, Document | None]:
        """The state of a fact, and the document that says otherwise."""
        if (said.whose, said.digest) in self.digests:
            return State.SAME, None
        key = _key(said)
        others = self.by_key.get(key, []) if key is not None else []
        beside = [other for other in others if _of_the_same(said.document, other)]
        if said.kind == Fact.Kind.MEASUREMENT and any(_equal(said.document, other) for other in beside):
            return State.SAME, None
        against = [other for other in beside if _against(said, other)]
        return (State.CONFLICT, against[-1]) if against else (State.NEW, None)


def standing(people: Iterable[str]) -> Standing:
    """The facts that count of these people, asked for at once."""
    found = Standing()
    fields = ("person_id", "kind", "about", "first_day", "last_day", "document", "digest")
    for row in Fact.objects.filter(person__in=list(people), state=Fact.State.CURRENT).values_list(*fields):
        found.add(Said(*row))
    return found


def _key(said: Said) -> _Key | None:
    if said.kind == Fact.Kind.EVENT and said.document.get("kind") == "death":
        return said.whose, said.kind, "death", None, None
    if said.first_day is None:
        return None
    last = said.last_day if said.kind == Fact.Kind.MEASUREMENT else None
    return said.whose, said.kind, said.about, said.first_day, last


def _of_the_same(one: Document, other: Document) -> bool:
    return all(one.get(name, "") == other.get(name, "") or not (one.get(name) and other.get(name)) for name in _HOW)


def _against(said: Said, other: Document) -> bool:
    if said.kind == Fact.Kind.FEATURE:
        return bool(said.document.get("excluded", False) != other.get("excluded", False))
    return True


def _equal(one: Document, other: Document) -> bool:
    """Whether two results say the same, in whatever unit."""
    if one.get("comparator", "") != other.get("comparator", "") or one.get("absent", "") != other.get("absent", ""):
        return False
    if one.get("result") != other.get("result"):
        return False
    left, right = one.get("value"), other.get("value")
    if left is None or right is None:
        return left is right
    try:
        return compare(Quantity(**left), Quantity(**right)) == 0
    except IncomparableUnits:
        return False
