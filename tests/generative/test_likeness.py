"""Laws of similar people: everybody stands in one group or none, and is counted once in each table."""

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.assess import assess
from openpoems.disclosure import Sum, rule, table
from openpoems.knowledge.store import knowledge
from openpoems.reports.likeness import groups, likeness, tables
from openpoems.response.respond import respond
from tests.generative.test_diagnosis import TODAY, records

TABLES = dict(tables())


@settings(max_examples=40)
@given(records)
def test_a_person_is_in_one_group_or_none_and_counts_once_in_each_table(record):
    made = likeness(assess(record, knowledge(), TODAY, today=TODAY), respond(record, knowledge(), TODAY, today=TODAY))
    assert made.group in (*groups(), "")
    assert made.done in TABLES["similar-done"]
    assert made.outcome in TABLES["similar-outcome"]
    assert made.turned in TABLES["similar-turned"]
    if record.sex == "unknown" or record.birth is None:
        assert made.group == ""


@given(st.lists(st.integers(0, 30), min_size=3, max_size=9))
def test_no_part_below_the_floor_is_shown_and_the_whole_gives_none_away(numbers):
    by = rule("statistics")
    parts = tuple(f"part {n}" for n in range(len(numbers)))
    counts = dict(zip(parts, numbers, strict=True)) | {"whole": sum(numbers)}
    told = table(counts, by, [Sum("whole", parts)])
    for cell, shown in told.items():
        assert shown.hidden or counts[cell] >= by.floor
        assert shown.low <= counts[cell] <= shown.high
    hidden = [part for part in parts if told[part].hidden]
    if not told["whole"].hidden and hidden:
        # What is left for the hidden parts together is at least as wide as what one of them is hidden for.
        assert told["whole"].high - sum(told[p].low for p in parts if p not in hidden) >= by.floor - 1
        assert len(hidden) > 1
