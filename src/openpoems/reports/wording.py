"""Words that every report shares: how sure a source is, how a status reads, what this software is not."""

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.delay import Delay
from openpoems.criteria.explain import Assessed, Status
from openpoems.findings.evidence import Kind
from openpoems.knowledge.model import Citation, Frequency, PublishedDelay, Reference, Verified
from openpoems.logic import Truth
from openpoems.record.time import Age, PartialDate, Span, When

DISCLAIMER = (
    "Not a medical device. An aid for discussion with the treating team: it counts what the record says against "
    "published criteria, and decides nothing."
)
CHECKED: dict[Verified, str] = {
    "primary": "checked against the source",
    "secondary": "seen in a secondary source, not in the paper",
    "none": "recalled, not checked against any source",
}
STATUS_WORDS = {"met": "MET", "not-met": "NOT MET", "undetermined": "UNDETERMINED"}
MARK = {"present": "+", "excluded": "-", "unknown": "?"}
# By what right a fact speaks (`Evidence.kind`); what somebody stated needs no further word.
RIGHT: dict[Kind, str] = {
    "laboratory": "by the laboratory's own range",
    "definition": "by definition",
    "stated": "",
    "published": "by a published cut-off",
    "default": "by a default of this software",
    "hint": "a hint, not counted",
}
SAYS = {Truth.TRUE: "shows it", Truth.FALSE: "excludes it", Truth.UNKNOWN: "decides nothing"}
# The short form of `CHECKED` beside a citation; what was checked against the source needs no word.
CHECKED_BRIEFLY: dict[Verified, str] = {"primary": "", "secondary": "second-hand", "none": "recalled"}
_SENTENCE: dict[Status, str] = {
    "met": "The record meets the criteria for {}.",
    "not-met": "The record does not meet the criteria for {}.",
    "undetermined": "The record does not yet settle the criteria for {}.",
}


def conclusion(assessed: Assessed) -> str:
    """The conclusion of an edition in words: `MET (definite)`."""
    verdict = assessed.verdict
    return STATUS_WORDS[verdict.status] + (f" ({verdict.level})" if verdict.level else "")


def citation(cite: Citation | None, references: dict[str, Reference]) -> str:
    """A citation as a person reads it, with how far it was checked."""
    if cite is None:
        return ""
    return f"{reference(references[cite.ref])}: {cite.where} [{CHECKED[cite.verified]}]"


def reference(source: Reference) -> str:
    """A source in one line."""
    parts = (source.authors, source.title, source.journal, str(source.year or ""), source.where)
    return ". ".join(part.removesuffix(".") for part in parts if part)


def unused(assessment: DiagnosisAssessment) -> str:
    """The sentence that stands before everything else when part of the input was not understood."""
    many = assessment.unused > 1
    places = f"{assessment.unused} places of the input were" if many else "One place of the input was"
    return f"{places} not, or not fully, understood: this may change the result. See the issues below."


def months(way: Delay) -> str:
    """The time to diagnosis in words, or "" where it is not known."""
    if way.low_months is None or way.high_months is None:
        return ""
    low, high = f"{way.low_months:.0f}", f"{way.high_months:.0f}"
    return f"{low} months" if low == high else f"{low} to {high} months"


def sentence(assessed: Assessed) -> str:
    """The conclusion of an edition as a sentence: `The record meets the criteria for POEMS syndrome.`"""
    return _SENTENCE[assessed.verdict.status].format(assessed.verdict.criteria.conclusion)


def dated(when: When | None) -> str:
    """When something was, as a person reads it: `2021-04`, `age 52 years 3 months`, `2021 to 2022`."""
    match when:
        case None:
            return ""
        case PartialDate():
            return str(when)
        case Age():
            parts = ((when.years, "year"), (when.months, "month"), (when.days_over, "day"))
            given = ((count, unit) for count, unit in parts if count or (count == 0 and unit == "year"))
            return "age " + " ".join(f"{count} {unit}" + ("" if count == 1 else "s") for count, unit in given)
        case Span():
            return " to ".join((dated(when.start) or "not known", dated(when.end) or "not known"))


def found_in(often: Frequency | PublishedDelay) -> str:
    """A published figure, or the range of one: `45 to 85 %`."""
    low, high = f"{often.low:g}", f"{often.high:g}"
    return f"{low} {often.unit}" if low == high else f"{low} to {high} {often.unit}"
