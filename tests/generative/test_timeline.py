"""Nothing is lost on a timeline: each fact stands in one place, whatever the record; and time only runs forwards."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Coding, Concept, Feature, Measurement
from openpoems.reports.document import encode
from openpoems.reports.time_axis import time_axis
from openpoems.reports.timeline import Wish, timeline
from openpoems.reports.timeline_settings import settings as choices
from tests.generative.records import records

DAY = date(2026, 1, 1)
KINDS = ("features", "measurements", "treatments", "procedures", "events")
DAYS = st.integers(date(1990, 1, 1).toordinal(), date(2030, 1, 1).toordinal())


def numbered(record):
    """The record with the paths of a registry: each fact its number."""
    return replace(
        record,
        **{
            kind: tuple(replace(fact, path=f"{kind} {number}") for number, fact in enumerate(getattr(record, kind)))
            for kind in KINDS
        },
    )


def drawn(found):
    lanes = [path for marks in found.lanes.values() for mark in marks for path in mark.paths]
    points = [dot.point["path"] for panel in found.panels for dot in panel.dots]
    return [*(bar.path for bar in found.bars), *lanes, *points, *found.undated, *found.later]


@given(records(max_facts=4), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_each_fact_stands_in_exactly_one_place(record, since, close):
    record = numbered(record)
    document = msgspec.json.decode(encode(assess(record, knowledge(), DAY, today=DAY), knowledge()))
    found = timeline(record, document, knowledge(), Wish(since, close, everything=True))
    paths = Counter(fact.path for kind in KINDS for fact in getattr(record, kind))
    assert Counter(drawn(found)) == paths
    places = [mark for marks in found.lanes.values() for mark in marks]
    assert all(0 <= getattr(mark, name) <= 1 for mark in places for name in ("x", "left", "right"))
    assert all(0 <= bar.left <= bar.right <= 1 for bar in found.bars)
    main = timeline(record, document, knowledge(), Wish(since, close))
    assert len(main.panels) + main.more == len(found.panels)


def test_a_graded_sign_stands_among_the_signs_and_its_grades_make_no_panel():
    oedema = Feature(
        Concept((Coding("OPENPOEMS:peripheral-oedema"),)),
        on=PartialDate(2020, 1, 1),
        resolved=PartialDate(2021, 1, 1),
        severity=Concept(text="CTCAE grade 2"),
    )
    vegf = Concept((Coding("OPENPOEMS:vegf"),))
    values = tuple(Measurement(vegf, Quantity(90, "pg/mL"), on=PartialDate(year, 1, 1)) for year in (2020, 2021))
    record = numbered(PatientRecord("p", features=(oedema,), measurements=values))
    document = msgspec.json.decode(encode(assess(record, knowledge(), DAY, today=DAY), knowledge()))
    assert any(series["measure"] == "peripheral-oedema-grade" for series in document["response"]["series"])
    found = timeline(record, document, knowledge(), Wish(everything=True))
    assert [mark.paths for mark in found.lanes["signs"]] == [("features 0",)]
    assert [panel.series["measure"] for panel in found.panels] == ["vegf"]


@given(st.lists(DAYS, min_size=1, max_size=20), st.booleans())
def test_time_runs_forwards_and_a_closed_gap_holds_no_entry(days, close):
    axis = time_axis(days, close_gaps=close)
    ordered = sorted(set(days))
    shares = [axis.x(day) for day in ordered]
    assert shares == sorted(set(shares))
    assert abs(axis.pieces[-1].right - 1) < 1e-9
    assert all(before.last == after.first for before, after in pairwise(axis.pieces))
    assert not [day for day in ordered for gap in axis.closed if gap.first <= day <= gap.last]
    apart = [after - before for before, after in pairwise(ordered)]
    assert len(axis.closed) == (sum(each > choices().gap_days for each in apart) if close else 0)
