"""One page that any doctor accepts: what a record shows, as a letter in words and as a tagged PDF.

`letter` chooses and words; `letter_pdf` sets it. Nothing is judged here: each line is a result of the assessment.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import starmap
from typing import Any

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.explain import Assessed
from openpoems.errors import OpenpoemsError
from openpoems.findings.derive import Findings, FindingState
from openpoems.findings.evidence import result_text
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, gettext_noop, ngettext, spoken
from openpoems.logic import Truth
from openpoems.record.model import Measurement
from openpoems.reports.course_words import amount, category_words, day_words, result_name, step_when, turn_words, unit
from openpoems.reports.wording import CHECKED_BRIEFLY, SEX, dated, disclaimer, sentence, to_words
from openpoems.response.axes import AxisResult
from openpoems.response.respond import ResponseAssessment
from openpoems.response.series import Point, Series
from openpoems.response.treatments import Bar

# Lines of a list, from what most letters have room for down to what always fits one page.
ROOM = (14, 10, 7, 5, 3)


class CannotSet(OpenpoemsError):
    """A letter that cannot be made into a PDF here; the message says the mend."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what, what is said of it, when or where."""

    what: str
    says: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """The letter in words. `who` are lines that name the person; `about` says what the record is and of which day."""

    who: tuple[Row, ...]
    about: str
    conclusion: str
    others: str
    present: tuple[Row, ...]
    excluded: tuple[str, ...]
    outstanding: tuple[Row, ...]
    treatments: tuple[Row, ...]
    response: tuple[Row, ...]
    latest: tuple[Row, ...]
    sentences: tuple[str, ...]
    warning: str

    def __repr__(self) -> str:
        return "<Letter>"


def letter(
    assessment: DiagnosisAssessment,
    course: ResponseAssessment,
    knowledge: Knowledge,
    *,
    who: Mapping[str, str] | None = None,
) -> Letter:
    """Word the letter of one assessment; `who` names the person where the sender may (`{"Name": …}`).

    Raises `ValueError` for an assessment without any edition.
    """
    head = assessment.headline
    states = assessment.findings
    counted = list(_counted(head))
    told = {
        "day": assessment.as_of, "version": __version__, "conclusion": sentence(head),
        "criteria": head.verdict.criteria.name,
    }  # fmt: skip
    made = Letter(
        who=tuple(Row(name, text) for name, text in _who(assessment)),
        about=gettext("From the record as of %(day)s. openpoems %(version)s.") % told,
        conclusion=gettext("%(conclusion)s Criteria: %(criteria)s.") % told,
        others=_others(assessment, head),
        present=tuple(_present(counted, states, knowledge)),
        excluded=tuple(knowledge.findings[f].name for f in counted if _truth(f, states) is Truth.FALSE),
        outstanding=tuple(_outstanding(head, knowledge)),
        treatments=tuple(_treatment(bar) for bar in course.bars),
        response=tuple(_responses(course)),
        latest=tuple(_latest(course)),
        sentences=tuple(each.says for each in course.reassurances),
        warning=_warning(assessment),
    )
    return named(made, who or {})


def naming(name: str, birth: str) -> dict[str, str]:
    """What names a person at the head of a letter; only what is known."""
    return {word: text for word, text in ((gettext("Name"), name), (gettext("Born"), birth)) if text}


def named(made: Letter, who: Mapping[str, str]) -> Letter:
    """The letter with the person's name and the like before what the record says; what `who` says stands once."""
    return replace(made, who=(*starmap(Row, who.items()), *(row for row in made.who if row.what not in who)))


def letter_pdf(made: Letter) -> bytes:
    """The letter as a PDF/UA of one page. What does not fit is left out and counted. Raises `CannotSet`."""
    typst = typesetter()
    for room in ROOM:
        inputs = {"letter": json.dumps(_fitted(made, room))}
        pages = typst.query(_template(), "<pages>", field="value", one=True, sys_inputs=inputs)
        if json.loads(pages) == 1:
            pdf: bytes = typst.compile(_template(), sys_inputs=inputs, pdf_standards=["ua-1"])
            return pdf
    raise CannotSet("the letter does not fit one page: a name or a remark in the record is longer than a page allows")


def typesetter() -> Any:
    """What sets a page as PDF. Raises `CannotSet` where it is not installed."""
    try:
        import typst  # noqa: PLC0415 - heavy, and only needed here
    except ImportError:
        raise CannotSet("a letter as PDF needs the extra: pip install 'openpoems[letter]'") from None
    return typst


@cache
def _template() -> bytes:
    return files("openpoems.reports").joinpath("templates/letter.typ").read_bytes()


def _fitted(made: Letter, room: int) -> dict[str, object]:
    """The letter with lists of at most `room` lines, each saying how many more there are."""
    fitted: dict[str, object] = {}
    for name, part in asdict(made).items():
        fitted[name] = part
        if isinstance(part, tuple):
            fitted[name] = part[:room]
            fitted[f"{name}_more"] = _more(len(part) - room)
    return fitted | {"words": {name: gettext(words) for name, words in _HEADINGS.items()}, "language": spoken()}


def _more(n: int) -> str:
    return gettext("and %(n)d more in the full record") % {"n": n} if n > 0 else ""


# What the template says itself.
_HEADINGS = {
    "title": gettext_noop("POEMS syndrome: summary of a record"),
    "nothing": gettext_noop("Nothing in the record."),
    "present": gettext_noop("Found, of what the criteria count"),
    "excluded": gettext_noop("Looked for and not found:"),
    "outstanding": gettext_noop("Not tested yet, and would help to settle it"),
    "treatments": gettext_noop("Treatments"),
    "response": gettext_noop("Response, by axis"),
    "latest": gettext_noop("Latest value of each series"),
}


