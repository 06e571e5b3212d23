"""Explain an edition for one person: per group and item what is known, the conclusion, and what would settle it.

What an edition concludes depends only on which of its findings hold, are excluded or unknown; so the explanation is
worked out once for each such pattern (`verdict`), and the evidence is put beside it afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openpoems.criteria.evaluate import evaluate
from openpoems.criteria.settle import Sets, Tests, items, leaves, next_tests, sets_to_meet, sets_to_refute
from openpoems.findings.derive import Findings, FindingState
from openpoems.knowledge.model import Caveat, CriteriaSet, DiagnosticTest, Group, Level, Not, finding_of
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, told_once
from openpoems.logic import Truth

Status = Literal["met", "not-met", "undetermined"]
ItemStatus = Literal["present", "excluded", "unknown"]
STATUS: dict[Truth, Status] = {Truth.TRUE: "met", Truth.FALSE: "not-met", Truth.UNKNOWN: "undetermined"}
ITEM_STATUS: dict[Truth, ItemStatus] = {Truth.TRUE: "present", Truth.FALSE: "excluded", Truth.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class LevelVerdict:
    """One level of an edition and its groups, in order."""

    level: Level
    truth: Truth
    groups: tuple[tuple[Group, Truth], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an edition concludes from one pattern of findings.

    `pattern` holds the truths of the edition's findings, in their order. `shown` is the level that the conclusion
    rests on: the best one that holds, else the best that still can, else the least demanding. `settled_by` are the
    smallest sets that would make it hold (or a better level, when one already does), `refuted_by` those that would
    rule it out; `settled_more` and `refuted_more` how many are left out of a long list.
    """

    criteria: CriteriaSet
    pattern: tuple[Truth, ...]
    status: Status
    level: str | None
    shown: LevelVerdict
    levels: tuple[LevelVerdict, ...]
    settled_by: Sets
    settled_more: int
    refuted_by: Sets
    refuted_more: int
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Assessed:
    """A verdict with this person's findings, from which its items take their evidence."""

    verdict: Verdict
    findings: Findings
    next_tests: Tests

    def __repr__(self) -> str:
        return "<Assessed>"

    def item(self, finding: str) -> FindingState:
        """What is known of one item."""
        return self.findings[finding]

    @property
    def caveats(self) -> tuple[tuple[Caveat, str], ...]:
        """What stands beside the counts for this person, each with its sentence."""
        if self.verdict.status != "met":
            return ()
        said = ((caveat, _sentence(caveat, self.findings)) for caveat in self.verdict.criteria.caveats)
        return tuple((caveat, words) for caveat, words in said if words)


def _sentence(caveat: Caveat, findings: Findings) -> str:
    truth = findings.truth(caveat.finding)
    return "" if truth is Truth.FALSE else caveat.present if truth is Truth.TRUE else caveat.unknown


def explain(editions: Iterable[CriteriaSet], findings: Findings, knowledge: Knowledge) -> tuple[Assessed, ...]:
    """Explain editions for one person, in their order."""
    # Editions that adopt another's rule share its levels, and so what is to be tested.
    shared: dict[int, tuple[tuple[Truth, ...], Tests]] = {}
    sensible = _sensible(findings, knowledge)
    explained = []
    for criteria in editions:
        rule = id(criteria.levels)
        if rule not in shared:
            pattern = _pattern(criteria, findings)
            concluded = verdict(criteria.key, pattern, knowledge)
            shared[rule] = pattern, _tests(concluded, findings, sensible, knowledge)
        pattern, tests = shared[rule]
        explained.append(Assessed(verdict(criteria.key, pattern, knowledge), findings, tests))
    return tuple(explained)


def _pattern(criteria: CriteriaSet, findings: Findings) -> tuple[Truth, ...]:
    states, unknown = findings.states, Truth.UNKNOWN
    return tuple([states[f].truth if f in states else unknown for f in criteria.findings])


def _sensible(findings: Findings, knowledge: Knowledge) -> frozenset[str]:
    """The tests that make sense by now: a lesion to biopsy is known, the easier test was negative."""

    def is_sensible(test: DiagnosticTest) -> bool:
        found = any(findings.truth(f) is Truth.TRUE for f in test.after_present) or not test.after_present
        return found and all(findings.truth(f) is Truth.FALSE for f in test.after_excluded)

    return frozenset(id for id, test in knowledge.tests.items() if is_sensible(test))


