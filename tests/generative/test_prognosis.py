"""Laws of prognosis: what is unknown is a range, what becomes known lies within it, and no survival comes out."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.record.time import PartialDate
from openpoems.reports.prognosis_document import concerns, prognoses, risk_parts
from openpoems.risk.age import is_older
from openpoems.risk.prognosis import FactorState, PrognosisAssessment
from tests.generative.test_diagnosis import TODAY, records

[(MODEL, PUBLISHED)] = knowledge().prognosis.items()
truths = st.lists(st.sampled_from(Truth), min_size=len(PUBLISHED.factor), max_size=len(PUBLISHED.factor))


def made(known: list[Truth]) -> PrognosisAssessment:
    pairs = zip(PUBLISHED.factor, known, strict=True)
    return PrognosisAssessment(MODEL, PUBLISHED, None, tuple(FactorState(*pair) for pair in pairs))


@given(truths)
def test_whatever_the_unknown_turns_out_to_be_lies_within_the_range_and_reaches_its_ends(known):
    ways = [(Truth.TRUE, Truth.FALSE) if each is Truth.UNKNOWN else (each,) for each in known]
    settled = [made(list(way)) for way in product(*ways)]
    assert all(low == high for each in settled for low, high in (each.count, each.linear_predictor))
    for name in ("count", "linear_predictor"):
        found = [getattr(each, name)[0] for each in settled]
        low, high = getattr(made(known), name)
        assert abs(low - min(found)) < 1e-9
        assert abs(high - max(found)) < 1e-9


@settings(max_examples=60)
@given(records)
def test_prognosis_is_told_of_whom_it_concerns_and_holds_no_survival(record):
    done = assess(record, knowledge(), TODAY, today=TODAY)
    parts = risk_parts(done, knowledge(), None, lambda evidence: evidence.value)
    if not concerns(done):
        assert set(parts.values()) == {None}
        return
    [only] = prognoses(done, knowledge())
    assert [state.factor for state in only.factors] == list(PUBLISHED.factor)
    assert parts["prognosis"][0]["survival"] is None
    # Without treatment the whole view is the baseline: a factor is what its finding is.
    for state in only.factors:
        if state.factor.finding:
            assert state.truth is done.findings.truth(state.factor.finding)


births = st.dates(date(1950, 1, 1), date(1975, 12, 31))
later = st.integers(min_value=49 * 365, max_value=53 * 366)


@given(births, later, st.sampled_from(("year", "month", "day")), st.sampled_from(("year", "month", "day")))
def test_an_imprecise_date_never_decides_otherwise_than_the_day_it_stands_for(born, days_on, birth_by, diagnosed_by):
    day = born + timedelta(days=days_on)
    exact = is_older(PartialDate.of(born), PartialDate.of(day), None, date(2030, 1, 1), 50)
    assert exact is not Truth.UNKNOWN
    vague = is_older(known_to(born, birth_by), known_to(day, diagnosed_by), None, date(2030, 1, 1), 50)
    assert vague in (exact, Truth.UNKNOWN)


def known_to(day: date, precision: str) -> PartialDate:
    exact = PartialDate.of(day)
    return {
        "year": replace(exact, month=None, day=None),
        "month": replace(exact, day=None),
        "day": exact,
    }[precision]
