"""Run the worked examples of every edition through the whole engine: stated findings in, a conclusion out."""

from collections.abc import Iterator
from datetime import date

from openpoems.criteria.explain import explain
from openpoems.findings.derive import derive
from openpoems.knowledge.model import CriteriaSet, Example
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Coding, Concept, Feature, PatientRecord

# The facts of an example have no date, so any day does.
ANY_DAY = date(2000, 1, 1)
EMPTY = PatientRecord("nobody")


def run_examples(knowledge: Knowledge) -> list[str]:
    """Every example that does not come out as its edition says, and every edition that an empty record meets."""
    return [wrong for criteria in knowledge.criteria.values() for wrong in _wrong(criteria, knowledge)]


def stating(example: Example) -> PatientRecord:
    """The record that holds what an example states, and nothing else."""
    present = (_stated(finding, excluded=False) for finding in example.present)
    excluded = (_stated(finding, excluded=True) for finding in example.excluded)
    return PatientRecord("example", features=(*present, *excluded))


def _stated(finding: str, *, excluded: bool) -> Feature:
    return Feature(Concept((Coding(f"OPENPOEMS:{finding}"),)), excluded=excluded)


def _wrong(criteria: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    if _outcome(criteria, EMPTY, knowledge)[0] == "met":
        yield f"{criteria.key}: it is met on an empty record"
    for example in criteria.examples:
        wanted, found = (example.expect, example.level), _outcome(criteria, stating(example), knowledge)
        if found != wanted:
            yield f"{criteria.key}: the example {example.says!r} must come out {_words(wanted)}, and is {_words(found)}"


def _outcome(criteria: CriteriaSet, record: PatientRecord, knowledge: Knowledge) -> tuple[str, str | None]:
    verdict = explain([criteria], derive(record, knowledge, ANY_DAY), knowledge)[0].verdict
    return verdict.status, verdict.level


def _words(outcome: tuple[str, str | None]) -> str:
    status, level = outcome
    return f"{status} ({level})" if level else status
