"""What a person agreed to. The latest decision on a purpose counts, as long as no newer document asks again.

The documents are data (`consents/*.toml`), and none is edited once released; their translations stand beside them
(`consents/*.<language>.toml`).
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet

from openpoems.web.registry.models import Consent, Person

PURPOSES = ("care", "centre", "research", "contact", "map", "stories")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose as a document puts it: what agreeing means, and what withdrawing can and cannot undo."""

    id: str
    title: str
    agree: str
    undo: str
    again: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class ConsentDocument:
    """One released document, in the language in which it was released, and its translations."""

    version: str
    released: date
    review: str
    purposes: tuple[Purpose, ...]
    language: str = "en"
    translations: tuple["ConsentDocument", ...] = ()

    def purpose(self, id: str) -> Purpose:
        """The purpose of that id. Raises `KeyError`."""
        return {purpose.id: purpose for purpose in self.purposes}[id]

    def worded(self, language: str | None) -> "ConsentDocument":
        """The document in a language, where it was translated; else as it was released."""
        return next((each for each in self.translations if each.language == language), self)


@cache
def documents() -> tuple[ConsentDocument, ...]:
    """Every released document, oldest first. Raises `ValueError` or `TypeError` where a file is not one."""
    folder = Path(__file__).parent / "consents"
    return tuple(_document(path) for path in sorted(folder.glob("*.toml")) if "." not in path.stem)


def _document(path: Path) -> ConsentDocument:
    table = tomllib.loads(path.read_text("utf-8"))
    purposes = tuple(Purpose(**row) for row in table.pop("purposes"))
    if tuple(purpose.id for purpose in purposes) != PURPOSES or table["version"] != path.stem:
        raise ValueError(f"{path.name}: a document names its version and each purpose once, in order")
    document = ConsentDocument(**table, purposes=purposes)
    translated = sorted(path.parent.glob(f"{path.stem}.*.toml"))
    return replace(document, translations=tuple(_translation(document, each) for each in translated))


def _translation(document: ConsentDocument, path: Path) -> ConsentDocument:
    """A translation says everything anew but what holds in every language."""
    table = tomllib.loads(path.read_text("utf-8"))
    rows = table.pop("purposes")
    if tuple(row["id"] for row in rows) != PURPOSES or any(
        set(row) != {"id", "title", "agree", "undo"} for row in rows
    ):
        raise ValueError(f"{path.name}: a translation says each purpose once, in order, and all of its words")
    purposes = tuple(replace(document.purpose(row["id"]), **row) for row in rows)
    return replace(document, **table, purposes=purposes, language=path.suffixes[-2].removeprefix("."))


def current_document() -> ConsentDocument:
    """The document that is agreed to today."""
    return documents()[-1]


def versions_that_count(purpose: str) -> list[str]:
    """The documents under which an agreement still counts: those since the last one that asked again."""
    counting: list[str] = []
    for document in documents():
        if document.purpose(purpose).again:
            counting = []
        counting.append(document.version)
    return counting


def agreeing(people: QuerySet[Person], purpose: str) -> QuerySet[Person]:
    """Of these people, those whose latest decision on a purpose is an agreement that still counts.

    Whoever opted out altogether agrees to nothing.
    """
    newer = Consent.objects.filter(person=OuterRef("person"), purpose=purpose, pk__gt=OuterRef("pk"))
    counting = Consent.objects.filter(purpose=purpose, given=True, document__in=versions_that_count(purpose))
    agreed = counting.filter(~Exists(newer)).values("person")
    return people.filter(pk__in=agreed).exclude(status=Person.Status.WITHDRAWN)


def decisions(person: Person) -> dict[str, Consent]:
    """The latest decision on each purpose that was ever decided."""
    return {consent.purpose: consent for consent in person.consents.order_by("pk")}


def agrees(person: Person, purpose: str) -> bool:
    """Whether this person agrees to a purpose now."""
    return agreeing(Person.objects.filter(pk=person.pk), purpose).exists()


def open_questions(person: Person) -> list[str]:
    """The purposes on which this person's decision is wanted: never decided, or a newer document asks again."""
    stands = decisions(person)
    return [
        p for p in PURPOSES if p not in stands or (stands[p].given and stands[p].document not in versions_that_count(p))
    ]
