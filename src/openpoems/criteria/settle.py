"""What would settle an edition: the smallest sets of unknown findings, and the tests that answer them, ranked.

A set settles an edition *to met* when finding all of it makes a level hold; *to not met* when excluding all of it
makes every level fail. Sets count the items of the edition's groups (organomegaly, not liver and spleen apart).
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import combinations, product
from typing import TypeAlias

from openpoems.criteria.evaluate import evaluate
from openpoems.knowledge.model import CriteriaSet, Finding, Group, Has, Level
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth

Sets: TypeAlias = tuple[tuple[str, ...], ...]
# Tests, each with the findings it answers.
Tests: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
# A clinician reads a handful; an edition about which nothing is known has hundreds.
MOST_SETS = 12


def sets_to_meet(levels: Iterable[Level], truths: Mapping[str, Truth], knowledge: Knowledge) -> tuple[Sets, int]:
    """The smallest sets of unknown findings which, all found as the rule wants them, make one of the levels hold.

    At most `MOST_SETS` of them, the best first, and how many more there are.
    """
    found = {s for level in levels for s in _meeting(level, truths)}
    return _ranked(_smallest(found), knowledge)


def sets_to_refute(criteria: CriteriaSet, truths: Mapping[str, Truth], knowledge: Knowledge) -> tuple[Sets, int]:
    """The smallest sets of unknown findings which, all found against the rule, leave no level that can hold.

    At most `MOST_SETS` of them, the best first, and how many more there are.
    """
    failing = [_failing(level, truths) for level in criteria.levels]
    joined = {frozenset().union(*choice) for choice in product(*failing)} if all(failing) else set()
    return _ranked(_smallest(joined), knowledge)


@lru_cache(maxsize=50_000)
def next_tests(
    sets: Sets, open_parts: tuple[tuple[str, ...], ...], sensible: frozenset[str], knowledge: Knowledge
) -> Tests:
    """The tests to order for the findings of some sets, each with the findings it answers: the easiest first.

    `open_parts` are the unknown parts of each finding in `items(sets)`: a test that answers none of them is done;
    `sensible` are the tests that make sense by now. Among equally burdensome ones, first what stands in most sets, then
    what is found most often in published series.
    """
    answers = {}
    for id in knowledge.tests:
        settles = knowledge.tests[id].settles
        answered = tuple(
            f for f, parts in zip(items(sets), open_parts, strict=True) if not set(parts).isdisjoint(settles)
        )
        if answered and id in sensible:
            answers[id] = answered

    def key(id: str) -> tuple[int, int, float, str]:
        needed = max(sum(f in each for each in sets) for f in answers[id])
        often = max(frequency(knowledge.findings[f]) for f in answers[id])
        return knowledge.tests[id].invasiveness, -needed, -often, id

    return tuple((id, answers[id]) for id in sorted(answers, key=key))


def items(sets: Sets) -> tuple[str, ...]:
    """The findings that stand in some sets, once."""
    return tuple(dict.fromkeys(finding for each in sets for finding in each))


def frequency(finding: Finding) -> float:
    """How often the finding is present, for ranking only: the middle of its published ranges, 0 where none is known."""
    middles = [(each.low + each.high) / 2 for each in finding.frequency]
    return sum(middles) / len(middles) if middles else 0.0


def _meeting(level: Level, truths: Mapping[str, Truth]) -> list[frozenset[str]]:
    ways = [_ways(group, truths, missing=True) for group in level.groups]
    return [frozenset().union(*choice) for choice in product(*ways)]


def _failing(level: Level, truths: Mapping[str, Truth]) -> list[frozenset[str]]:
    return [way for group in level.groups for way in _ways(group, truths, missing=False)]


def _ways(group: Group, truths: Mapping[str, Truth], *, missing: bool) -> list[frozenset[str]]:
    """The smallest sets of unknown items that complete a group, or that take its completion away."""
    states = [(item, evaluate(item, truths)) for item in group.items]
    unknown = [_name(item) for item, truth in states if truth is Truth.UNKNOWN]
    held = sum(truth is Truth.TRUE for _, truth in states)
    count = group.need - held if missing else held + len(unknown) - group.need + 1
    if count <= 0:
        return [frozenset()]
    return [frozenset(each) for each in combinations(unknown, count)]


def _name(item: object) -> str:
    return item.finding if isinstance(item, Has) else item.of.finding  # type: ignore[attr-defined]


def _smallest(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    kept: list[frozenset[str]] = []
    for each in sorted(sets, key=lambda s: (len(s), sorted(s))):
        if each and not any(other <= each for other in kept):
            kept.append(each)
    return kept


def _ranked(sets: list[frozenset[str]], knowledge: Knowledge) -> tuple[Sets, int]:
    """The best sets in order, and how many more there are."""

    def key(each: frozenset[str]) -> tuple[int, int, float, list[str]]:
        burden = sum(_burden(finding, knowledge) for finding in each)
        often = sum(frequency(knowledge.findings[finding]) for finding in each)
        return len(each), burden, -often, sorted(each)

    def inside(finding: str) -> tuple[float, str]:
        return -frequency(knowledge.findings[finding]), finding

    best = sorted(sets, key=key)[:MOST_SETS]
    return tuple(tuple(sorted(each, key=inside)) for each in best), len(sets) - len(best)


@cache
def leaves(finding: str, knowledge: Knowledge) -> tuple[str, ...]:
    """What a finding is composed of in the end: itself, when of nothing else."""
    composed = knowledge.findings[finding].any_of
    return tuple(dict.fromkeys(leaf for part in composed for leaf in leaves(part, knowledge))) or (finding,)


@cache
def _burden(finding: str, knowledge: Knowledge) -> int:
    """How burdensome the easiest test is that can show the finding, by any part of it."""
    parts = set(leaves(finding, knowledge))
    fitting = (test for test in knowledge.tests.values() if not parts.isdisjoint(test.settles))
    return min((test.invasiveness for test in fitting), default=0)
