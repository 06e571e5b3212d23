"""An assessment as a JSON document. Its shape is published in `assessment.schema.json` beside this file."""

from collections.abc import Iterable
from typing import Any

import msgspec

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.delay import Delay
from openpoems.criteria.explain import ITEM_STATUS, STATUS, Assessed, LevelVerdict, verdict
from openpoems.criteria.look_alikes import LookAlikeAssessment
from openpoems.criteria.settle import Tests
from openpoems.dynamics.learned import LearnedModel
from openpoems.findings.derive import UNKNOWN, Findings, FindingState
from openpoems.findings.evidence import Evidence
from openpoems.forecast.relapse import forecasts
from openpoems.knowledge.model import Citation, Cutoff
from openpoems.knowledge.store import Knowledge
from openpoems.language import Phrases, gettext, gettext_noop, told_once
from openpoems.logic import Truth
from openpoems.reports.course_document import course_document
from openpoems.reports.prognosis_document import risk_parts
from openpoems.reports.relapse_document import relapse_parts
from openpoems.response.respond import ResponseAssessment, has_course, respond

Json = dict[str, Any]
_SAYS = {Truth.TRUE: "present", Truth.FALSE: "excluded", Truth.UNKNOWN: "hint"}


def encode(
    assessment: DiagnosisAssessment,
    knowledge: Knowledge,
    model: LearnedModel | None = None,
    *,
    unverified: bool = True,
    indent: int = 0,
) -> bytes:
    """The document as UTF-8 JSON: on one line, or indented for reading."""
    encoded = msgspec.json.encode(document(assessment, knowledge, model, unverified=unverified))
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def document(
    assessment: DiagnosisAssessment,
    knowledge: Knowledge,
    model: LearnedModel | None = None,
    *,
    unverified: bool = True,
) -> Json:
    """The document as values for `msgspec.json.encode`; what many editions share in it is encoded already.

    The risk of relapse is told by the model that ships, unless another one is given; `unverified` is as in `respond`.
    """
    course = _respond(assessment, knowledge, unverified=unverified)
    told = _Items(assessment.findings, knowledge).told
    return (
        diagnosis_document(assessment, knowledge)
        | _course(assessment, course, model)
        | risk_parts(assessment, knowledge, course, told)
    )


def diagnosis_document(assessment: DiagnosisAssessment, knowledge: Knowledge) -> Json:
    """The document without the course of treatment."""
    items = _Items(assessment.findings, knowledge)
    return {
        "patient": assessment.record.patient,
        "source": assessment.source or None,
        "as_of": assessment.as_of.isoformat(),
        "package_version": __version__,
        "hpo_release": knowledge.hpo_release,
        "issues": [{"severity": i.severity, "path": i.path, "message": i.message} for i in assessment.issues],
        "diagnosis": [_edition(each, items, knowledge) for each in assessment.editions],
        "variants": [_edition(each, items, knowledge) for each in assessment.variants],
        "look_alikes": [_look_alike(each, items) for each in assessment.look_alikes],
        "time_to_diagnosis": _delay(assessment.delay),
    }


def _respond(assessment: DiagnosisAssessment, knowledge: Knowledge, *, unverified: bool) -> ResponseAssessment | None:
    if not has_course(assessment.record):
        return None
    return respond(assessment.record, knowledge, assessment.as_of, today=assessment.today, unverified=unverified)


def _course(assessment: DiagnosisAssessment, course: ResponseAssessment | None, model: LearnedModel | None) -> Json:
    if course is None:
        return dict.fromkeys(("response", "relapse", "dynamics"))
    made = forecasts(course, assessment.record, model)
    return {"response": course_document(course)} | relapse_parts(course, made)


class _Items:
    """The items of this person, each encoded once however many editions count it, and so the groups they stand in."""

    def __init__(self, findings: Findings, knowledge: Knowledge) -> None:
        self.findings, self.knowledge = findings, knowledge
        self.items: dict[str, msgspec.Raw] = {}
        self.evidence: dict[int, msgspec.Raw] = {}
        self.groups: dict[int, msgspec.Raw] = {}

    def __getitem__(self, finding: str) -> msgspec.Raw:
        if finding not in self.items:
            state = self.findings.states.get(finding)
            self.items[finding] = _unknown(finding, self.knowledge) if state is None else self._item(finding, state)
        return self.items[finding]

    def _item(self, finding: str, state: FindingState) -> msgspec.Raw:
        return _item(finding, state, [self.told(each) for each in state.evidence], self.knowledge)

    def told(self, evidence: Evidence) -> msgspec.Raw:
        """A piece of evidence, encoded once however many composed findings rest on it."""
        key = id(evidence)
        if key not in self.evidence:
            self.evidence[key] = msgspec.Raw(msgspec.json.encode(_evidence(evidence)))
        return self.evidence[key]

    def all(self, findings: tuple[str, ...]) -> msgspec.Raw:
        """The items of a list of findings; many editions have the same list."""
        key = id(findings)
        if key not in self.groups:
            self.groups[key] = msgspec.Raw(msgspec.json.encode([self[finding] for finding in findings]))
        return self.groups[key]

    def of(self, shown: LevelVerdict) -> msgspec.Raw:
        """The groups of a level; editions that adopt another's rule share the level."""
        key = id(shown.level)
        if key not in self.groups:
            groups = [
                {
                    "name": group.name,
                    "need": group.need,
                    "status": STATUS[truth],
                    "items": [self[finding] for finding in group.findings],
                }
                for group, truth in shown.groups
            ]
            self.groups[key] = msgspec.Raw(msgspec.json.encode(groups))
        return self.groups[key]