def _tests(concluded: Verdict, findings: Findings, sensible: frozenset[str], knowledge: Knowledge) -> Tests:
    open_parts = tuple(_open_parts(finding, findings, knowledge) for finding in items(concluded.settled_by))
    return next_tests(concluded.settled_by, open_parts, sensible, knowledge)


def _open_parts(finding: str, findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    states, unknown = findings.states, Truth.UNKNOWN
    parts = leaves(finding, knowledge)
    return tuple([part for part in parts if part not in states or states[part].truth is unknown])


@told_once(maxsize=50_000)
def verdict(key: str, pattern: tuple[Truth, ...], knowledge: Knowledge) -> Verdict:
    """What the edition `key` concludes when its findings, in order, have these truths."""
    criteria = knowledge.edition(key)
    truths = dict(zip(criteria.findings, pattern, strict=True))
    levels = tuple(_level(level, truths) for level in criteria.levels)
    overall = evaluate(criteria.rule, truths)
    shown = _shown(levels)
    open_levels = _open_levels(levels, overall)
    settled, settled_more = sets_to_meet([each.level for each in open_levels], truths, knowledge)
    refuted, refuted_more = sets_to_refute(criteria, truths, knowledge) if overall is Truth.UNKNOWN else ((), 0)
    return Verdict(
        criteria=criteria,
        pattern=pattern,
        status=STATUS[overall],
        level=shown.level.name if overall is Truth.TRUE else None,
        shown=shown,
        levels=levels,
        settled_by=settled,
        settled_more=settled_more,
        refuted_by=refuted,
        refuted_more=refuted_more,
        reason=_reason(overall, shown, truths, knowledge),
    )


def _level(level: Level, truths: dict[str, Truth]) -> LevelVerdict:
    groups = tuple((group, evaluate(group.rule, truths)) for group in level.groups)
    return LevelVerdict(level, evaluate(level.rule, truths), groups)


def _shown(levels: tuple[LevelVerdict, ...]) -> LevelVerdict:
    for wanted in (Truth.TRUE, Truth.UNKNOWN):
        for each in levels:
            if each.truth is wanted:
                return each
    return levels[-1]


def _open_levels(levels: tuple[LevelVerdict, ...], overall: Truth) -> list[LevelVerdict]:
    """The levels worth testing for: any that can still hold, or the best one above a level that holds already."""
    undecided = [each for each in levels if each.truth is Truth.UNKNOWN]
    if overall is not Truth.TRUE:
        return undecided
    met = next(n for n, each in enumerate(levels) if each.truth is Truth.TRUE)
    return [each for each in levels[:met] if each.truth is Truth.UNKNOWN][:1]


def _reason(overall: Truth, shown: LevelVerdict, truths: dict[str, Truth], knowledge: Knowledge) -> str:
    """Why, in one sentence: the groups that decide."""
    if overall is Truth.TRUE:
        return "; ".join(_held(group, truths, knowledge) for group, _ in shown.groups)
    deciding = [group for group, truth in shown.groups if truth is overall]
    return "; ".join(_lacking(group, truths, knowledge) for group in deciding)


def _held(group: Group, truths: dict[str, Truth], knowledge: Knowledge) -> str:
    held = [_named(item, knowledge) for item in group.items if evaluate(item, truths) is Truth.TRUE]
    told = {"group": group.name, "held": len(held), "need": group.need, "names": ", ".join(held)}
    return gettext("%(group)s %(held)d (needs %(need)d): %(names)s") % told


def _lacking(group: Group, truths: dict[str, Truth], knowledge: Knowledge) -> str:
    states = [(item, evaluate(item, truths)) for item in group.items]
    held = sum(truth is Truth.TRUE for _, truth in states)
    unknown = [_named(item, knowledge) for item, truth in states if truth is Truth.UNKNOWN]
    against = [_named(item, knowledge) for item, truth in states if truth is Truth.FALSE]
    told = {"group": group.name, "held": held, "need": group.need}
    parts = [gettext("%(group)s %(held)d of %(need)d needed") % told]
    parts += [gettext("unknown: %(names)s") % {"names": ", ".join(unknown)}] if unknown else []
    parts += [gettext("excluded: %(names)s") % {"names": ", ".join(against)}] if against else []
    return ", ".join(parts)


def _named(item: object, knowledge: Knowledge) -> str:
    name = knowledge.findings[finding_of(item)].name  # type: ignore[arg-type]
    return gettext("no %(finding)s") % {"finding": in_sentence(name)} if isinstance(item, Not) else name


def in_sentence(name: str) -> str:
    """A name as it stands within a sentence: `Elevated VEGF` becomes `elevated VEGF`, `M-protein` stays."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name
