"""Everything about one record to be read on paper: its assessment, its course, every series, every fact; a tagged PDF.

`full` chooses and words, `full_pdf` sets it. Nothing is judged here, and nothing is left out for want of room.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.explain import ITEM_STATUS, Assessed
from openpoems.findings.derive import UNKNOWN
from openpoems.findings.evidence import result_text
from openpoems.knowledge.model import finding_of
from openpoems.knowledge.store import Knowledge
from openpoems.language import Phrases, gettext, gettext_noop, spoken
from openpoems.record.model import (
    Concept,
    Event,
    EventKind,
    Fact,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Treatment,
)
from openpoems.record.viewpoint import known_when
from openpoems.reports.course_chart import Size, chart
from openpoems.reports.course_words import LIMIT_SAID, amount, mark_words, series_name, unit
from openpoems.reports.html import picture
from openpoems.reports.letter import Letter, Row, letter, typesetter
from openpoems.reports.wording import CHECKED_BRIEFLY, ITEM_SAID, conclusion, dated
from openpoems.response.respond import Panel, ResponseAssessment

SIZE = Size(pointed=False, plot_height=200)
# Pictures of these measures stand above their tables.
DRAWN = frozenset(("vegf", "m-protein-serum", "onls", "i-rods", "grip-strength", "ten-metre-walk"))
STYLE = """text { font: 12px "Libertinus Serif"; fill: #444 } .grid { stroke: #cfd6d2 }
.limit { stroke: #8a4b00; stroke-dasharray: 5 4 } .limit-words { fill: #8a4b00 }
.trace { fill: none; stroke: #1f5f5b; opacity: .55 } .dot { fill: #1f5f5b } .dot.moved { fill: #fff; stroke: #8a4b00 }
.nadir { fill: none; stroke: #20633a; stroke-width: 2 } .bar { fill: #20633a; opacity: .6 } .bar.other { fill: #888 }"""


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """One series: its picture if it has one (`alt` says it), and its rows: when, value, limit, what moves it."""

    name: str
    picture: str
    alt: str
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "<Told>"


@dataclass(frozen=True, slots=True, repr=False)
class Full:
    """The whole report in words. `groups` are those of the first edition, with each finding and what speaks for it."""

    letter: Letter
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    editions: tuple[Row, ...]
    series: tuple[Told, ...]
    facts: tuple[tuple[str, tuple[Row, ...]], ...]
    issues: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Full>"


def full(
    assessment: DiagnosisAssessment,
    course: ResponseAssessment,
    knowledge: Knowledge,
    *,
    who: Mapping[str, str] | None = None,
) -> Full:
    """Word the report; `who` names the person where the reader may know."""
    return Full(
        letter=letter(assessment, course, knowledge, who=who),
        groups=tuple(_groups(assessment.headline, assessment, knowledge)),
        editions=tuple(_edition(each) for each in assessment.editions),
        series=tuple(_series(panel, course) for panel in _ordered(course)),
        facts=tuple(_facts(assessment.record)),
        issues=tuple(f"{each.path}: {each.message}" for each in assessment.issues if each.severity != "information"),
    )


def full_pdf(made: Full) -> bytes:
    """The report as a PDF/UA. Raises `CannotSet` where nothing can be set here."""
    typst = typesetter()
    words = {name: gettext(words) for name, words in _HEADINGS.items()}
    inputs = {"full": json.dumps(asdict(made) | {"words": words, "language": spoken()})}
    pdf: bytes = typst.compile(_template(), sys_inputs=inputs, pdf_standards=["ua-1"])
    return pdf


# What the template says itself.
_HEADINGS = {
    "title": gettext_noop("POEMS syndrome: everything in a record"),
    "nothing": gettext_noop("Nothing in the record."),
    "response": gettext_noop("Is the treatment working?"),
    "treatments": gettext_noop("Treatments"),
    "outstanding": gettext_noop("Not tested yet, and would help to settle it"),
    "groups": gettext_noop("What the criteria count"),
    "finding": gettext_noop("Finding"),
    "in_record": gettext_noop("In the record"),
    "speaks": gettext_noop("What speaks for or against it"),
    "editions": gettext_noop("All criteria"),
    "criteria": gettext_noop("Criteria"),
    "result": gettext_noop("Result"),
    "checked": gettext_noop("Rule checked"),
    "series": gettext_noop("Every series of results"),
    "apart": gettext_noop(
        "Results of one kind of sample, by one method, from one laboratory; "
        "values of different series are not compared."
    ),
    "when": gettext_noop("When"),
    "value": gettext_noop("Value"),
    "limit": gettext_noop("Limit"),
    "moves": gettext_noop("What else moves it"),
    "facts": gettext_noop("Everything that was recorded"),
    "what": gettext_noop("What"),
    "said": gettext_noop("What is said of it"),
    "issues": gettext_noop("What could not be fully used"),
}


_EVENT: Phrases[EventKind] = Phrases(
    {
        "death": gettext_noop("death"),
        "hospitalisation": gettext_noop("hospitalisation"),
        "diagnosis": gettext_noop("diagnosis"),
        "earlier-label": gettext_noop("earlier label"),
        "first-symptom": gettext_noop("first symptom"),
        "other": gettext_noop("other"),
    }
)


@cache
def _template() -> bytes:
    return files("openpoems.reports").joinpath("templates/full.typ").read_bytes()


def _groups(
    head: Assessed, assessment: DiagnosisAssessment, knowledge: Knowledge
) -> Iterator[tuple[str, tuple[Row, ...]]]:
    for group, _ in head.verdict.shown.groups:
        rows = tuple(_finding(finding_of(item), assessment, knowledge) for item in group.items)
        told = {"group": group.name, "need": group.need, "items": len(group.items)}
        yield gettext("%(group)s, %(need)d of %(items)d") % told, rows


def _finding(id: str, assessment: DiagnosisAssessment, knowledge: Knowledge) -> Row:
    state = assessment.findings.states.get(id, UNKNOWN)
    evidence = (", ".join(filter(None, (each.what, each.value, dated(each.when)))) for each in state.evidence)
    return Row(knowledge.findings[id].name, ITEM_SAID[ITEM_STATUS[state.truth]], "; ".join(evidence))


def _edition(each: Assessed) -> Row:
    return Row(
        each.verdict.criteria.name, conclusion(each).lower(), CHECKED_BRIEFLY[each.verdict.criteria.cite.verified]
    )


def _ordered(course: ResponseAssessment) -> list[Panel]:
    """The series with values: VEGF first, then the others as the course has them."""
    return sorted(
        (panel for panel in course.panels if panel.series.points),
        key=lambda panel: panel.series.key.measure != "vegf",
    )


def _series(panel: Panel, course: ResponseAssessment) -> Told:
    drawn = chart(panel, course, size=SIZE) if panel.series.key.measure in DRAWN else None
    return Told(
        series_name(panel.series),
        picture(drawn, "picture", STYLE) if drawn else "",
        drawn.says if drawn else "",
        tuple(_rows(panel)),
    )


def _rows(panel: Panel) -> Iterator[tuple[str, ...]]:
    series = panel.series
    for point in series.points:
        limit = "" if point.limit is None else f"{float(point.limit):g} {unit(series)} ({LIMIT_SAID[point.above]})"
        marks = "; ".join(mark_words(mark.confounder, mark.because, mark.when) for mark in point.marks)
        yield str(point.when), amount(point, series), limit, marks


def _facts(record: PatientRecord) -> Iterator[tuple[str, tuple[Row, ...]]]:
    parts: dict[str, Iterable[Fact]] = {
        gettext("Signs, symptoms and diseases"): record.features,
        gettext("Results"): record.measurements,
        gettext("Drug treatments"): record.treatments,
        gettext("Procedures"): record.procedures,
        gettext("Events"): record.events,
    }
    for title, facts in parts.items():
        ordered = sorted(facts, key=lambda fact: str(known_when(fact) or ""))
        if ordered:
            yield title, tuple(map(_fact, ordered))


def _fact(fact: Fact) -> Row:
    when = dated(known_when(fact))
    match fact:
        case Feature():
            said = gettext("looked for, not found") if fact.excluded else gettext("present")
            return Row(_name(fact.concept), said, when)
        case Measurement():
            return Row(_name(fact.measure), result_text(fact), when)
        case Treatment():
            drugs = " + ".join(_name(agent.drug) for agent in fact.agents)
            end = gettext("to %(when)s") % {"when": dated(fact.end)} if fact.end else ""
            return Row(
                fact.regimen or drugs, ", ".join(filter(None, (drugs if fact.regimen != drugs else "", end))), when
            )
        case Procedure():
            return Row(_name(fact.concept), _name(fact.site), when)
        case Event():
            return Row(_EVENT[fact.kind], _name(fact.concept), when)


def _name(concept: Concept | None) -> str:
    if concept is None:
        return ""
    return concept.text or next((each.label or each.id.removeprefix("OPENPOEMS:") for each in concept.codings), "")