@told_once(maxsize=1000)
def _unknown(finding: str, knowledge: Knowledge) -> msgspec.Raw:
    return _item(finding, UNKNOWN, [], knowledge)


def _item(finding: str, state: FindingState, evidence: list[msgspec.Raw], knowledge: Knowledge) -> msgspec.Raw:
    item: Json = {
        "finding": finding,
        "name": knowledge.findings[finding].name,
        "status": ITEM_STATUS[state.truth],
        "evidence": evidence,
    }
    if state.conflict:
        item["conflict"] = state.conflict
    if state.remarks:
        item["remarks"] = [{"says": r.says, "source": _cite(r.cite)} for r in state.remarks]
    return msgspec.Raw(msgspec.json.encode(item))


def _edition(assessed: Assessed, items: _Items, knowledge: Knowledge) -> Json:
    shown = assessed.verdict
    return {
        "criteria": shown.criteria.key,
        "name": shown.criteria.name,
        "status": shown.status,
        "level": shown.level,
        "reason": shown.reason,
        "groups": items.of(shown.shown),
        **_impersonal(shown.criteria.key, shown.pattern, knowledge),
        "next_tests": _next_tests(assessed.next_tests, knowledge),
        "caveats": [{"says": says, "source": _cite(caveat.cite)} for caveat, says in assessed.caveats],
        "supportive": items.all(shown.criteria.supportive),
    }


@told_once(maxsize=50_000)
def _impersonal(key: str, pattern: tuple[Truth, ...], knowledge: Knowledge) -> dict[str, msgspec.Raw]:
    """What an edition says that depends on the pattern of findings only, encoded once for everybody who has it."""
    shown = verdict(key, pattern, knowledge)
    parts: Json = {
        "conclusion": shown.criteria.conclusion,
        "current": shown.criteria.status == "current",
        "adopts": shown.criteria.adopts or None,
        "source": _cite(shown.criteria.cite),
        "levels": [{"level": each.level.name, "status": STATUS[each.truth]} for each in shown.levels],
        "settled_by": shown.settled_by,
        "settled_by_more": shown.settled_more,
        "ruled_out_by": shown.refuted_by,
        "ruled_out_by_more": shown.refuted_more,
    }
    return {name: msgspec.Raw(msgspec.json.encode(part)) for name, part in parts.items()}


@told_once(maxsize=50_000)
def _next_tests(tests: Tests, knowledge: Knowledge) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(list(_tests(tests, knowledge))))


def _tests(tests: Tests, knowledge: Knowledge) -> Iterable[Json]:
    for id, answers in tests:
        test = knowledge.tests[id]
        yield {
            "test": id,
            "name": test.name,
            "order": test.order,
            "for": [
                {"finding": f, "name": knowledge.findings[f].name, "found_in": _frequencies(f, knowledge)}
                for f in answers
            ],
            "invasiveness": test.invasiveness,
            "source": _cite(test.cite),
        }


def _frequencies(finding: str, knowledge: Knowledge) -> list[Json]:
    return [
        {
            "low": each.low,
            "high": each.high,
            "unit": each.unit,
            "population": each.population,
            "source": _cite(each.cite),
        }
        for each in knowledge.findings[finding].frequency
    ]


def _evidence(evidence: Evidence) -> Json:
    return {
        "says": _SAYS[evidence.says],
        "kind": evidence.kind,
        "what": evidence.what,
        "when": str(evidence.when) if evidence.when else None,
        "value": evidence.value,
        "source": evidence.source,
        "path": evidence.fact.path or None,
        "rule": _rule(evidence.rule) if evidence.rule else None,
        "note": evidence.note or None,
    }


def _rule(cutoff: Cutoff) -> Json:
    return {"says": rule_words(cutoff), "note": cutoff.note or None, "source": _cite(cutoff.cite)}


def rule_words(cutoff: Cutoff) -> str:
    """A cut-off in words: `at or above 200 pg/mL (plasma)`."""
    limit = gettext("the laboratory's own limit")
    if cutoff.value is not None:
        limit = f"{cutoff.value.value:g} {cutoff.value.unit}"
    narrowed = ", ".join(gettext(word) for word in (cutoff.specimen, cutoff.sex) if word)
    return _REACHES[cutoff.direction] % {"limit": limit} + (f" ({narrowed})" if narrowed else "")


_REACHES: Phrases[str] = Phrases(
    {
        "above": gettext_noop("above %(limit)s"),
        "at-or-above": gettext_noop("at or above %(limit)s"),
        "below": gettext_noop("below %(limit)s"),
    }
)


def _cite(citation: Citation | None) -> Json | None:
    if citation is None:
        return None
    return {"ref": citation.ref, "where": citation.where, "verified": citation.verified}


def _look_alike(assessed: LookAlikeAssessment, items: _Items) -> Json:
    return {
        "look_alike": assessed.id,
        "name": assessed.look_alike.name,
        "stated": [items[finding] for finding, _ in assessed.stated],
        "clues": [
            {
                "finding": clue.finding,
                "status": clue.status,
                "points_to": clue.points,
                "says": clue.says,
                "source": _cite(clue.cite),
                "evidence": [items.told(each) for each in state.evidence],
            }
            for clue, state in assessed.clues
        ],
    }


def _delay(way: Delay) -> Json:
    return {
        "months": None if way.low_months is None else [round(way.low_months, 1), round(way.high_months or 0.0, 1)],
        "first_symptom": str(way.first_symptom) if way.first_symptom else None,
        "diagnosed": str(way.diagnosed) if way.diagnosed else None,
        "earlier_labels": list(way.earlier_labels),
        "published": [
            {"says": each.says, "population": each.population, "source": _cite(each.cite)} for each in way.published
        ],
    }
