"""Laws of the course, on records made of values, signs and treatments that openpoems knows."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.quantities import Quantity, factor
from openpoems.record import (
    Agent,
    Coding,
    Concept,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Procedure,
    ReferenceRange,
    Treatment,
)
from openpoems.record.time import days
from openpoems.reports.course_document import course_document
from openpoems.response.amounts import Amount, fallen, risen
from openpoems.response.current import working
from openpoems.response.respond import respond

TODAY = date(2026, 1, 1)
UNITS = {
    "vegf": ("pg/mL", "ng/L", "ng/mL"),
    "m-protein-serum": ("g/dL", "g/L", "mg/dL"),
    "onls": ("{score}",),
    "grip-strength": ("kPa", "Pa"),
    "suv-max-sum": ("{ratio}",),
    "platelets": ("10*9/L", "10*3/uL"),
}
SIGNS = ("ascites", "papilloedema", "fdg-avid-lesion", "clonal-marrow-plasma-cells", "acute-infection", "copd")
DRUGS = ("lenalidomide", "bevacizumab", "gabapentin")
DONE = ("radiotherapy", "asct", "biopsy")

days_2018_2025 = st.dates(date(2018, 1, 1), date(2025, 12, 31))
times = st.one_of(
    days_2018_2025.map(PartialDate.of),
    days_2018_2025.map(PartialDate.of),
    days_2018_2025.map(lambda d: PartialDate(d.year, d.month)),
    st.none(),
)


def concept(word):
    return Concept((Coding(f"OPENPOEMS:{word}"),))


@st.composite
def results(draw):
    measure = draw(st.sampled_from(sorted(UNITS)))
    numbers = st.integers(0, 3000).map(lambda n: Quantity(float(n), UNITS[measure][0]))
    return Measurement(
        concept(measure),
        value=draw(numbers),
        comparator=draw(st.sampled_from(("", "", "", "<", ">"))),
        specimen=draw(st.sampled_from(("serum", "plasma"))) if measure == "vegf" else "",
        reference=draw(st.one_of(st.none(), st.builds(ReferenceRange, high=numbers))),
        on=draw(times),
    )


answers = st.builds(
    Measurement,
    st.sampled_from(("immunofixation-serum", "immunofixation-urine")).map(concept),
    result=st.sampled_from(("positive", "negative")).map(lambda word: Concept((), word)),
    on=times,
)
features = st.builds(Feature, st.sampled_from(SIGNS).map(concept), excluded=st.booleans(), on=times)
treatments = st.builds(
    Treatment,
    agents=st.sampled_from(DRUGS).map(lambda word: (Agent(concept(word)),)),
    regimen=st.sampled_from(("a", "b", "Rd", "MP")),
    start=times,
    end=times,
)
records = st.builds(
    PatientRecord,
    st.just("p"),
    features=st.lists(features, max_size=6).map(tuple),
    measurements=st.lists(results() | results() | answers, max_size=14).map(tuple),
    treatments=st.lists(treatments, min_size=1, max_size=3).map(tuple),
    procedures=st.lists(st.builds(Procedure, st.sampled_from(DONE).map(concept), on=times), max_size=2).map(tuple),
)


def course(record, as_of=TODAY):
    return course_document(respond(record, knowledge(), as_of))


def told(record, as_of=TODAY):
    """What is concluded, without how values were written down."""
    made = respond(record, knowledge(), as_of)
    return (
        [
            (each.id, each.series and each.series.key, each.category, each.why, each.undecided, _turns(each))
            for each in made.results
        ],
        [(each.id, each.series.key, each.state) for each in made.alarms],
        [(move.result.id, move.days_after_first) for move in made.order.moves],
    )


def _turns(result):
    return [(turn.kind, turn.since_start, turn.since_best, turn.confirmed is not None) for turn in result.turns]


@given(records, st.randoms(use_true_random=False))
def test_the_order_of_the_record_changes_nothing(record, random):
    def shuffled(facts):
        facts = list(facts)
        random.shuffle(facts)
        return tuple(facts)

    other = replace(
        record,
        features=shuffled(record.features),
        measurements=shuffled(record.measurements),
        treatments=shuffled(record.treatments),
        procedures=shuffled(record.procedures),
    )
    assert course(other) == course(record)


def in_unit(quantity, unit):
    return Quantity(float(factor(quantity.unit, unit) * int(quantity.value)), unit)


@given(records, st.data())
def test_units_change_nothing(record, data):
    def rewritten(fact):
        if fact.value is None:
            return fact
        measure = fact.measure.codings[0].id.removeprefix("OPENPOEMS:")
        unit = data.draw(st.sampled_from(UNITS[measure]))
        high = fact.reference and in_unit(fact.reference.high, unit)
        return replace(fact, value=in_unit(fact.value, unit), reference=high and ReferenceRange(high=high))

    other = replace(record, measurements=tuple(map(rewritten, record.measurements)))
    assert told(other) == told(record)


def known_by(record, day):
    """The record as somebody had it who wrote down on that day what had happened."""

    def known(when):
        found = days(when, record.birth)
        return found is None or found[1] <= day.toordinal()

    def ended(line):
        return line if line.end is None or known(line.end) else replace(line, end=None)

    return replace(
        record,
        features=tuple(f for f in record.features if known(f.on)),
        measurements=tuple(f for f in record.measurements if known(f.on)),
        treatments=tuple(ended(f) for f in record.treatments if known(f.start)),
        procedures=tuple(f for f in record.procedures if known(f.on)),
    )


@given(records, days_2018_2025)
def test_splitting_a_record_at_a_day_equals_looking_at_the_whole_from_that_day(record, day):
    assert course(known_by(record, day), day) == course(record, day)


@given(records, st.lists(results(), max_size=3), days_2018_2025)
def test_later_facts_never_change_an_earlier_view(record, more, day):
    later = PartialDate.of(day + timedelta(days=1))
    added = tuple(replace(each, on=later) for each in more)
    assert course(replace(record, measurements=(*record.measurements, *added)), day) == course(record, day)


@given(records)
def test_every_rule_comes_to_one_of_its_categories_or_says_why_not(record):
    made = respond(record, knowledge(), TODAY)
    assert {each.id for each in made.results} == set(knowledge().response.rule)
    for each in made.results:
        assert each.category in each.rule.order if each.category else each.why
        assert (each.definition is None) == (each.category is None)
        if each.best:
            assert each.rule.order.index(each.best.category) <= each.rule.order.index(
                each.category or each.rule.order[-1]
            )


@given(records)
def test_each_treatment_is_told_within_its_own_time(record):
    made = respond(record, knowledge(), TODAY)
    whole = {(each.id, each.series and each.series.key): each for each in made.results}
    for line, following in zip_longest(made.lines, made.lines[1:]):
        assert line.until == (following.start if following else None)
        for each in line.results:
            point = each.baseline.point
            assert point is None or point.days[1] <= line.start[0]
            times = [step.moment.days for step in each.steps] + [turn.step.moment.days for turn in each.turns]
            assert all(days[0] > line.start[1] for days in times)
            assert line.until is None or all(days[1] <= line.until[0] for days in times)
            assert whole[each.id, each.series and each.series.key].has_data
    assert len(made.lines) != 1


@given(records)
def test_without_recalled_definitions_nothing_recalled_is_told(record):
    for each in respond(record, knowledge(), TODAY, unverified=False).results:
        assert each.definition is None or each.definition.cite.verified != "none"
        assert all(turn.cite.verified != "none" for turn in each.turns)


@given(records)
def test_series_hold_one_specimen_each_and_every_value_once(record):
    made = respond(record, knowledge(), TODAY)
    placed = [id(p.fact) for panel in made.panels for p in panel.series.points]
    left = [id(fact) for panel in made.panels for fact, _ in panel.series.left_out]
    valued = {fact for fact in record.measurements if fact.value is not None}
    assert len(placed) + len(left) == len({*placed, *left}) == len(valued)
    for panel in made.panels:
        assert {p.fact.specimen for p in panel.series.points} <= {panel.series.key.specimen, ""}
        ends = [p.days for p in panel.series.points]
        assert ends == sorted(ends)


@settings(max_examples=60)
@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from((0, 25, 50, 100)))
def test_a_bound_never_contradicts_any_value_it_can_stand_for(value, reference, percent):
    exact = Amount.of(Quantity(value, "1"), "", "1"), Amount.of(Quantity(reference, "1"), "", "1")
    for compare in (risen, fallen):
        certain = compare(*exact, percent, 0)
        for comparator, bound in (("<", value + 7), (">", max(0, value - 7))):
            vague = compare(Amount.of(Quantity(bound, "1"), comparator, "1"), exact[1], percent, 0)
            # A value under its detection limit has by convention not risen, whatever it was (`amounts.risen`).
            assert vague in {certain, Truth.UNKNOWN} or (compare is risen and comparator == "<")


# --- is it working, is it coming back

directions = st.lists(st.tuples(st.sampled_from(("better", "same", "worse", "worse-again")), st.booleans()), max_size=6)
# How much each answer claims, of what was looked at.
CLAIM = ("no", "not-on-everything", "not-so-far", "in-part", "yes")


@given(directions)
def test_a_worse_axis_or_a_lost_one_never_lets_the_answer_be_yes(seen):
    answer = working(seen)
    bad = any(way.startswith("worse") or lost for way, lost in seen)
    assert not bad or answer in {"no", "not-on-everything"}
    assert (answer == "yes") == (bool(seen) and all(each == ("better", False) for each in seen))
    assert (answer == "cannot-tell") == (not seen)


@given(directions.filter(bool), st.sampled_from(("same", "worse", "worse-again")))
def test_one_more_axis_that_is_not_better_never_strengthens_an_answer(seen, way):
    assert CLAIM.index(working([*seen, (way, False)])) <= max(CLAIM.index("not-so-far"), CLAIM.index(working(seen)))
    assert CLAIM.index(working([*seen, ("worse", False)])) <= CLAIM.index("not-on-everything")


@given(directions, st.randoms(use_true_random=False))
def test_the_order_of_the_axes_changes_no_answer(seen, random):
    shuffled = list(seen)
    random.shuffle(shuffled)
    assert working(seen) == working(shuffled)


@given(records)
def test_an_answer_rests_on_what_was_seen_and_names_the_rest(record):
    made = respond(record, knowledge(), TODAY)
    now = made.current
    seen, held = {each.result.id for each in now.seen}, {each.id for each in made.results if each.has_data}
    # What was not there before treatment and is not there now bears on no answer, and is no gap.
    never = {each.id for each in made.results if each.nothing_before} - seen
    named = seen | {each.id for each in (*now.open, *now.unseen)}
    assert now.began is None or named | never >= held >= named
    assert now.whole or seen != held
    assert not now.whole or held <= seen | never
    if now.began is None:
        assert (now.working, now.back) == ("cannot-tell", "cannot-tell")
    assert all(each.step.moment.days[0] > now.began[1] for each in now.seen)
    assert (now.back in {"shown", "perhaps"}) == bool(now.turned)


@settings(max_examples=60)
@given(records, st.sampled_from(sorted(UNITS)))
def test_not_looking_any_more_never_makes_an_answer_one_of_everything(record, measure):
    """Without the results of a measure since the latest treatment the answer is at most about what was looked at."""
    now = respond(record, knowledge(), TODAY).current
    if now.began is None:
        return

    def before(fact):
        on = fact.on and days(fact.on, None)
        return fact.measure != concept(measure) or on is None or on[1] <= now.began[0]

    less = replace(record, measurements=tuple(filter(before, record.measurements)))
    left = respond(less, knowledge(), TODAY)
    still = {each.id for each in left.results if each.has_data and each.series and each.series.key.measure == measure}
    assert not left.current.whole or not still


@settings(max_examples=60)
@given(records)
def test_switching_off_what_was_only_recalled_never_makes_an_answer_one_of_everything(record):
    all_of_it, checked = (respond(record, knowledge(), TODAY, unverified=each).current for each in (True, False))
    assert all_of_it.whole or not checked.whole
