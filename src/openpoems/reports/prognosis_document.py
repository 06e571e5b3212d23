"""Prognosis and the settings of treatment: of whom they are told, and as JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.explain import ITEM_STATUS
from openpoems.findings.evidence import Evidence
from openpoems.knowledge.model import Citation
from openpoems.knowledge.prognosis import Interval
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth
from openpoems.response.respond import ResponseAssessment, began
from openpoems.risk.prognosis import FactorState, PrognosisAssessment, prognosis
from openpoems.risk.settings import SettingState, settings

Json = dict[str, Any]
Encoded = Callable[[Evidence], Any]
_DISEASE = "poems-syndrome"
# A linear predictor is told to so many decimals: what lies beyond is the arithmetic's.
DECIMALS = 3


def concerns(assessment: DiagnosisAssessment) -> bool:
    """Whether prognosis and treatment of POEMS syndrome are this person's: criteria met, or it was diagnosed."""
    met = bool(assessment.editions) and assessment.headline.verdict.status == "met"
    named = assessment.delay.diagnosed is not None or assessment.findings.truth(_DISEASE) is Truth.TRUE
    return met or named


def prognoses(assessment: DiagnosisAssessment, knowledge: Knowledge) -> tuple[PrognosisAssessment, ...]:
    """The published models for this person; none for whom they are not (see `concerns`)."""
    if not concerns(assessment):
        return ()
    start = began(assessment.record, knowledge, assessment.as_of, today=assessment.today)
    return prognosis(
        assessment.record,
        knowledge,
        assessment.findings,
        today=assessment.today,
        diagnosed=assessment.delay.diagnosed,
        treated=start.days or ("never" if start.never else "unknown"),
    )


def risk_parts(
    assessment: DiagnosisAssessment, knowledge: Knowledge, course: ResponseAssessment | None, told: Encoded
) -> Json:
    """The parts `prognosis` and `treatment_settings`; null for whom they are not. `told` writes evidence."""
    if not concerns(assessment):
        return dict.fromkeys(("prognosis", "treatment_settings"))
    turned = {turn.kind for turn, _ in course.standing} if course else set()
    marked = settings(assessment.findings, knowledge, turned)
    return {
        "prognosis": [_model(each, told) for each in prognoses(assessment, knowledge)],
        "treatment_settings": [_setting(each, told) for each in marked],
    }


def _model(made: PrognosisAssessment, told: Encoded) -> Json:
    published = made.published
    return {
        "model": made.model,
        "name": published.name,
        "predicts": published.predicts,
        "says": published.says,
        "population": published.population,
        "n": published.n,
        "concordance": _interval(published.concordance),
        "counted": published.baseline,
        "baseline": made.baseline.isoformat() if made.baseline else None,
        "factors": [_factor(each, told) for each in made.factors],
        "count": list(made.count),
        "linear_predictor": [round(each, DECIMALS) for each in made.linear_predictor],
        "survival": None,
        "not_told": published.not_told,
        "source": _cite(published.cite),
    }


def _factor(state: FactorState, told: Encoded) -> Json:
    return {
        "factor": state.factor.id,
        "name": state.factor.name,
        "status": ITEM_STATUS[state.truth],
        "says": state.says or None,
        "hazard_ratio": _interval(state.factor.hazard_ratio),
        "p": state.factor.p,
        "evidence": _all(state.evidence, told),
        "source": _cite(state.factor.cite),
    }


def _setting(state: SettingState, told: Encoded) -> Json:
    return {
        "setting": state.id,
        "name": state.setting.name,
        "this_person": "yes" if state.truth is Truth.TRUE else "not-known",
        "because": [*state.findings, *state.turns],
        "evidence": _all(state.evidence, told),
        "cannot_tell": None if state.truth is Truth.TRUE else state.setting.cannot_tell,
        "source": _cite(state.setting.cite),
    }


def _all(evidence: Iterable[Evidence], told: Encoded) -> list[Any]:
    return [told(each) for each in evidence]


def _interval(each: Interval) -> Json:
    return {"value": each.value, "low": each.low, "high": each.high}


def _cite(cite: Citation) -> Json:
    return {"ref": cite.ref, "where": cite.where, "verified": cite.verified}
