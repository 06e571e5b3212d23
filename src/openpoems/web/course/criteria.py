"""The criteria panel: every edition with what it counts, each finding's evidence once, what to test, look-alikes.

Nothing is judged here: every line is taken from the assessment's document.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import worded
from openpoems.web.course.sources import Cited, Sources
from openpoems.web.course.words import Words

Json = Mapping[str, Any]
STATUS = {"met": _("met"), "not-met": _("not met"), "undetermined": _("undetermined")}
STATUS_TAG = {"met": "good", "not-met": "", "undetermined": "warn"}
FOUND = {"present": _("found"), "excluded": _("excluded"), "unknown": _("unknown")}
FOUND_TAG = {"present": "good", "excluded": "", "unknown": "warn"}
SAYS = {"present": _("shows it"), "excluded": _("excludes it"), "hint": _("decides nothing")}
_RIGHT = {
    "laboratory": _("by the laboratory's own range"), "definition": _("by definition"), "stated": _("as stated"),
    "published": _("by a published cut-off"), "default": _("by a default of this software"),
    "hint": _("a hint, not counted"),
}  # fmt: skip
_BURDEN = {1: _("an examination"), 2: _("blood or urine"), 3: _("a recording or imaging"), 4: _("a biopsy")}
_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """One fact that speaks for or against a finding, by what right, and its row in the registry."""

    says: Any
    what: str
    value: str
    when: str
    said: str
    right: Any
    rule: str
    cited: Cited | None
    path: str
    note: str

    def __repr__(self) -> str:
        return "<Evidence>"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One finding with its evidence; `more` counts what is not shown."""

    id: str
    name: str
    status: Any
    tag: str
    evidence: tuple[Evidence, ...]
    more: int
    conflict: str
    remarks: tuple[tuple[str, Cited | None], ...]

    def __repr__(self) -> str:
        return "<Finding>"


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Some findings of which an edition needs `need`."""

    name: str
    need: int
    status: Any
    tag: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return "<Group>"


@dataclass(frozen=True, slots=True, repr=False)
class Edition:
    """One edition and what it concludes."""

    id: str
    name: str
    conclusion: str
    status: Any
    tag: str
    level: str
    reason: str
    current: bool
    cited: Cited | None
    groups: tuple[Group, ...]
    supportive: tuple[Finding, ...]
    caveats: tuple[tuple[str, Cited | None], ...]
    settled_by: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Edition>"


@dataclass(frozen=True, slots=True, repr=False)
class Test:
    """A test that would settle the edition: what it could show, how often that was found, how much it asks for."""

    name: str
    burden: Any
    cited: Cited | None
    shows: tuple[tuple[str, tuple[tuple[str, Cited | None], ...]], ...]

    def __repr__(self) -> str:
        return "<Test>"


@dataclass(frozen=True, slots=True, repr=False)
class Clue:
    """What points to another disease, or away from it."""

    finding: Finding
    points_to: str
    says: str
    cited: Cited | None

    def __repr__(self) -> str:
        return "<Clue>"


@dataclass(frozen=True, slots=True, repr=False)
class Criteria:
    """The panel: the edition that leads, the others in use and no longer, each finding once, tests, look-alikes."""

    head: Edition
    current: tuple[Edition, ...]
    earlier: tuple[Edition, ...]
    findings: tuple[Finding, ...]
    tests: tuple[Test, ...]
    look_alikes: tuple[tuple[str, tuple[Finding, ...], tuple[Clue, ...]], ...]

    def __repr__(self) -> str:
        return "<Criteria>"


def criteria(document: Json, words: Mapping[str, Words], sources: Sources) -> Criteria:
    """The panel of an assessment's document; `words` are those of each fact, by its path."""
    reader = _Reader(sources, words, {})
    head, *others = [reader.edition(each) for each in (*document["diagnosis"], *document["variants"])]
    look_alikes = tuple(_look_alike(each, reader) for each in document["look_alikes"])
    return Criteria(
        head=head,
        current=tuple(each for each in others if each.current),
        earlier=tuple(each for each in others if not each.current),
        findings=tuple(reader.findings.values()),
        tests=tuple(_test(each, sources) for each in document["diagnosis"][0]["next_tests"]),
        look_alikes=tuple(each for each in look_alikes if each[1] or each[2]),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads editions; each finding is read once however many editions count it."""

    sources: Sources
    words: Mapping[str, Words]
    findings: dict[str, Finding]

    def edition(self, each: Json) -> Edition:
        return Edition(
            id=each["criteria"],
            name=each["name"],
            conclusion=gettext(each["conclusion"]),
            status=STATUS[each["status"]],
            tag=STATUS_TAG[each["status"]],
            level=gettext(each["level"]) if each["level"] else "",
            reason=each["reason"] or "",
            current=each["current"],
            cited=self.sources.cite(each["source"]),
            groups=tuple(self._group(group) for group in each["groups"]),
            supportive=tuple(self.finding(item) for item in each["supportive"]),
            caveats=tuple((it["says"], self.sources.cite(it["source"])) for it in each["caveats"]),
            settled_by=tuple(self._named(several) for several in each["settled_by"]),
        )

    def _group(self, each: Json) -> Group:
        status = each["status"]
        found = tuple(self.finding(item) for item in each["items"])
        return Group(gettext(each["name"]), each["need"], STATUS[status], STATUS_TAG[status], found)

    def _named(self, several: list[str]) -> str:
        return ", ".join(_name(id) for id in several)

    def finding(self, item: Json) -> Finding:
        id = item["finding"]
        if id not in self.findings:
            told = item["evidence"]
            self.findings[id] = Finding(
                id=id,
                name=gettext(item["name"]),
                status=FOUND[item["status"]],
                tag=FOUND_TAG[item["status"]],
                evidence=tuple(self._evidence(each) for each in told[:_MOST_EVIDENCE]),
                more=max(0, len(told) - _MOST_EVIDENCE),
                conflict=item.get("conflict", ""),
                remarks=tuple((it["says"], self.sources.cite(it["source"])) for it in item.get("remarks", ())),
            )
        return self.findings[id]

    def _evidence(self, each: Json) -> Evidence:
        rule, fact = each["rule"] or {}, self.words.get(each["path"] or "")
        return Evidence(
            says=SAYS[each["says"]],
            what=fact.title if fact else each["what"],
            value=fact.says if fact else each["value"],
            when=fact.when if fact else each["when"] or "",
            said=fact.said if fact else each["source"],
            right=_RIGHT[each["kind"]],
            rule=rule.get("says", ""),
            cited=self.sources.cite(rule.get("source")),
            path=each["path"] or "",
            note=each["note"] or "",
        )


def _test(each: Json, sources: Sources) -> Test:
    shows = tuple((gettext(answer["name"]), tuple(_often(answer["found_in"], sources))) for answer in each["for"])
    return Test(gettext(each["name"]), _BURDEN[each["invasiveness"]], sources.cite(each["source"]), shows)


def _often(found_in: list[Json], sources: Sources) -> Iterator[tuple[str, Cited | None]]:
    for often in found_in:
        low, high = f"{often['low']:g}", f"{often['high']:g}"
        figure = f"{low} {often['unit']}" if low == high else f"{low} – {high} {often['unit']}"
        yield ", ".join(filter(None, (figure, often["population"]))), sources.cite(often["source"])


def _look_alike(each: Json, reader: _Reader) -> tuple[str, tuple[Finding, ...], tuple[Clue, ...]]:
    stated = tuple(reader.finding(item) for item in each["stated"])
    clues = tuple(_clue(clue, reader) for clue in each["clues"] if clue["status"] != "unknown")
    return gettext(each["name"]), stated, clues


def _clue(each: Json, reader: _Reader) -> Clue:
    # A clue may speak of a finding that no edition counts.
    finding = reader.finding({**each, "name": _name(each["finding"])})
    return Clue(finding, each["points_to"], each["says"], reader.sources.cite(each["source"]))


def _name(finding: str) -> str:
    known = worded(knowledge()).findings.get(finding)
    return known.name if known else finding.replace("-", " ")
