"""Laws of the forecast, on people treated with lenalidomide whose VEGF goes anywhere."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.forecast.relapse import forecasts, history, if_next, next_values
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import (
    Agent,
    Coding,
    Concept,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    ReferenceRange,
    Treatment,
)
from openpoems.response.respond import respond

BEGAN = date(2020, 1, 10)
AS_OF = date(2023, 1, 1)
UNITS = {"pg/mL": 1.0, "ng/L": 1.0, "ng/mL": 1000.0, "ng/dL": 0.1}
FEW = settings(max_examples=25)


def concept(word):
    return Concept((Coding(f"OPENPOEMS:{word}"),))


@st.composite
def results(draw):
    day = BEGAN + timedelta(days=draw(st.integers(-100, 1200)))
    return Measurement(
        concept("vegf"),
        value=Quantity(float(draw(st.integers(1, 4000))), "pg/mL"),
        comparator=draw(st.sampled_from(("", "", "", "<", ">"))),
        specimen=draw(st.sampled_from(("plasma", "plasma", "serum"))),
        reference=ReferenceRange(high=Quantity(draw(st.sampled_from((96.2, 500.0))), "pg/mL")),
        on=draw(st.sampled_from((PartialDate.of(day), PartialDate.of(day), PartialDate(day.year, day.month)))),
    )


infections = st.builds(
    Feature,
    st.just(concept("acute-infection")),
    on=st.integers(0, 1200).map(lambda n: PartialDate.of(BEGAN + timedelta(days=n))),
)
records = st.builds(
    PatientRecord,
    st.just("p"),
    features=st.lists(infections, max_size=2).map(tuple),
    measurements=st.lists(results(), min_size=2, max_size=10).map(tuple),
    treatments=st.just(
        (Treatment("", (Agent(concept("lenalidomide")),), start=PartialDate.of(BEGAN)),),
    ),
)


def made(record, as_of=AS_OF):
    return forecasts(respond(record, knowledge(), as_of), record)


def told(record, as_of=AS_OF):
    return [(each.series.key, each.curve, each.why) for each in made(record, as_of)]


@FEW
@given(records, st.randoms(use_true_random=False))
def test_the_order_of_the_record_changes_nothing(record, random):
    shuffled = list(record.measurements)
    random.shuffle(shuffled)
    assert told(replace(record, measurements=tuple(shuffled))) == told(record)


@FEW
@given(records, st.sampled_from(sorted(UNITS)))
def test_units_change_nothing(record, unit):
    def written(quantity):
        # By the decimal, as a laboratory prints it: 96.2 pg/mL is 0.0962 ng/mL.
        return Quantity(float(f"{quantity.value / UNITS[unit]:.12g}"), unit)

    other = tuple(
        replace(each, value=written(each.value), reference=ReferenceRange(high=written(each.reference.high)))
        for each in record.measurements
    )
    assert told(replace(record, measurements=other)) == told(record)


@FEW
@given(records, st.integers(200, 1200))
def test_a_record_that_ends_on_a_day_tells_what_the_whole_tells_of_that_day(record, after):
    day = BEGAN + timedelta(days=after)

    def known(facts):
        return tuple(fact for fact in facts if fact.on.days()[1] <= day.toordinal())

    cut = replace(record, measurements=known(record.measurements), features=known(record.features))
    assert told(cut, day) == told(record, day)


@FEW
@given(records)
def test_a_risk_is_a_risk(record):
    for each in made(record):
        assert bool(each.curve) != bool(each.why)
        curves = [each.curve, *(one.told for one in if_next(each, next_values(each)))]
        curves += [(at,) for _, at in history(each)]
        for curve in curves:
            assert all(0 <= at.lower <= at.risk <= at.upper <= 1 for at in curve)
            risks = [at.risk for at in curve]
            assert risks == sorted(risks)
