"""An assessment as one HTML file: for reading on a screen, by ear, and on one sheet of paper.

The file holds everything it needs, asks the network for nothing and runs no script. Every word of the record goes
through the escaping of the templates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.criteria.explain import ITEM_STATUS, STATUS, Assessed, ItemStatus, Status
from openpoems.dynamics.learned import LearnedModel
from openpoems.findings.derive import FindingState
from openpoems.forecast.relapse import forecasts
from openpoems.knowledge.model import Citation, Finding, Not, Reference, Verified, finding_of
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, ngettext, spoken, told_once
from openpoems.logic import Truth
from openpoems.reports import wording
from openpoems.reports.course_chart import Chart
from openpoems.reports.course_html import course_page
from openpoems.reports.document import rule_words
from openpoems.reports.prognosis_document import prognoses
from openpoems.reports.prognosis_words import count_words, no_survival, predictor_words
from openpoems.reports.relapse_html import relapse_page
from openpoems.response.respond import respond

# How many pieces of evidence, and how many sets of findings, stand open; the rest is one click away.
MOST_EVIDENCE = 2
MOST_SETS = 4
_LONGEST_NAME = 40


def html(
    assessment: DiagnosisAssessment,
    knowledge: Knowledge,
    model: LearnedModel | None = None,
    *,
    unverified: bool = True,
) -> str:
    """The report of one assessment: a whole HTML document, ending in a line feed.

    The risk of relapse is told by the model that ships, unless another one is given; `unverified` is as in `respond`.
    """
    head = assessment.headline if assessment.editions else None
    template = _templates().get_template("report.html")
    course = respond(assessment.record, knowledge, assessment.as_of, today=assessment.today, unverified=unverified)
    made = forecasts(course, assessment.record, model)
    page = template.render(
        assessment=assessment,
        record=assessment.record,
        knowledge=knowledge,
        head=head,
        results=list(_results(assessment, head)),
        variants=[each for each in assessment.variants if _concerns(each)],
        serious=[issue for issue in assessment.issues if issue.severity != "information"],
        minor=[issue for issue in assessment.issues if issue.severity == "information"],
        sources=Sources(knowledge.references),
        course=course_page(course, made),
        relapse=relapse_page(course, made),
        prognoses=prognoses(assessment, knowledge),
        rows=lambda group, assessed: [_row(item, assessed, knowledge) for item in group.items],
        language=spoken(),
    )
    # Half a surrogate pair, which JSON can carry and UTF-8 cannot, becomes a question mark.
    return page.encode("utf-8", "replace").decode("utf-8") + "\n"


def file_name(assessment: DiagnosisAssessment, number: int) -> str:
    """A name for the report's file: from the pseudonym, one folder deep, and told apart by `number` unless it is 0."""
    words = re.sub(r"[^\w-]+", "_", assessment.record.patient).strip("_-")[:_LONGEST_NAME]
    return "-".join(["poems", words or "record", *([str(number)] if number else [])]) + ".html"


def picture(chart: Chart, title: str, style: str = "") -> str:
    """One picture as SVG: for a page that has a style of its own, or with a `style` as a file that stands alone.

    `title` is the id of its title on that page.
    """
    return _templates().get_template("chart.svg").render(chart=chart, title=title, style=style)


@dataclass(slots=True)
class Source:
    """One source of the page: its number, and the places in it that were cited, each with how far it was checked."""

    number: int
    reference: Reference
    places: dict[str, Verified] = field(default_factory=dict)


class Sources:
    """The sources of one page, numbered in the order in which the page first cites them."""

    def __init__(self, references: dict[str, Reference]) -> None:
        self.references = references
        self.cited: dict[str, Source] = {}

    def number(self, cite: Citation) -> int:
        """The number of the source, which is from now on among those cited."""
        source = self.cited.setdefault(cite.ref, Source(len(self.cited) + 1, self.references[cite.ref]))
        source.places.setdefault(cite.where, cite.verified)
        return source.number

    def __iter__(self) -> Iterator[Source]:
        return iter(self.cited.values())


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One item of a group: the finding, what is known of it, and whether the group wants it absent."""

    finding: Finding
    state: FindingState
    wanted_absent: bool

    @property
    def status(self) -> ItemStatus:
        """Present, excluded or unknown."""
        return ITEM_STATUS[self.state.truth]

    @property
    def has_more(self) -> bool:
        """Whether the evidence says more than fits on its lines."""
        evidence = self.state.evidence
        return len(evidence) > MOST_EVIDENCE or any(e.rule or e.note or e.fact.note for e in evidence)

    def __repr__(self) -> str:
        return "<Row>"


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The editions, other than the headline, that come to one conclusion.

    `reasons` are those of editions that contradict the headline, each with the editions that share it.
    """

    status: Status
    level: str | None
    editions: tuple[Assessed, ...]
    reasons: dict[str, list[Assessed]]

    def __repr__(self) -> str:
        return "<Result>"


def _row(item: object, assessed: Assessed, knowledge: Knowledge) -> Row:
    id = finding_of(item)  # type: ignore[arg-type]
    return Row(knowledge.findings[id], assessed.item(id), isinstance(item, Not))


def _results(assessment: DiagnosisAssessment, head: Assessed | None) -> Iterator[Result]:
    def conclusion(each: Assessed) -> tuple[int, str]:
        return list(wording.STATUS_WORDS).index(each.verdict.status), each.verdict.level or ""

    others = sorted((each for each in assessment.editions if each is not head), key=conclusion)
    for _, members in groupby(others, key=conclusion):
        editions = tuple(members)
        reasons: dict[str, list[Assessed]] = {}
        for each in editions:
            if head and each.verdict.status != head.verdict.status:
                reasons.setdefault(each.verdict.reason, []).append(each)
        yield Result(editions[0].verdict.status, editions[0].verdict.level, editions, reasons)


def _concerns(variant: Assessed) -> bool:
    """Whether a variant is worth a word: it is not ruled out, and its first group, the disease it varies, is there."""
    _, first = variant.verdict.shown.groups[0]
    return variant.verdict.status != "not-met" and first is Truth.TRUE


def _said(message: str, **told: object) -> str:
    """A sentence in the language of its reader."""
    return gettext(message) % told if told else gettext(message)


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


@told_once(maxsize=None)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("openpoems.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # A sentence that holds elements is a block, one that holds values is put into words by `_`; one that holds neither
    # passes the filter `say`, which jinja applies once, when it reads the template: there is an environment a language.
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["say"] = gettext
    environment.globals["_"] = _said
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(
        dated=wording.dated, factor_count=count_words, first_upper=_first_upper, found_in=wording.found_in,
        months=wording.months, need=wording.need_words, predictor=predictor_words, rule=rule_words,
        sentence=wording.sentence, unused=wording.unused,
    )  # fmt: skip
    environment.globals.update(
        version=__version__, disclaimer=wording.disclaimer, RIGHT=wording.RIGHT, SAYS=wording.SAYS,
        SEX=wording.SEX, SEVERITY=wording.SEVERITY, ITEM_SAID=wording.ITEM_SAID, LIKE=wording.LIKE,
        STATUS=STATUS, STATUS_WORDS=wording.STATUS_WORDS, CHECKED=wording.CHECKED,
        CHECKED_BRIEFLY=wording.CHECKED_BRIEFLY, no_survival=no_survival,
        MOST_EVIDENCE=MOST_EVIDENCE, MOST_SETS=MOST_SETS,
    )  # fmt: skip
    return environment
