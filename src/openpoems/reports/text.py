"""An assessment as text: one screen that a clinician reads on a terminal."""

import textwrap
from collections.abc import Iterator
from itertools import groupby

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.explain import ITEM_STATUS, STATUS, Assessed, in_sentence
from openpoems.criteria.look_alikes import LookAlikeAssessment
from openpoems.criteria.settle import Sets
from openpoems.dynamics.learned import LearnedModel
from openpoems.findings.evidence import Evidence
from openpoems.forecast.relapse import forecasts
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext
from openpoems.reports.course_text import course_section
from openpoems.reports.prognosis_document import prognoses
from openpoems.reports.prognosis_text import prognosis_section
from openpoems.reports.relapse_text import relapse_section
from openpoems.reports.wording import (
    CHECKED,
    MARK,
    RIGHT,
    SEVERITY,
    STATUS_SAID,
    STATUS_WORDS,
    conclusion,
    disclaimer,
    months,
    need_words,
    title,
    unused,
)
from openpoems.response.respond import respond

WIDTH = 110
MOST_TESTS = 6
# What fits on a line or two.
MOST_SETS, MOST_AGAINST = 4, 2
MOST_EVIDENCE = 2
MOST_ISSUES = 8
# By what right evidence counts is said where it is not the plainest one.
_WORTH_SAYING = {"published", "default", "hint"}


