"""How a person's consent is shown: on its page, and on the receipt."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst

from openpoems.web.registry.consent import (
    ConsentDocument,
    Purpose,
    current_document,
    decisions,
    documents,
    open_questions,
)
from openpoems.web.registry.models import Consent, Person

RECEIPT = Path(__file__).with_name("receipt.typ")


@dataclass(frozen=True, slots=True)
class Standing:
    """One purpose as the current document puts it, and the latest decision on it, if any."""

    purpose: Purpose
    latest: Consent | None
    asked_again: bool

    @property
    def agreed(self) -> bool:
        """Whether an agreement stands that still counts."""
        return self.latest is not None and self.latest.given and not self.asked_again


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the history, in the words that were agreed to."""

    consent: Consent
    title: str


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """`asked` wants an answer, `decided` has one; `history` is newest first."""

    document: ConsentDocument
    asked: tuple[Standing, ...]
    decided: tuple[Standing, ...]
    history: tuple[Decision, ...]


def page(person: Person) -> ConsentPage:
    """Everything that the consent page shows of a person."""
    stands, wanted, document = decisions(person), set(open_questions(person)), current_document()
    standings = [Standing(p, stands.get(p.id), p.id in wanted and p.id in stands) for p in document.purposes]
    return ConsentPage(
        document,
        asked=tuple(s for s in standings if s.purpose.id in wanted),
        decided=tuple(s for s in standings if s.purpose.id not in wanted),
        history=tuple(Decision(row, _wording(row).title) for row in person.consents.order_by("-pk")),
    )


def receipt(person: Person, now: datetime) -> bytes:
    """The receipt as a tagged PDF (PDF/UA-1): pseudonym, each latest decision with its wording, version and day."""
    rows = [
        {
            "title": _wording(row).title,
            "agree": _wording(row).agree,
            "undo": _wording(row).undo,
            "given": row.given,
            "document": row.document,
            "on": row.at.date().isoformat(),
            "how": row.get_method_display(),
        }
        for row in decisions(person).values()
    ]
    told = {"pseudonym": person.pseudonym, "printed": now.date().isoformat(), "decisions": rows}
    made: bytes = typst.compile(
        str(RECEIPT),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"told": json.dumps(told)},
        timestamp=int(now.timestamp()),
    )
    return made


def _wording(row: Consent) -> Purpose:
    """The purpose in the words of the document under which the decision was made."""
    return {document.version: document for document in documents()}[row.document].purpose(row.purpose)
