"""An edition of the criteria as text: what it counts, how each item is told, its footnotes and its sources."""

import textwrap
from collections.abc import Iterator

from openpoems.knowledge.model import Citation, CriteriaSet, Cutoff, Finding, Group, Not, finding_of
from openpoems.knowledge.store import Knowledge
from openpoems.reports.document import rule_words
from openpoems.reports.wording import CHECKED, reference

WIDTH = 100
STATUS = {"current": "in use", "superseded": "replaced"}
STANDING = {
    "laboratory": "",
    "definition": "by definition",
    "published": "a published cut-off, where the laboratory gives no limit",
    "default": "a default of this software, where the laboratory gives no limit",
}

WHOLE_ANSWER = "positive shows it, negative excludes it"


def shown(criteria: CriteriaSet, knowledge: Knowledge) -> str:
    """An edition with everything it rests on, lines of at most `WIDTH` characters, ending in a line feed."""
    parts = (
        _title(criteria),
        _rule(criteria),
        *_Definitions(knowledge).levels(criteria),
        _notes(criteria),
        _caveats(criteria, knowledge),
        _supportive(criteria, knowledge),
        _sources(criteria, knowledge),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def listed(knowledge: Knowledge) -> str:
    """Every edition in a line: key, status, how far its source was checked, name, the rule it adopts."""
    editions = knowledge.criteria.values()
    width = max(len(criteria.key) for criteria in editions)
    lines = [
        f"{criteria.key:{width}} {STATUS[criteria.status]:8} {criteria.cite.verified:9} {criteria.name}"
        + (f", adopts {criteria.adopts}" if criteria.adopts else "")
        for criteria in editions
    ]
    legend = (f"{word}: {CHECKED[word]}" for word in dict.fromkeys(each.cite.verified for each in editions))
    return "\n".join([*lines, "", *legend]) + "\n"


def cited(cite: Citation) -> str:
    """A citation in brief, `(li-2013: abstract; checked against the source)`; in full it stands at the end."""
    return f"({cite.ref}: {cite.where}; {CHECKED[cite.verified]})"


def group_words(group: Group) -> str:
    """How much of a group is needed: `major: both`, `minor: at least 1 of 6`."""
    if group.need == len(group.items):
        needed = {1: "the one item", 2: "both"}.get(group.need, f"all {group.need}")
        return f"{group.name}: {needed}"
    return f"{group.name}: at least {group.need} of {len(group.items)}"


def item_words(item: object, knowledge: Knowledge) -> str:
    """An item as it counts: the name of its finding, or "not" and the name."""
    name = knowledge.findings[finding_of(item)].name  # type: ignore[arg-type]
    return f"NOT {name}" if isinstance(item, Not) else name


def wrapped(words: str, indent: int = 0) -> Iterator[str]:
    """Words over as many lines as they need, the second and later ones set in by two more."""
    yield from textwrap.wrap(
        words, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=False
    )


def _title(criteria: CriteriaSet) -> Iterator[str]:
    yield f"{criteria.key}  {criteria.name}  ({STATUS[criteria.status]})"
    yield from wrapped(f"Concludes: {criteria.conclusion}", 2)
    if criteria.adopts:
        yield from wrapped(f"Adopts the rule of {criteria.adopts}, and with it its examples", 2)
    yield from wrapped(f"Source: {cited(criteria.cite)}", 2)


def _rule(criteria: CriteriaSet) -> Iterator[str]:
    yield "Rule"
    for level in criteria.levels:
        name = f"{level.name}: " if level.name else ""
        yield from wrapped(name + " AND ".join(f"[{group_words(group)}]" for group in level.groups), 2)
    if len(criteria.levels) > 1:
        yield from wrapped("The first level that holds is the one that counts.", 2)


class _Definitions:
    """The items of an edition, each defined where it first stands."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.told: set[str] = set()

    def levels(self, criteria: CriteriaSet) -> Iterator[list[str]]:
        for level in criteria.levels:
            for group in level.groups:
                heading = f"{level.name}, {group_words(group)}" if level.name else group_words(group)
                yield [heading, *self._items(group)]

    def _items(self, group: Group) -> Iterator[str]:
        for item in group.items:
            again = " (as above)" if finding_of(item) in self.told else ""
            yield from wrapped(f"- {item_words(item, self.knowledge)}{again}", 2)
            yield from self._definition(finding_of(item), 6)

    def _definition(self, id: str, indent: int) -> Iterator[str]:
        if id in self.told:
            return
        self.told.add(id)
        finding = self.knowledge.findings[id]
        note = finding.note or ("Its parts" if finding.cite and finding.any_of else "")
        if note or finding.cite:
            yield from wrapped(_with_source(note, finding.cite), indent)
        yield from self._parts(finding, indent)
        yield from self._results(finding, indent)

    def _parts(self, finding: Finding, indent: int) -> Iterator[str]:
        for said, ids in (("Any of", finding.any_of), ("Implied by", finding.implied_by)):
            if ids:
                yield from wrapped(f"{said}: {'; '.join(self._name(id) for id in ids)}", indent)
        for id in (*finding.any_of, *finding.implied_by):
            lines = list(self._definition(id, indent + 4))
            if lines:
                yield from wrapped(f"- {self._name(id)}", indent + 2)
                yield from lines

    def _results(self, finding: Finding, indent: int) -> Iterator[str]:
        for answered in finding.answered:
            test = self.knowledge.measures[answered.measure].name
            says = f"an answer with {answered.containing!r} shows it" if answered.containing else WHOLE_ANSWER
            yield from wrapped(f"{test}: {says}", indent)
        for cutoff in finding.measured:
            yield from wrapped(self._cutoff(cutoff), indent)

    def _cutoff(self, cutoff: Cutoff) -> str:
        words = f"{self.knowledge.measures[cutoff.measure].name} {rule_words(cutoff)}"
        if standing := STANDING[cutoff.standing]:
            words += f", {standing}"
        if cutoff.only_when_met:
            words += "; a result that does not reach it says nothing"
        return _with_source(f"{words}. {cutoff.note}".strip(), cutoff.cite)

    def _name(self, id: str) -> str:
        return self.knowledge.findings[id].name


def _with_source(words: str, cite: Citation | None) -> str:
    return f"{words} {cited(cite)}".strip() if cite else words


def _notes(criteria: CriteriaSet) -> Iterator[str]:
    if criteria.notes:
        yield "Footnotes"
    for note in criteria.notes:
        yield from wrapped(f"- {note.says} {cited(note.cite)}", 2)


def _caveats(criteria: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    if criteria.caveats:
        yield "Conditions outside the counts"
    for caveat in criteria.caveats:
        name = knowledge.findings[caveat.finding].name
        yield from wrapped(f"- {name}: {caveat.present} {cited(caveat.cite)}", 2)


def _supportive(criteria: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    if criteria.supportive:
        yield "Supportive signs, shown and not counted"
        yield from wrapped("; ".join(knowledge.findings[id].name for id in criteria.supportive), 2)


def _sources(criteria: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    yield "Sources"
    for ref in dict.fromkeys(_refs(criteria, knowledge)):
        source = knowledge.references[ref]
        ids = (("doi:", source.doi), ("PMID ", source.pmid), ("", source.pmcid), ("", source.url))
        where = ", ".join(prefix + value for prefix, value in ids if value)
        yield from wrapped(". ".join(filter(None, (f"{ref}: {reference(source)}", where))), 2)


def _refs(criteria: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    yield criteria.cite.ref
    yield from (note.cite.ref for note in criteria.notes)
    yield from (caveat.cite.ref for caveat in criteria.caveats)
    waiting, seen = list(criteria.findings), set[str]()
    while waiting:
        id = waiting.pop(0)
        if id in seen:
            continue
        seen.add(id)
        finding = knowledge.findings[id]
        cites = [finding.cite, *(each.cite for each in finding.measured)]
        yield from (cite.ref for cite in cites if cite)
        waiting += [*finding.any_of, *finding.implied_by]