def text(
    assessment: DiagnosisAssessment,
    knowledge: Knowledge,
    model: LearnedModel | None = None,
    *,
    unverified: bool = True,
) -> str:
    """The report, lines of at most `WIDTH` characters, ending in a line feed.

    The risk of relapse is told by the model that ships, unless another one is given; `unverified` is as in `respond`.
    """
    head = assessment.headline
    course = respond(assessment.record, knowledge, assessment.as_of, today=assessment.today, unverified=unverified)
    parts = [
        _title(assessment),
        _edition(head, knowledge),
        _next(head, knowledge),
        _others(assessment),
        _variants(assessment),
        _look_alikes(assessment),
        course_section(course),
        relapse_section(course, forecasts(course, assessment.record, model)),
        prognosis_section(prognoses(assessment, knowledge)),
        _way(assessment),
        _issues(assessment),
        _wrapped(disclaimer()),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def _title(assessment: DiagnosisAssessment) -> Iterator[str]:
    yield title(assessment.record.patient, assessment.as_of)
    if assessment.unused:
        yield from _wrapped(unused(assessment))


def _edition(assessed: Assessed, knowledge: Knowledge) -> Iterator[str]:
    criteria = assessed.verdict.criteria
    told = {
        "what": criteria.conclusion, "key": criteria.key, "name": criteria.name, "conclusion": conclusion(assessed),
        "checked": CHECKED[criteria.cite.verified], "adopts": criteria.adopts,
    }  # fmt: skip
    yield gettext("%(what)s by %(key)s (%(name)s): %(conclusion)s") % told
    rule = gettext("rule: %(checked)s; adopts %(adopts)s") if criteria.adopts else gettext("rule: %(checked)s")
    yield "  " + rule % told
    for group, truth in assessed.verdict.shown.groups:
        yield f"  {group.name}: {need_words(group)} - {STATUS_SAID[STATUS[truth]]}"
        for finding in group.findings:
            yield from _item(finding, assessed, knowledge)
    for _, says in assessed.caveats:
        yield from _wrapped(f"! {says}", "  ")
    seen = [f for f in criteria.supportive if ITEM_STATUS[assessed.item(f).truth] == "present"]
    if seen:
        names = {"names": ", ".join(knowledge.findings[f].name for f in seen)}
        yield from _wrapped(gettext("supportive, not counted: %(names)s") % names, "  ")


def _item(finding: str, assessed: Assessed, knowledge: Knowledge) -> Iterator[str]:
    state = assessed.item(finding)
    status = ITEM_STATUS[state.truth]
    lines = [_evidence(each) for each in state.evidence[:MOST_EVIDENCE]]
    more = len(state.evidence) - len(lines)
    lines += [gettext("and %(n)d more") % {"n": more}] if more > 0 else []
    said = "; ".join(lines) or gettext("not in the record")
    yield from _wrapped(f"{MARK[status]} {knowledge.findings[finding].name}: {said}", "    ")
    if state.conflict:
        yield from _wrapped(gettext("conflict: %(what)s") % {"what": state.conflict}, "        ")
    for remark in state.remarks:
        yield from _wrapped(remark.says, "        ")


def _evidence(evidence: Evidence) -> str:
    when = f", {evidence.when}" if evidence.when else ""
    right = f" [{RIGHT[evidence.kind]}]" if evidence.kind in _WORTH_SAYING else ""
    value = f" {evidence.result}" if evidence.result else ""
    return f"{evidence.what}{value}{when}{right}"


def _next(assessed: Assessed, knowledge: Knowledge) -> Iterator[str]:
    verdict = assessed.verdict
    if not assessed.next_tests:
        return
    yield gettext("What to test next")
    told = {"sets": _sets(verdict.settled_by, MOST_SETS, knowledge)}
    yield from _wrapped(gettext("Settled if found: %(sets)s") % told, "  ")
    if verdict.refuted_by:
        told = {"sets": _sets(verdict.refuted_by[:MOST_AGAINST], MOST_SETS, knowledge)}
        yield from _wrapped(gettext("Ruled out if excluded: %(sets)s") % told, "  ")
    for number, (id, answers) in enumerate(assessed.next_tests[:MOST_TESTS], 1):
        told = {
            "number": str(number),
            "test": knowledge.tests[id].order,
            "findings": ", ".join(in_sentence(knowledge.findings[f].name) for f in answers),
        }
        yield from _wrapped(gettext("%(number)s. %(test)s (for %(findings)s)") % told, "  ")


def _sets(several: Sets, most: int, knowledge: Knowledge) -> str:
    shown = [" + ".join(knowledge.findings[f].name for f in each) for each in several[:most]]
    return gettext(" or ").join((*shown, "...") if len(several) > most else shown)


def _others(assessment: DiagnosisAssessment) -> Iterator[str]:
    others = [e for e in assessment.editions if e is not assessment.headline]
    if not others:
        return
    yield gettext("Other editions")
    head = assessment.headline.verdict
    by_result = sorted(others, key=lambda e: (list(STATUS_WORDS).index(e.verdict.status), e.verdict.level or ""))
    for result, group in groupby(by_result, key=conclusion):
        members = list(group)
        yield from _wrapped(f"{result}: {', '.join(e.verdict.criteria.key for e in members)}", "  ")
        differing = {e.verdict.reason: e for e in members if e.verdict.status != head.status}
        for reason, member in differing.items():
            yield from _wrapped(f"{member.verdict.criteria.key}: {reason}", "      ")


def _variants(assessment: DiagnosisAssessment) -> Iterator[str]:
    for each in assessment.variants:
        named = any(item.truth.name == "TRUE" for item in (each.item("castleman-disease"),))
        if each.verdict.status != "not-met" and named:
            yield from _wrapped(f"{each.verdict.criteria.name}: {conclusion(each)} - {each.verdict.reason}")


def _look_alikes(assessment: DiagnosisAssessment) -> Iterator[str]:
    if assessment.look_alikes:
        yield gettext("Look-alikes: published facts that apply (no probability is known)")
    for each in assessment.look_alikes:
        yield f"  {each.look_alike.name}" + _stated(each)
        for clue, _ in each.clues:
            points = gettext("for POEMS: %(fact)s") if clue.points == "poems" else gettext("for it: %(fact)s")
            yield from _wrapped(points % {"fact": clue.says}, "    ")


def _stated(each: LookAlikeAssessment) -> str:
    words = {"TRUE": gettext("named in the record"), "FALSE": gettext("excluded in the record")}
    said = dict.fromkeys(words[state.truth.name] for _, state in each.stated)
    return f" ({', '.join(said)})" if said else ""


def _way(assessment: DiagnosisAssessment) -> Iterator[str]:
    way = assessment.delay
    if took := months(way):
        published = "; ".join(f"{p.says} ({p.population})" for p in way.published[:2])
        told = {"took": took, "published": published}
        yield from _wrapped(gettext("Time to diagnosis: %(took)s. Published: %(published)s.") % told)
    if way.earlier_labels:
        yield from _wrapped(gettext("Named before: %(names)s") % {"names": ", ".join(way.earlier_labels)})


def _issues(assessment: DiagnosisAssessment) -> Iterator[str]:
    serious = [i for i in assessment.issues if i.severity != "information"]
    minor = len(assessment.issues) - len(serious)
    if assessment.issues:
        told = {"serious": len(serious), "minor": minor}
        yield gettext("Issues in the record: %(serious)d to look at, %(minor)d for information") % told
    for issue in serious[:MOST_ISSUES]:
        yield from _wrapped(f"{SEVERITY[issue.severity]}: {issue.path}: {issue.message}", "  ")
    if len(serious) > MOST_ISSUES:
        yield "  " + gettext("and %(n)d more (the html report lists all)") % {"n": len(serious) - MOST_ISSUES}


def _wrapped(words: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
