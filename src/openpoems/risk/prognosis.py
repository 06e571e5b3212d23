"""Published prognostic factors in one record: which are there, which are not, which nobody knows.

The factors of a model add up to its linear predictor, a range where some are unknown. It orders the people of one model
and is no survival: a model whose baseline survival is not known here gives none.
"""

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from openpoems.findings.derive import Findings, FindingState, derive
from openpoems.findings.evidence import Evidence
from openpoems.knowledge.prognosis import PrognosticFactor, PrognosticModel
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.record.model import PatientRecord
from openpoems.record.time import When
from openpoems.record.viewpoint import known_when
from openpoems.risk.age import age_words, is_older

Days = tuple[int, int]
# When treatment of the disease can have begun first: never; or it began, or may have, on days that nobody knows.
Treated = Days | Literal["never", "unknown"]
_LATER = {
    Truth.TRUE: gettext_noop("found, but not certainly before treatment began: not counted"),
    Truth.FALSE: gettext_noop("looked for in vain, but not certainly before treatment began: not counted"),
}


@dataclass(frozen=True, slots=True, repr=False)
class FactorState:
    """What is known of one factor at baseline, with its evidence; `says` is what else must be told of it."""

    factor: PrognosticFactor
    truth: Truth
    evidence: tuple[Evidence, ...] = ()
    says: str = ""

    def __repr__(self) -> str:
        return "<FactorState>"


@dataclass(frozen=True, slots=True, repr=False)
class PrognosisAssessment:
    """One model's factors in one record at baseline: on `baseline`, the day treatment began, or in the whole view.

    `count` and `linear_predictor` go from the least to the most that the unknown factors allow.
    """

    model: str
    published: PrognosticModel
    baseline: date | None
    factors: tuple[FactorState, ...]

    def __repr__(self) -> str:
        return "<PrognosisAssessment>"

    @property
    def count(self) -> tuple[int, int]:
        """How many factors are present, at least and at most."""
        present = sum(state.truth is Truth.TRUE for state in self.factors)
        return present, present + sum(state.truth is Truth.UNKNOWN for state in self.factors)

    @property
    def linear_predictor(self) -> tuple[float, float]:
        """The sum of the logarithms of the hazard ratios of what is present, at least and at most.

        It is relative to a person of whom no factor is present, whose own hazard is not known.
        """
        weights = [(math.log(state.factor.hazard_ratio.value), state.truth) for state in self.factors]
        present = math.fsum(weight for weight, truth in weights if truth is Truth.TRUE)
        unknown = [weight for weight, truth in weights if truth is Truth.UNKNOWN]
        fewest = present + math.fsum(weight for weight in unknown if weight < 0)
        return fewest, present + math.fsum(weight for weight in unknown if weight > 0)


def prognosis(
    record: PatientRecord,
    knowledge: Knowledge,
    findings: Findings,
    *,
    today: date,
    diagnosed: When | None,
    treated: Treated,
) -> tuple[PrognosisAssessment, ...]:
    """Every published model; `findings` are those of the day of the view.

    `diagnosed` is when the disease was named, `treated` the days on which its treatment can have begun first: a factor
    counts as it was by then, for the models are of people newly diagnosed; what has no date is not certainly so old.
    """
    days = treated if isinstance(treated, tuple) else None
    baseline = _baseline(findings, days)
    undivided = None if treated == "unknown" else findings
    then = derive(_dated(record), knowledge, baseline, today=today) if baseline else undivided
    named = _When(record, findings.as_of, diagnosed, days)
    return tuple(
        PrognosisAssessment(id, model, baseline, tuple(_state(each, then, findings, named) for each in model.factor))
        for id, model in knowledge.prognosis.items()
    )


@dataclass(frozen=True, slots=True, repr=False)
class _When:
    record: PatientRecord
    as_of: date
    diagnosed: When | None
    treated: Days | None

    def __repr__(self) -> str:
        return "<_When>"


def _dated(record: PatientRecord) -> PatientRecord:
    """The record without what was seen nobody knows when."""
    features = tuple(each for each in record.features if known_when(each))
    return replace(
        record, features=features, measurements=tuple(each for each in record.measurements if known_when(each))
    )


def _baseline(findings: Findings, treated: Days | None) -> date | None:
    if treated is None or treated[0] >= findings.as_of.toordinal():
        return None
    return date.fromordinal(treated[0])


def _state(factor: PrognosticFactor, then: Findings | None, now: Findings, when: _When) -> FactorState:
    if factor.older_than is not None:
        age = (when.record.birth, when.diagnosed, when.treated, when.as_of)
        return FactorState(factor, is_older(*age, int(factor.older_than.value)), says=age_words(*age))
    return _found(factor, then[factor.finding] if then else None, now[factor.finding])


def _found(factor: PrognosticFactor, then: FindingState | None, now: FindingState) -> FactorState:
    if then is None or then.truth is Truth.UNKNOWN:
        later = gettext(_LATER[now.truth]) if now.truth in _LATER else now.conflict
        return FactorState(factor, Truth.UNKNOWN, now.evidence, later)
    later = gettext("found later, after treatment began") if _came_later(then, now) else then.conflict
    return FactorState(factor, then.truth, then.evidence, later)


def _came_later(then: FindingState, now: FindingState) -> bool:
    return then.truth is Truth.FALSE and now.truth is Truth.TRUE
