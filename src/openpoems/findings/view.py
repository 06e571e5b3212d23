"""One look at a record: from which day, with which knowledge; and what it gives."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from openpoems.errors import Issue, Severity
from openpoems.findings.evidence import Evidence
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, gettext_noop
from openpoems.record.model import Coding, Concept, Feature, Measurement, PatientRecord
from openpoems.record.time import When
from openpoems.record.viewpoint import Known, Viewpoint

Fact = Feature | Measurement

_NOT_COUNTED: dict[Known, str] = {
    "nowhere": gettext_noop("an age without a date of birth is nowhere on the calendar: not counted here"),
    "perhaps-later": gettext_noop("its imprecise date may lie after the day of this view: not counted"),
}


@dataclass(slots=True, repr=False)
class Reading:
    """Evidence per finding, and what could not be used, while a record is read."""

    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def note(self, severity: Severity, fact: Fact, message: str) -> None:
        """Report a fact that was used with care or not at all."""
        self.issues.append(Issue(severity, fact.path or "record", message))

    def add(self, evidence: Evidence) -> None:
        """Keep a piece of evidence."""
        self.evidence.setdefault(evidence.finding, []).append(evidence)

    def __repr__(self) -> str:
        return "<Reading>"


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """What is looked at, from which day and with which knowledge."""

    record: PatientRecord
    knowledge: Knowledge
    viewpoint: Viewpoint

    def __repr__(self) -> str:
        return "<View>"

    def holds(self, fact: Fact, reading: Reading) -> bool:
        """Whether the fact was certainly known on the day of the view; the reading hears why not."""
        known = self.viewpoint.known(fact)
        if known in _NOT_COUNTED:
            reading.note("warning", fact, gettext(_NOT_COUNTED[known]))
        return known == "known"

    def days(self, when: When | None) -> tuple[int, int] | None:
        """The first and last day of a time, by this person's date of birth."""
        return self.viewpoint.days(when)

    def label(self, codings: Iterable[Coding]) -> str:
        """The first of some codes in words, or ""."""
        labels = self.knowledge.index.labels
        return gettext(next((labels[coding.id] for coding in codings if coding.id in labels), ""))


_UNKNOWN_WORDS = {
    "finding": gettext_noop(
        "these words are no finding that openpoems knows: not used; give a code, or a name that it knows"
    ),
    "measure": gettext_noop(
        "these words are no measure that openpoems knows: not used; give a code, or a name that it knows"
    ),
}
_UNKNOWN_CODE = {
    "finding": gettext_noop("%(code)s is no finding that openpoems looks at: kept, not used"),
    "measure": gettext_noop("%(code)s is no measure that openpoems looks at: kept, not used"),
}


def not_ours(concept: Concept, kind: Literal["finding", "measure"], fact: Fact, reading: Reading) -> None:
    """Report a concept that no finding or measure here is about; a word meant for openpoems deserves a warning."""
    code = concept.codings[0].id if concept.codings else ""
    if not code or code.startswith("OPENPOEMS:"):
        reading.note("warning", fact, gettext(_UNKNOWN_WORDS[kind]))
    else:
        reading.note("information", fact, gettext(_UNKNOWN_CODE[kind]) % {"code": code})
