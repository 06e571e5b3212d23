"""How a person's consent is shown: on its page, and on the receipt."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    """One line of the history: the decision, and the name of its purpose."""

    consent: Consent
    title: str


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """`asked` wants an answer, `decided` has one; `history` is newest first."""

    document: ConsentDocument
    asked: tuple[Standing, ...]
    decided: tuple[Standing, ...]
    history: tuple[Decision, ...]


def page(person: Person, language: str | None) -> ConsentPage:
    """Everything that the consent page shows of a person, the document in a language where it was translated."""
    stands, wanted, document = decisions(person), set(open_questions(person)), current_document().worded(language)
    standings = [Standing(p, stands.get(p.id), p.id in wanted and p.id in stands) for p in document.purposes]
    return ConsentPage(
        document,
        asked=tuple(s for s in standings if s.purpose.id in wanted),
        decided=tuple(s for s in standings if s.purpose.id not in wanted),
        history=tuple(Decision(row, _wording(row, language).title) for row in person.consents.order_by("-pk")),
    )


def receipt(person: Person, now: datetime) -> bytes:
    """The receipt as a tagged PDF (PDF/UA-1): pseudonym, each latest decision with its wording, version and day.

    The frame speaks the reader's language, each wording the one in which it was decided.
    """
    told = {
        "language": (get_language() or "en").split("-")[0],
        "title": _("Consent receipt"),
        "stood": _("Record %(number)s, as it stood on %(day)s.")
        % {"number": person.pseudonym, "day": now.date().isoformat()},
        "pages": _("Record %(number)s, page") % {"number": person.pseudonym},
        "none": _("Nothing has been decided yet."),
        "agreeing": _("What agreeing means:"),
        "withdrawing": _("What withdrawing does:"),
        "decisions": [_on_receipt(row) for row in decisions(person).values()],
    }
    made: bytes = typst.compile(
        str(RECEIPT),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"told": json.dumps(told)},
        timestamp=int(now.timestamp()),
    )
    return made


def _on_receipt(row: Consent) -> dict[str, str]:
    wording = _wording(row, row.language)
    how = {"day": row.at.date().isoformat(), "how": row.get_method_display(), "document": row.document}
    said = _("Agreed on %(day)s, %(how)s. Wording: document %(document)s.")
    if not row.given:
        said = _("Not agreed, or withdrawn, on %(day)s, %(how)s. Wording: document %(document)s.")
    told = {"title": wording.title, "agree": wording.agree, "undo": wording.undo, "language": row.language}
    return {**told, "decided": said % how}


def _wording(row: Consent, language: str | None) -> Purpose:
    """The purpose as the document under which the decision was made puts it in a language."""
    made_under = {document.version: document for document in documents()}[row.document]
    return made_under.worded(language).purpose(row.purpose)
