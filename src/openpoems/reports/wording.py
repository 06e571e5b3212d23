"""Words that every report shares: how sure a source is, how a status reads, what this software is not."""

from collections.abc import Iterator
from datetime import date

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.delay import Delay
from openpoems.criteria.explain import Assessed, ItemStatus, Status
from openpoems.errors import Severity
from openpoems.findings.evidence import Kind
from openpoems.knowledge.model import Citation, Frequency, Group, PublishedDelay, Reference, Verified
from openpoems.language import Phrases, gettext, gettext_noop, ngettext
from openpoems.logic import Truth
from openpoems.record.time import Age, PartialDate, Span, When

DISCLAIMER = gettext_noop(
    "Not a medical device. An aid for discussion with the treating team: it counts what the record says against "
    "published criteria, and decides nothing."
)
CHECKED: Phrases[Verified] = Phrases(
    primary=gettext_noop("checked against the source"),
    secondary=gettext_noop("seen in a secondary source, not in the paper"),
    none=gettext_noop("recalled, not checked against any source"),
)
STATUS_WORDS: Phrases[Status] = Phrases(
    {"met": gettext_noop("MET"), "not-met": gettext_noop("NOT MET"), "undetermined": gettext_noop("UNDETERMINED")}
)
# The same within a sentence.
STATUS_SAID: Phrases[Status] = Phrases(
    {"met": gettext_noop("met"), "not-met": gettext_noop("not met"), "undetermined": gettext_noop("undetermined")}
)
ITEM_SAID: Phrases[ItemStatus] = Phrases(
    present=gettext_noop("present"), excluded=gettext_noop("excluded"), unknown=gettext_noop("unknown")
)
MARK = {"present": "+", "excluded": "-", "unknown": "?"}
# By what right a fact speaks (`Evidence.kind`); what somebody stated needs no further word.
RIGHT: Phrases[Kind] = Phrases(
    laboratory=gettext_noop("by the laboratory's own range"),
    definition=gettext_noop("by definition"),
    stated="",
    published=gettext_noop("by a published cut-off"),
    default=gettext_noop("by a default of this software"),
    hint=gettext_noop("a hint, not counted"),
)
SAYS: Phrases[Truth] = Phrases(
    {
        Truth.TRUE: gettext_noop("shows it"),
        Truth.FALSE: gettext_noop("excludes it"),
        Truth.UNKNOWN: gettext_noop("decides nothing"),
    }
)
SEVERITY: Phrases[Severity] = Phrases(
    error=gettext_noop("error"), warning=gettext_noop("warning"), information=gettext_noop("information")
)
SEX: Phrases[str] = Phrases(female=gettext_noop("female"), male=gettext_noop("male"), other=gettext_noop("other"))
# Which way a fact about a look-alike points.
LIKE: Phrases[str] = Phrases({"poems": gettext_noop("For POEMS"), "look-alike": gettext_noop("For this look-alike")})
# The short form of `CHECKED` beside a citation; what was checked against the source needs no word.
CHECKED_BRIEFLY: Phrases[Verified] = Phrases(
    primary="", secondary=gettext_noop("second-hand"), none=gettext_noop("recalled")
)
_SENTENCE: Phrases[Status] = Phrases(
    {
        "met": gettext_noop("The record meets the criteria for {}."),
        "not-met": gettext_noop("The record does not meet the criteria for {}."),
        "undetermined": gettext_noop("The record does not yet settle the criteria for {}."),
    }
)


def disclaimer() -> str:
    """What this software is not."""
    return gettext(DISCLAIMER)


def title(patient: str, as_of: date) -> str:
    """The first line: of whom, of which day, by which version."""
    told = {"patient": patient, "day": as_of, "version": __version__}
    return gettext("%(patient)s   as of %(day)s   openpoems %(version)s") % told


def conclusion(assessed: Assessed) -> str:
    """The conclusion of an edition in words: `MET (definite)`."""
    verdict = assessed.verdict
    return STATUS_WORDS[verdict.status] + (f" ({gettext(verdict.level)})" if verdict.level else "")


def citation(cite: Citation | None, references: dict[str, Reference]) -> str:
    """A citation as a person reads it, with how far it was checked."""
    if cite is None:
        return ""
    return f"{reference(references[cite.ref])}: {cite.where} [{CHECKED[cite.verified]}]"


def need_words(group: Group) -> str:
    """How many of its items a group needs."""
    return gettext("needs %(need)d of %(items)d") % {"need": group.need, "items": len(group.items)}


def reference(source: Reference) -> str:
    """A source in one line."""
    parts = (source.authors, source.title, source.journal, str(source.year or ""), source.where)
    return ". ".join(part.removesuffix(".") for part in parts if part)


def unused(assessment: DiagnosisAssessment) -> str:
    """The sentence that stands before everything else when part of the input was not understood."""
    return ngettext(
        "One place of the input was not, or not fully, understood: this may change the result. See the issues below.",
        "%(n)d places of the input were not, or not fully, understood: this may change the result. "
        "See the issues below.",
        assessment.unused,
    ) % {"n": assessment.unused}


def months(way: Delay) -> str:
    """The time to diagnosis in words, or "" where it is not known."""
    if way.low_months is None or way.high_months is None:
        return ""
    return month_words(f"{way.low_months:.0f}", f"{way.high_months:.0f}")


def month_words(low: str, high: str) -> str:
    """So many months, or from so many to so many."""
    told = {"low": low, "high": high}
    return (gettext("%(low)s months") if low == high else gettext("%(low)s to %(high)s months")) % told


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
            return gettext("age %(age)s") % {"age": " ".join(_age(when))}
        case Span():
            return to_words(*(dated(end) or gettext("not known") for end in (when.start, when.end)))


def _age(when: Age) -> Iterator[str]:
    yield ngettext("%(n)d year", "%(n)d years", when.years) % {"n": when.years}
    if when.months:
        yield ngettext("%(n)d month", "%(n)d months", when.months) % {"n": when.months}
    if when.days_over:
        yield ngettext("%(n)d day", "%(n)d days", when.days_over) % {"n": when.days_over}


def to_words(first: str, last: str) -> str:
    """From one to another."""
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def found_in(often: Frequency | PublishedDelay) -> str:
    """A published figure, or the range of one: `45 to 85 %`."""
    low, high = f"{often.low:g}", f"{often.high:g}"
    return f"{low if low == high else to_words(low, high)} {often.unit}"
