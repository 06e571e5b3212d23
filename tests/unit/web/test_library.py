"""The evidence library: every row with its source, sorted as asked, the same as CSV, and no figure without its origin."""

import csv
import io
import re

import pytest
from django.urls import reverse

from openpoems.knowledge.store import knowledge
from openpoems.web.library import pictures
from openpoems.web.library.tables import SHELVES

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def rows_of(client, kind):
    return list(csv.DictReader(io.StringIO(client.get(reverse("library-csv", args=[kind])).content.decode())))


@pytest.mark.parametrize("kind", SHELVES)
def test_every_row_has_a_source_a_place_and_a_check_level_also_as_csv(client, kind):
    rows = rows_of(client, kind)
    assert len(rows) == len(SHELVES[kind]().rows) > 3
    for row in rows:
        assert row["source"], row
        assert row["where"], row
        assert row["verified"] in ("primary", "secondary", "none"), row
    assert len({row["id"] for row in rows}) == len(rows), "an address stands for one row"


def test_an_identifier_that_is_only_recalled_is_printed_nowhere(client):
    recalled = {source.doi for source in knowledge().references.values() if source.identifiers == "none" and source.doi}
    assert recalled
    for kind in SHELVES:
        assert recalled.isdisjoint(row["doi"] for row in rows_of(client, kind))
    assert any(row["doi"] for row in rows_of(client, "cohorts"))


@pytest.mark.parametrize("kind", SHELVES)
def test_every_row_has_an_address_of_its_own_that_says_how_far_it_was_checked(client, kind):
    for row in SHELVES[kind]().rows[:12]:
        words = client.get(reverse("library-row", args=[kind, row.id])).content.decode()
        assert any(level in words for level in ("in the source", "second-hand", "not checked")), row.id


@pytest.mark.parametrize("kind", SHELVES)
def test_every_column_sorts_both_ways_and_what_is_not_told_stays_at_the_end(client, kind):
    shelf = SHELVES[kind]()
    for column in shelf.columns:
        up, down = shelf.sorted(column.key, down=False), shelf.sorted(column.key, down=True)
        assert {row.id for row in up} == {row.id for row in down} == {row.id for row in shelf.rows}
        told = [row.cells[column.key] for row in up if row.cells[column.key] not in (None, "")]
        assert [row.cells[column.key] for row in up][: len(told)] == told
        if column.numeric:
            assert told == sorted(told)
    page = client.get(reverse("library-shelf", args=[kind]), {"sort": shelf.columns[0].key, "order": "down"})
    assert 'aria-sort="descending"' in page.content.decode()


@pytest.mark.parametrize("sort", ["nothing", "<script>", "n'; DROP TABLE", "", "\0"])
def test_a_wicked_order_is_no_order(client, sort):
    page = client.get(reverse("library-shelf", args=["cohorts"]), {"sort": sort})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("address", ["/library/nothing/", "/library/nothing.csv", "/library/cohorts/nothing/"])
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


# --- the pictures


def test_an_interval_is_drawn_where_one_was_published_and_nowhere_else(client):
    for endpoint, low, high in (("OS", 87, 97), ("PFS", 64, 84)):
        marks = pictures.survival(endpoint)
        drawn = [mark for mark in marks if mark.interval]
        assert [(mark.row, mark.low, mark.high) for mark in drawn if mark.row == "pumch-asct"] == [
            ("pumch-asct", low, high)
        ]
        for mark in marks:
            told = [each for each in knowledge().evidence.cohorts[mark.row].outcome if each.endpoint == endpoint]
            assert mark.years == max(each.years for each in told)
            assert bool(mark.interval) == any(each.low is not None for each in told if each.years == mark.years)
    words = client.get(reverse("library-shelf", args=["cohorts"])).content.decode()
    assert words.count('class="interval"') == sum(bool(m.interval) for e in ("OS", "PFS") for m in pictures.survival(e))


def test_every_picture_has_its_figures_beside_it_in_words(client):
    for kind, marks in (
        ("cohorts", [*pictures.survival("OS"), *pictures.survival("PFS")]),
        ("features", pictures.features()),
    ):
        words = client.get(reverse("library-shelf", args=[kind])).content.decode()
        assert words.count("<circle") == len(marks)
        said = re.findall(r"<strong>([\d.]+ %)</strong>", words)
        assert sorted(said) == sorted(mark.figure for mark in marks)
        assert all(0 <= mark.percent <= 100 for mark in marks)


def test_a_row_leads_to_the_answers_that_rest_on_it(client):
    words = client.get(reverse("library-row", args=["regimens", "bevacizumab"])).content.decode()
    assert reverse("question", args=["bevacizumab"]) in words


def test_a_cohort_is_called_as_well_checked_as_what_is_least_of_the_figures_in_its_row():
    rows = {row.id: row for row in SHELVES["cohorts"]().rows}
    assert (
        rows["ebmt-asct"].cite.verified == "none"
    )  # its figures after five years are recalled, those after three are not
    assert rows["mayo-asct"].cite.verified == "primary"
