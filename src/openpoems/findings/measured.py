"""Results as evidence: against the laboratory's own limits, else against the cut-offs of the knowledge."""

from functools import cache
from typing import TypeAlias

from openpoems.findings.evidence import Evidence, Kind
from openpoems.findings.results import by_answer, by_cutoff, by_reference, unread_limit
from openpoems.findings.treatments import made_of
from openpoems.findings.view import Reading, View, not_ours
from openpoems.knowledge.index import plain_words
from openpoems.knowledge.model import Answered, Cutoff
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits
from openpoems.record.model import Measurement, Treatment

# Per measure, the findings it speaks for, and by which rule.
Rules: TypeAlias = dict[str, list[tuple[str, Cutoff | Answered]]]
_KINDS: dict[str, Kind] = {
    "laboratory": "laboratory",
    "definition": "definition",
    "published": "published",
    "default": "default",
}


def read_result(result: Measurement, view: View, reading: Reading) -> None:
    """Add what a result shows or excludes; where it says nothing, say why."""
    measure = _measure_of(result, view, reading)
    if measure is None:
        return
    rules = _rules_by_measure(view.knowledge).get(measure, [])
    name = view.knowledge.measures[measure].name
    if not rules:
        reading.note("information", result, gettext("%(name)s: kept; no criterion looks at it") % {"name": name})
        return
    if result.value is not None and result.value.value < 0:
        message = gettext("a negative result is impossible here: not used; correct the value")
        reading.note("error", result, message)
        return
    specimen = result.specimen or view.knowledge.measures[measure].specimen
    judged = [
        Evidence(
            finding, says, kind, result, view.days(result.on), rule if isinstance(rule, Cutoff) else None, label=name
        )
        for finding, rule in rules
        for says, kind in _judge(result, rule, specimen, view.record.sex, reading)
    ]
    for evidence in _unspoilt(judged, measure, view, reading):
        reading.add(evidence)
    if not judged:
        _explain_silence(result, measure, specimen, rules, reading)


def _measure_of(result: Measurement, view: View, reading: Reading) -> str | None:
    index = view.knowledge.index
    for coding in result.measure.codings:
        if coding.id in index.measures:
            return index.measures[coding.id]
    codes = [coding.id for coding in result.measure.codings]
    doubtful = next((code for code in codes if code in index.doubtful_measures), None)
    if doubtful is not None:
        told = {"code": doubtful, "name": view.knowledge.measures[index.doubtful_measures[doubtful]].name}
        message = gettext("%(code)s is not confirmed to be %(name)s: not used; give the confirmed code")
        reading.note("warning", result, message % told)
    elif any(code in index.shows for code in codes):
        _read_coded_result(result, view, reading)
    elif measure := measure_named(result, view.knowledge):
        told = {"name": view.knowledge.measures[measure].name}
        reading.note("information", result, gettext("read by its words as %(name)s; add a code") % told)
        return measure
    else:
        not_ours(result.measure, "measure", result, reading)
    return None


def measure_named(result: Measurement, knowledge: Knowledge) -> str | None:
    """The measure a result names: by its codes, else by its words, alone or together with its specimen."""
    measures = knowledge.index.measures
    for coding in result.measure.codings:
        if coding.id in measures:
            return measures[coding.id]
    index = knowledge.index
    if any(coding.id in index.doubtful_measures or coding.id in index.shows for coding in result.measure.codings):
        return None
    names = index.measure_names
    labels = [c.label or c.id.removeprefix("OPENPOEMS:") for c in result.measure.codings]
    for words in filter(None, (result.measure.text, *labels)):
        for said in (words, f"{words} {result.specimen}"):
            if plain_words(said) in names:
                return names[plain_words(said)]
    return None


def _read_coded_result(result: Measurement, view: View, reading: Reading) -> None:
    """A finding's own code used as the name of a test that was positive or negative."""
    answer = by_answer(result)
    table = view.knowledge.index.shows if answer is Truth.TRUE else view.knowledge.index.excludes
    found = [id for c in result.measure.codings for id in table.get(c.id, ())] if answer is not Truth.UNKNOWN else []
    for id in found:
        reading.add(Evidence(id, answer, "stated", result, view.days(result.on)))
    if result.value is not None:
        reading.note("information", result, gettext("a size or number given with a sign: kept, not used"))
    elif not found:
        message = gettext("this code names a sign, and the answer is neither positive nor negative")
        reading.note("warning", result, message)


