"""Comparing what editions conclude with what the authors of a record concluded in the end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.delay import DISEASE
from openpoems.criteria.explain import Status
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Event, PatientRecord

Final = Literal["POEMS", "possible POEMS", "not POEMS", "not stated"]
FINALS: tuple[Final, ...] = ("POEMS", "possible POEMS", "not POEMS", "not stated")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one edition concluded for one record whose authors concluded `final`."""

    patient: str
    edition: str
    final: Final
    status: Status
    level: str | None
    reason: str

    @property
    def disagrees(self) -> bool:
        """The edition decided, and decided otherwise than the authors."""
        return (self.final, self.status) in {("POEMS", "not-met"), ("not POEMS", "met")}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outcomes over many records. The authors' conclusion is never an input of an assessment."""

    outcomes: tuple[Outcome, ...]

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions compared, in the order they were assessed."""
        return tuple(dict.fromkeys(each.edition for each in self.outcomes))

    def counts(self, edition: str) -> Counter[tuple[Final, Status]]:
        """How many records have which pair of authors' conclusion and status."""
        return Counter((each.final, each.status) for each in self.outcomes if each.edition == edition)

    def disagreements(self) -> Iterator[Outcome]:
        """Every outcome in which an edition decided otherwise than the authors."""
        return (each for each in self.outcomes if each.disagrees)

    def undecided(self, edition: str) -> Iterator[Outcome]:
        """The people whose authors said POEMS, and of whom the record does not say enough for the edition."""
        for each in self.outcomes:
            if each.edition == edition and (each.final, each.status) == ("POEMS", "undetermined"):
                yield each


def compare(assessments: Iterable[DiagnosisAssessment], knowledge: Knowledge) -> Comparison:
    """Compare every edition assessed with the final diagnosis that the record states."""
    return Comparison(tuple(outcome for each in assessments for outcome in _outcomes(each, knowledge)))


def final_diagnosis(record: PatientRecord, knowledge: Knowledge) -> Final:
    """What the authors of a record concluded: a diagnosis of POEMS, one still in question, another one, or none."""
    stated = [event for event in record.events if event.kind == "diagnosis"]
    if any(_names_poems(event, knowledge) for event in stated):
        return "POEMS"
    if any(event.kind == "other" and _names_poems(event, knowledge) for event in record.events):
        return "possible POEMS"
    return "not POEMS" if stated else "not stated"


def _names_poems(event: Event, knowledge: Knowledge) -> bool:
    codings = event.concept.codings if event.concept else ()
    return any(DISEASE in knowledge.index.shows.get(coding.id, ()) for coding in codings)


def _outcomes(assessment: DiagnosisAssessment, knowledge: Knowledge) -> Iterator[Outcome]:
    final = final_diagnosis(assessment.record, knowledge)
    for edition in assessment.editions:
        verdict = edition.verdict
        key = verdict.criteria.key
        yield Outcome(assessment.record.patient, key, final, verdict.status, verdict.level, verdict.reason)
