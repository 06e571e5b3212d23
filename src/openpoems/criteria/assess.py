"""The whole diagnosis of one record: findings, every edition, variants, look-alikes, the way to the diagnosis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from openpoems.criteria.delay import Delay, delay
from openpoems.criteria.explain import Assessed, explain
from openpoems.criteria.look_alikes import LookAlikeAssessment, look_alikes
from openpoems.errors import Issue
from openpoems.findings.derive import Findings, derive
from openpoems.knowledge.store import Knowledge
from openpoems.record.check import check
from openpoems.record.model import PatientRecord

# The edition that stands first where one answer is wanted; all others stand beside it.
HEADLINE = "mayo@2023"


@dataclass(frozen=True, slots=True, repr=False)
class DiagnosisAssessment:
    """One person's diagnosis as of one day; `issues` are those of the reader, of the record and of its findings."""

    record: PatientRecord
    as_of: date
    today: date
    findings: Findings
    editions: tuple[Assessed, ...]
    variants: tuple[Assessed, ...]
    look_alikes: tuple[LookAlikeAssessment, ...]
    delay: Delay
    issues: tuple[Issue, ...]
    source: str = ""

    def __repr__(self) -> str:
        return "<DiagnosisAssessment>"

    @property
    def unused(self) -> int:
        """How many places of the input, by its errors and warnings, were not or not fully understood."""
        return len({issue.path for issue in self.issues if issue.severity != "information"})

    @property
    def headline(self) -> Assessed:
        """The edition that stands first: the current Mayo edition where it was asked for, else the first asked for."""
        chosen = (*self.editions, *self.variants)
        return next((e for e in chosen if e.verdict.criteria.key == HEADLINE), chosen[0])


def assess(  # noqa: PLR0913 - what an assessment depends on, each by name
    record: PatientRecord,
    knowledge: Knowledge,
    as_of: date,
    *,
    today: date,
    editions: Sequence[str] = (),
    issues: Iterable[Issue] = (),
    source: str = "",
) -> DiagnosisAssessment:
    """Assess one record as of a day, by the editions named (`id@edition`; none means all).

    `today` serves to notice dates that lie in the future, and to tell a look back from a look at what is known now;
    `source` is the name of what the record was read from. Raises `UnknownCriteria`.
    """
    findings = derive(record, knowledge, as_of, today=today)
    chosen = [knowledge.edition(key) for key in editions or _headline_first(knowledge)]
    explained = explain(chosen, findings, knowledge)
    return DiagnosisAssessment(
        record=record,
        as_of=as_of,
        today=today,
        findings=findings,
        editions=tuple(e for e in explained if e.verdict.criteria.kind == "diagnosis"),
        variants=tuple(e for e in explained if e.verdict.criteria.kind == "variant"),
        look_alikes=look_alikes(findings, knowledge),
        delay=delay(record, knowledge, as_of),
        issues=(*issues, *check(record, today), *findings.issues),
        source=source,
    )


@cache
def _headline_first(knowledge: Knowledge) -> list[str]:
    return sorted(knowledge.criteria, key=lambda key: key != HEADLINE)
