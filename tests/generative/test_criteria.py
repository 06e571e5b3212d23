"""Laws of the reference evaluator and of what settles an edition, on random criteria and patterns of findings."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.evaluate import evaluate
from openpoems.criteria.explain import verdict
from openpoems.criteria.settle import MOST_SETS
from openpoems.knowledge.model import AtLeast, Criterion, Has, Not
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth

FINDINGS = ("a", "b", "c", "d")
EDITIONS = tuple(knowledge().criteria)

truths = st.sampled_from(Truth)
patients = st.fixed_dictionaries(dict.fromkeys(FINDINGS, truths))
criteria = st.recursive(
    st.sampled_from(FINDINGS).map(Has),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=1, max_size=4).flatmap(
            lambda of: st.integers(0, len(of) + 1).map(lambda n: AtLeast(n, tuple(of)))
        ),
    ),
    max_leaves=8,
)


@st.composite
def patterns(draw):
    """An edition and what is known of each of its findings, with many unknown, as in life."""
    key = draw(st.sampled_from(EDITIONS))
    known = st.sampled_from((Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.UNKNOWN))
    return key, tuple(draw(known) for _ in knowledge().edition(key).findings)


@given(criteria, patients, st.sampled_from(FINDINGS), st.sampled_from((Truth.TRUE, Truth.FALSE)))
def test_learning_a_fact_never_overturns_a_decided_answer(criterion, patient, finding, learned):
    before = evaluate(criterion, patient)
    if before is Truth.UNKNOWN or patient[finding] is not Truth.UNKNOWN:
        return
    assert evaluate(criterion, patient | {finding: learned}) is before


@given(criteria, patients)
def test_an_unknown_answer_is_never_narrower_than_its_completions(criterion, patient):
    """Whatever every completion agrees on may be found unknown (Kleene), but nothing decided may disagree with one."""
    answer = evaluate(criterion, patient)
    unknown = [f for f in FINDINGS if patient[f] is Truth.UNKNOWN]
    for bits in range(2 ** len(unknown)):
        learned = {f: Truth.of(bool(bits >> n & 1)) for n, f in enumerate(unknown)}
        complete = evaluate(criterion, patient | learned)
        assert complete is not Truth.UNKNOWN
        assert answer in {Truth.UNKNOWN, complete}


@given(criteria, patients)
def test_a_finding_left_out_is_unknown(criterion, patient):
    known = {f: t for f, t in patient.items() if t is not Truth.UNKNOWN}
    assert evaluate(criterion, known) is evaluate(criterion, patient)


def test_the_strategy_reaches_every_form():
    seen = set()

    def walk(criterion: Criterion) -> None:
        seen.add(type(criterion))
        match criterion:
            case Not(of):
                walk(of)
            case AtLeast(_, of):
                for each in of:
                    walk(each)

    @settings(max_examples=100, database=None, derandomize=True)
    @given(criteria)
    def collect(criterion):
        walk(criterion)

    collect()
    assert seen == {Has, Not, AtLeast}


@given(patterns(), st.randoms(use_true_random=False))
def test_an_edition_decided_stays_decided_whatever_is_learned(case, random):
    key, pattern = case
    before = verdict(key, pattern, knowledge())
    learned = tuple(t if t is not Truth.UNKNOWN else random.choice(list(Truth)) for t in pattern)
    if before.status != "undetermined":
        assert verdict(key, learned, knowledge()).status == before.status


@given(patterns())
def test_finding_a_whole_set_that_settles_makes_the_edition_met(case):
    key, pattern = case
    concluded = verdict(key, pattern, knowledge())
    for found in concluded.settled_by:
        assert _after(key, pattern, found, wanted=True).status == "met"


@given(patterns())
def test_half_a_set_that_settles_does_not(case):
    key, pattern = case
    concluded = verdict(key, pattern, knowledge())
    if concluded.status != "undetermined":
        return
    for found in concluded.settled_by:
        for missing in found:
            some = tuple(f for f in found if f != missing)
            assert _after(key, pattern, some, wanted=True).status != "met"


@given(patterns())
def test_excluding_a_whole_set_that_refutes_makes_the_edition_not_met(case):
    key, pattern = case
    for excluded in verdict(key, pattern, knowledge()).refuted_by:
        assert _after(key, pattern, excluded, wanted=False).status == "not-met"


@pytest.mark.parametrize("key", EDITIONS)
@given(st.data())
@settings(max_examples=15)
def test_no_smaller_set_is_missed(key, data):
    """By brute force: every smallest set that makes the edition met is among those named, up to the number kept."""
    findings = knowledge().edition(key).findings
    pattern = tuple(data.draw(st.sampled_from((Truth.TRUE, Truth.TRUE, Truth.FALSE, Truth.UNKNOWN))) for _ in findings)
    concluded = verdict(key, pattern, knowledge())
    unknown = [f for f, t in zip(findings, pattern, strict=True) if t is Truth.UNKNOWN]
    if concluded.status != "undetermined" or len(concluded.settled_by) >= MOST_SETS or len(unknown) > 8:
        return
    smallest: list[frozenset[str]] = []
    for size in range(1, len(unknown) + 1):
        for some in map(frozenset, combinations(unknown, size)):
            if not any(s <= some for s in smallest) and _after(key, pattern, tuple(some), wanted=True).status == "met":
                smallest.append(some)
    assert set(map(frozenset, concluded.settled_by)) == set(smallest)


@pytest.mark.parametrize("key", EDITIONS)
def test_no_edition_is_met_or_ruled_out_when_nothing_is_known(key):
    findings = knowledge().edition(key).findings
    assert verdict(key, (Truth.UNKNOWN,) * len(findings), knowledge()).status == "undetermined"


def _after(key, pattern, learned, *, wanted):
    """The verdict once the findings learned came out as the rule wants them, or all against it."""
    criteria = knowledge().edition(key)
    absent = {
        item.of.finding
        for level in criteria.levels
        for group in level.groups
        for item in group.items
        if isinstance(item, Not)
    }
    new = tuple(
        Truth.of(wanted is not (finding in absent)) if finding in learned else truth
        for finding, truth in zip(criteria.findings, pattern, strict=True)
    )
    return verdict(key, new, knowledge())