def _judge(
    result: Measurement, rule: Cutoff | Answered, specimen: str, sex: str, reading: Reading
) -> list[tuple[Truth, Kind]]:
    if isinstance(rule, Answered):
        answer = by_answer(result, rule.containing)
        return [] if answer is Truth.UNKNOWN else [(answer, "laboratory")]
    if (rule.sex and rule.sex != sex) or (rule.specimen and rule.specimen != specimen):
        return []
    said = _by_laboratory(result, rule, reading)
    if rule.against == "reference":
        return [(truth, "laboratory") for truth in said or ()]
    # A cut-off of a definition always applies; a published or a default one only where the laboratory gave no limit.
    if said and rule.standing != "definition":
        return []
    truth = by_cutoff(result, rule)
    if (
        truth is Truth.FALSE
        and rule.standing != "definition"
        and (said is None or unread_limit(result, rule.direction))
    ):
        message = gettext(
            "the laboratory's own range or flag could not be read: a general cut-off shows here, and never excludes; "
            "give the limit as a number"
        )
        reading.note("warning", result, message)
        return []
    return [] if truth is Truth.UNKNOWN else [(truth, _KINDS[rule.standing])]


def _by_laboratory(result: Measurement, cutoff: Cutoff, reading: Reading) -> list[Truth] | None:
    """What the laboratory's own limits say; None where they cannot be compared with the result."""
    try:
        return [truth for truth in by_reference(result, cutoff.direction) if truth is not Truth.UNKNOWN]
    except IncomparableUnits as error:
        message = gettext("the result and its reference range cannot be compared: %(why)s") % {"why": error}
        reading.note("warning", result, message)
        return None


def _unspoilt(judged: list[Evidence], measure: str, view: View, reading: Reading) -> list[Evidence]:
    """Without low results under a drug that lowers them: they exclude nothing."""
    drugs = view.knowledge.measures[measure].lowered_by
    low = [e for e in judged if e.says is Truth.FALSE]
    if not drugs or not low or not any(_exposed(t, drugs, low[0], view) for t in view.record.treatments):
        return judged
    message = gettext("taken under %(drugs)s, which lowers it: a low result excludes nothing")
    reading.note("warning", low[0].fact, message % {"drugs": ", ".join(drugs)})
    return [e for e in judged if e.says is not Truth.FALSE]


def _exposed(treatment: Treatment, drugs: tuple[str, ...], evidence: Evidence, view: View) -> bool:
    """Whether a treatment with one of the drugs may have run when the result was taken."""
    if made_of(treatment, view.knowledge).mentions.isdisjoint(drugs):
        return False
    start, end = view.days(treatment.start), view.days(treatment.end)
    if evidence.days is None:
        return True
    return (start is None or start[0] <= evidence.days[1]) and (end is None or evidence.days[0] <= end[1])


def _explain_silence(
    result: Measurement, measure: str, specimen: str, rules: list[tuple[str, Cutoff | Answered]], reading: Reading
) -> None:
    if result.absent or (result.value is None and result.result is None and not result.flags):
        reading.note("information", result, gettext("there is no value: it stays unknown"))
        return
    if result.value is None:
        message = gettext(
            "the answer is not one that openpoems reads (positive or negative; for a number high, normal, low)"
        )
    elif result.comparator:
        message = gettext("with %(sign)s the result can lie on either side of the limit: it stays unknown")
        message %= {"sign": result.comparator}
    elif measure == "vegf" and not specimen:
        message = gettext(
            "VEGF without the laboratory's upper limit and without specimen cannot be judged: give the upper limit, "
            "or say serum or plasma"
        )
    elif all(isinstance(rule, Cutoff) and rule.sex for _, rule in rules):
        message = gettext(
            "this result counts for one sex only, and the record does not state that sex: it says nothing"
        )
    else:
        message = gettext(
            "no limit applies to this result: give the laboratory's reference range, and a unit that it shares"
        )
    reading.note("warning", result, message)


@cache
def _rules_by_measure(knowledge: Knowledge) -> Rules:
    """The findings each measure can speak for."""
    table: Rules = {}
    for finding_id, finding in knowledge.findings.items():
        for cutoff in finding.measured:
            table.setdefault(cutoff.measure, []).append((finding_id, cutoff))
        for answered in finding.answered:
            table.setdefault(answered.measure, []).append((finding_id, answered))
    return table
