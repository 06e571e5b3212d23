"""Partial dates and ages: nothing is filled in, and what they can mean is bounded exactly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.record.time import Age, PartialDate, Span, days

days_of_life = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("text", ["2021", "2021-04", "2021-04-30", "2020-02-29", "2021-04-30T10:00:00Z"])
def test_a_date_is_written_as_it_was_read(text):
    assert str(PartialDate.parse(text)) == text.partition("T")[0]


@pytest.mark.parametrize(
    "text", ["", "21", "2021-13", "2021-02-29", "03/04/2021", "2021-4-3", "2021-04-31", "20210430"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="a date is written"):
        PartialDate.parse(text)


def test_a_partial_date_spans_what_it_can_mean():
    assert PartialDate(2020, 2).days() == (date(2020, 2, 1).toordinal(), date(2020, 2, 29).toordinal())
    assert PartialDate(2021).days() == (date(2021, 1, 1).toordinal(), date(2021, 12, 31).toordinal())


@given(days_of_life)
def test_a_full_date_is_one_day(day):
    assert PartialDate.of(day).days() == (day.toordinal(), day.toordinal())


@pytest.mark.parametrize("text", ["P52Y", "P52Y3M", "P52Y3M0D", "P0Y0M12D"])
def test_an_age_is_written_as_it_was_read(text):
    assert str(Age.parse(text)) == text


@pytest.mark.parametrize(("text", "same"), [("P2W", "P0Y0M14D"), ("P6M", "P0Y6M"), ("P52YT3H", "P52Y")])
def test_ages_in_other_words(text, same):
    assert str(Age.parse(text)) == same


@pytest.mark.parametrize("text", ["", "P", "52", "PT3H", "P-3Y", "52Y"])
def test_what_is_no_age_is_refused(text):
    with pytest.raises(ValueError, match="ISO 8601"):
        Age.parse(text)


def test_an_age_in_years_is_a_year_of_days():
    born = PartialDate(1970, 5, 17)
    assert Age(50).days(born) == (date(2020, 5, 17).toordinal(), date(2021, 5, 16).toordinal())


def test_an_age_on_a_leap_day_falls_on_the_last_of_february():
    assert Age(1, 0, 0).days(PartialDate(2020, 2, 29))[0] == date(2021, 2, 28).toordinal()


@given(days_of_life, st.integers(0, 90), st.integers(0, 11), st.integers(0, 27))
def test_knowing_an_age_better_narrows_it(born, years, months, over):
    birth = PartialDate.of(born)
    wide, middle, narrow = Age(years).days(birth), Age(years, months).days(birth), Age(years, months, over).days(birth)
    assert wide[0] <= middle[0] <= middle[1]
    assert middle[0] <= narrow[0] == narrow[1]


def test_an_age_without_a_date_of_birth_is_nowhere_on_the_calendar():
    assert days(Age(50), None) is None
    assert days(None, PartialDate(1970)) is None


@given(days_of_life, st.integers(0, 1000))
def test_a_span_reaches_from_start_to_end(start, length):
    end = start + timedelta(days=length)
    span = Span(PartialDate.of(start), PartialDate.of(end))
    assert days(span, None) == (start.toordinal(), end.toordinal())
    assert days(Span(PartialDate.of(start), None), None) == (start.toordinal(), start.toordinal())
