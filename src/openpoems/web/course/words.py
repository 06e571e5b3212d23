"""A fact of the timeline in the words of the registry: what, what it says, when, who says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from openpoems.record import PatientRecord
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.models import Fact
from openpoems.web.registry.presenters import describe, who_says
from openpoems.web.registry.store import facts_in


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """One fact: `kind` and `basis` sort it, `details` is the rest of what it says; `verified` that a clinician did."""

    pk: int
    kind: str
    basis: str
    title: str
    says: str
    when: str
    details: tuple[str, ...]
    who: str
    verified: bool

    def __repr__(self) -> str:
        return "<Words>"

    @property
    def said(self) -> str:
        """Who says so, as a sentence."""
        return gettext("Said by %(who)s.") % {"who": self.who}

    @property
    def lines(self) -> tuple[str, ...]:
        """The fact in lines, as a mark says it."""
        first = f"{self.title}: {self.says}" if self.says else self.title
        checked = gettext("Verified.") if self.verified else gettext("Not verified.")
        return tuple(filter(None, (first, self.when, *self.details, f"{self.said} {checked}")))


def words_of_facts(rows: Iterable[Fact], record: PatientRecord) -> Mapping[str, Words]:
    """The words of each row by the path of its fact in the record that was made of these rows."""
    facts = {fact.path: fact for fact in facts_in(record)}
    return {str(row.pk): _words(row, facts[str(row.pk)]) for row in rows}


def _words(row: Fact, fact: RecordFact) -> Words:
    said = describe(fact)
    return Words(
        pk=row.pk,
        kind=row.kind,
        basis=getattr(fact, "basis", ""),
        title=said.title,
        says=said.says,
        when=said.when,
        details=said.details,
        who=who_says(row, fact),
        verified=row.verified_by_id is not None,
    )