def _who(assessment: DiagnosisAssessment) -> Iterator[tuple[str, str]]:
    record = assessment.record
    yield gettext("Record"), record.patient
    if record.birth:
        yield gettext("Born"), str(record.birth)
    if record.sex in SEX:
        yield gettext("Sex"), SEX[record.sex]
    if assessment.delay.first_symptom:
        yield gettext("First symptom"), dated(assessment.delay.first_symptom)
    if assessment.delay.diagnosed:
        yield gettext("Diagnosis"), dated(assessment.delay.diagnosed)


def _counted(head: Assessed) -> Iterator[str]:
    seen: set[str] = set()
    for group, _ in head.verdict.shown.groups:
        for finding in group.findings:
            if finding not in seen:
                seen.add(finding)
                yield finding


def _truth(finding: str, states: Findings) -> Truth:
    state = states.states.get(finding)
    return Truth.UNKNOWN if state is None else state.truth


def _present(counted: Sequence[str], states: Findings, knowledge: Knowledge) -> Iterator[Row]:
    for finding in counted:
        state = states.states.get(finding)
        if state is not None and state.truth is Truth.TRUE:
            yield _shown(knowledge.findings[finding].name, state)


def _shown(name: str, state: FindingState) -> Row:
    best = next((each for each in state.evidence if each.says is Truth.TRUE), None)
    if best is None:
        return Row(name)
    # A stated sign says no more than its name; a result says its value.
    fact = best.fact
    says = result_text(fact) if isinstance(fact, Measurement) else ""
    return Row(name, says, dated(best.when))


def _others(assessment: DiagnosisAssessment, head: Assessed) -> str:
    """How the other editions in use conclude, in one sentence."""
    by = {
        "met": gettext("met by %(names)s"),
        "not-met": gettext("not met by %(names)s"),
        "undetermined": gettext("undetermined by %(names)s"),
    }
    parts = []
    for status, said in by.items():
        names = [
            each.verdict.criteria.name
            for each in assessment.editions
            if each is not head and each.verdict.status == status and each.verdict.criteria.status == "current"
        ]
        if names:
            parts.append(said % {"names": ", ".join(names)})
    return gettext("Other criteria in use: %(results)s.") % {"results": "; ".join(parts)} if parts else ""


def _outstanding(head: Assessed, knowledge: Knowledge) -> Iterator[Row]:
    for test, answers in head.next_tests:
        told = {"names": ", ".join(knowledge.findings[f].name for f in answers)}
        yield Row(knowledge.tests[test].name, gettext("would show: %(names)s") % told)


def _treatment(bar: Bar) -> Row:
    began = day_words(bar.start) if bar.start else gettext("start not dated")
    return Row(bar.called, "" if bar.counts else gettext("not counted as treatment of POEMS"), _lasted(bar, began))


def _lasted(bar: Bar, began: str) -> str:
    if bar.end is None or bar.end == bar.start:
        return began
    return to_words(began, day_words(bar.end))


def _responses(course: ResponseAssessment) -> Iterator[Row]:
    for result in course.results:
        if not result.has_data:
            continue
        if result.category is None:
            yield Row(result_name(result), gettext("cannot tell: %(why)s") % {"why": result.why})
        else:
            when = step_when(result.current) if result.current else ""
            yield Row(result_name(result), f"{gettext(result.category)}{_best(result)}{_recalled(result)}", when)
        for turn in result.turns:
            yield Row(result_name(result), turn_words(turn))


def _best(result: AxisResult) -> str:
    if result.best is None:
        return ""
    told = {"category": category_words(result.best), "when": step_when(result.best)}
    return " " + gettext("(best %(category)s %(when)s)") % told


def _recalled(result: AxisResult) -> str:
    """That the definition applied was not checked against its paper, where it was not."""
    if result.definition is None or result.definition.cite.verified == "primary":
        return ""
    checked = {"checked": CHECKED_BRIEFLY[result.definition.cite.verified]}
    return "; " + gettext("definition %(checked)s") % checked


def _latest(course: ResponseAssessment) -> Iterator[Row]:
    """VEGF first, then the others as the course has them."""
    for panel in sorted(course.panels, key=lambda each: each.series.key.measure != "vegf"):
        if panel.series.points:
            point = panel.series.points[-1]
            yield Row(_series(panel.series), amount(point, panel.series) + _limit(point, panel.series), str(point.when))


def _series(series: Series) -> str:
    key = series.key
    laboratory = key.laboratory or (gettext("laboratory not said") if key.specimen else "")
    return ", ".join(part for part in (series.name, gettext(key.specimen), key.assay, laboratory) if part)


def _limit(point: Point, series: Series) -> str:
    if point.limit is None:
        return ""
    return " " + gettext("(limit %(limit)s)") % {"limit": f"{float(point.limit):g} {unit(series)}".rstrip()}


def _warning(assessment: DiagnosisAssessment) -> str:
    """What a reader must know before trusting the page."""
    unused = assessment.unused
    if not unused:
        return disclaimer()
    left_out = ngettext(
        "%(n)d place of the record could not be fully used: see the full report.",
        "%(n)d places of the record could not be fully used: see the full report.",
        unused,
    )
    return f"{left_out % {'n': unused}} {disclaimer()}"
