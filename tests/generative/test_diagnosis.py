"""Laws of a whole assessment, on records made of the codes and measures that openpoems knows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.quantities import Quantity, dimension, factor
from openpoems.record import Age, Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, ReferenceRange
from openpoems.record.time import days

TODAY = date(2026, 1, 1)
CODES = sorted(knowledge().index.shows | knowledge().index.hints)
MEASURES = ("vegf", "platelets", "haemoglobin", "testosterone", "prolactin", "m-protein-serum", "immunofixation-serum")
UNITS = {
    "vegf": ("pg/mL", "ng/L", "ng/mL", "pg/dL"),
    "platelets": ("10*9/L", "10*3/uL", "/uL"),
    "haemoglobin": ("g/dL", "g/L"),
    "testosterone": ("ng/dL", "ng/mL"),
    "prolactin": ("ng/mL", "ug/L"),
    "m-protein-serum": ("g/dL", "g/L"),
    "immunofixation-serum": ("{interpretation}",),
}

days_2018_2025 = st.dates(date(2018, 1, 1), date(2025, 12, 31))
times = st.one_of(
    st.none(),
    days_2018_2025.map(PartialDate.of),
    days_2018_2025.map(lambda d: PartialDate(d.year, d.month)),
    days_2018_2025.map(lambda d: PartialDate(d.year)),
    st.builds(Age, st.integers(40, 70), st.one_of(st.none(), st.integers(0, 11))),
)
concepts = st.sampled_from(CODES).map(lambda code: Concept((Coding(code),)))
features = st.builds(
    Feature,
    concepts,
    excluded=st.booleans(),
    category=st.sampled_from(("phenotype", "disease")),
    on=times,
    onset=times,
)


@st.composite
def results(draw):
    measure = draw(st.sampled_from(MEASURES))
    unit = UNITS[measure][0]
    # Whole numbers, so that changing the unit is exact in decimal notation.
    number = st.integers(0, 5000).map(lambda n: Quantity(float(n), unit))
    answered = measure.startswith("immunofixation")
    return Measurement(
        Concept((Coding(f"OPENPOEMS:{measure}"),)),
        value=None if answered else draw(number),
        comparator="" if answered else draw(st.sampled_from(("", "", "<", ">", "<=", ">="))),
        result=Concept((), draw(st.sampled_from(("positive", "negative", "IgA lambda")))) if answered else None,
        specimen=draw(st.sampled_from(("", "serum", "plasma"))),
        reference=draw(st.one_of(st.none(), st.builds(ReferenceRange, low=number, high=number))),
        flags=draw(st.sampled_from(((), (), ("H",), ("N",), ("L",)))),
        on=draw(times),
    )


records = st.builds(
    PatientRecord,
    st.just("p"),
    sex=st.sampled_from(("male", "female", "unknown")),
    birth=st.sampled_from((None, PartialDate(1970), PartialDate(1965, 4, 2))),
    features=st.lists(features, max_size=12).map(tuple),
    measurements=st.lists(results(), max_size=8).map(tuple),
)


def answers(record, as_of=TODAY):
    """What every edition answers, and what is known of every finding."""
    done = assess(record, knowledge(), as_of, today=TODAY)
    editions = {
        e.verdict.criteria.key: (e.verdict.status, e.verdict.level, e.verdict.settled_by, e.next_tests)
        for e in (*done.editions, *done.variants)
    }
    return editions, {id: done.findings.truth(id) for id in knowledge().findings}


@given(records, st.randoms(use_true_random=False))
def test_the_order_of_a_record_does_not_matter(record, random):
    mixed = replace(
        record,
        features=tuple(random.sample(record.features, len(record.features))),
        measurements=tuple(random.sample(record.measurements, len(record.measurements))),
    )
    assert answers(mixed) == answers(record)


@given(records)
def test_saying_everything_twice_changes_nothing(record):
    twice = replace(record, features=record.features * 2, measurements=record.measurements * 2)
    assert answers(twice) == answers(record)


@given(records, st.randoms(use_true_random=False))
def test_changing_units_changes_no_answer(record, random):
    changed = tuple(_in_other_units(m, random) for m in record.measurements)
    assert answers(replace(record, measurements=changed)) == answers(record)


@given(records, st.lists(features, max_size=4), st.lists(results(), max_size=4), days_2018_2025)
def test_a_later_fact_never_changes_an_earlier_view(record, later_features, later_results, as_of):
    after = PartialDate.of(as_of + timedelta(days=1))
    later = replace(
        record,
        features=(*record.features, *(replace(f, on=after) for f in later_features)),
        measurements=(*record.measurements, *(replace(m, on=after) for m in later_results)),
    )
    assert answers(later, as_of) == answers(record, as_of)


@given(records, st.data())
@settings(max_examples=200)
def test_learning_of_a_finding_nothing_was_said_of_never_overturns_a_decided_answer(record, data):
    before, known = answers(record)
    silent = [id for id, truth in known.items() if truth is Truth.UNKNOWN and not _spoken_of(id, record)]
    if not silent:
        return
    learned = data.draw(st.sampled_from(silent))
    fact = Feature(Concept((Coding(f"OPENPOEMS:{learned}"),)), excluded=data.draw(st.booleans()))
    after, _ = answers(replace(record, features=(*record.features, fact)))
    for key, (status, *_) in before.items():
        assert status == "undetermined" or after[key][0] == status, key


@given(records)
def test_every_view_is_as_if_the_record_ended_that_day(record):
    """Looking back to a day equals assessing the facts that were certainly known by it."""
    as_of = date(2022, 6, 30)

    def known(fact):
        when = fact.on or (fact.onset if isinstance(fact, Feature) else None)
        placed = days(when, record.birth)
        return when is None or (placed is not None and placed[1] <= as_of.toordinal())

    then = replace(
        record,
        features=tuple(filter(known, record.features)),
        measurements=tuple(filter(known, record.measurements)),
    )
    assert answers(record, as_of) == answers(then, as_of)


def test_an_empty_record_leaves_everything_unknown():
    editions, findings = answers(PatientRecord("p"))
    assert {status for status, *_ in editions.values()} == {"undetermined"}
    assert set(findings.values()) == {Truth.UNKNOWN}


def _in_other_units(result, random):
    if result.value is None:
        return result
    units = [u for u in UNITS[result.measure.codings[0].id.removeprefix("OPENPOEMS:")] if dimension(u)]

    def changed(quantity):
        if quantity is None:
            return None
        unit = random.choice(units)
        return Quantity(float(quantity.value * factor(quantity.unit, unit)), unit)

    reference = result.reference
    if reference is not None:
        reference = ReferenceRange(changed(reference.low), changed(reference.high))
    return replace(result, value=changed(result.value), reference=reference)


def _spoken_of(finding, record):
    """Whether the record says anything of a finding, of what it is part of, or of what decides it indirectly."""
    facts = knowledge()
    index = facts.index
    codes = [c.id for f in record.features for c in f.concept.codings]
    said = {id for code in codes for table in (index.shows, index.excludes, index.hints) for id in table.get(code, ())}
    said |= {
        id
        for id, each in facts.findings.items()
        for rule in (*each.measured, *each.answered)
        if any(c.id == f"OPENPOEMS:{rule.measure}" for m in record.measurements for c in m.measure.codings)
    }
    related = {finding} | {id for id in said if finding in facts.parts[id]} | set(facts.parts[finding])
    whole = {id for id in facts.findings if finding in _all_parts(id, facts)}
    return bool(said & (related | whole | _all_parts(finding, facts)))


def _all_parts(finding, facts):
    parts = set(facts.parts[finding])
    return parts.union(*(_all_parts(part, facts) for part in parts)) if parts else parts
