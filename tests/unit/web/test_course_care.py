"""Prognosis and treatment as published on a person's course: what the document says, no survival, no advice."""

import pytest
from django.urls import reverse

from openpoems.record import Coding, Concept, Feature, PartialDate
from openpoems.web.course.options import options
from openpoems.web.course.prognosis import prognosis
from openpoems.web.course.sources import Sources
from openpoems.web.insight.assessments import assessed, document_of
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db


def stated(code, **more):
    return Feature(Concept((Coding(code),)), on=PartialDate(2024, 3, 1), **more)


@pytest.fixture
def diagnosed(cast):
    """Alice was told that it is POEMS; she has a pleural effusion, and a clone in her marrow."""
    facts = ("ORPHA:2905", "HP:0002202", "OPENPOEMS:clonal-marrow-plasma-cells")
    rows = [enter(by=cast.users.nora, person=cast.people.alice, fact=stated(code)) for code in facts]
    return cast, rows


def document(cast, who="alice"):
    return document_of(assessed(Person.objects.get(pk=getattr(cast.people, who).pk)))


def test_the_panel_says_each_factor_its_fact_and_the_range(diagnosed):
    cast, rows = diagnosed
    [model] = prognosis(document(cast), Sources())
    assert (model.fewest, model.most, model.least_sum, model.most_sum) == (1, 4, "1.34", "6.24")
    [pleura] = [each for each in model.factors if each.name == "Pleural effusion"]
    assert (pleura.tag, pleura.path, pleura.ratio) == ("bad", str(rows[1].pk), "3.81")


def test_only_what_a_finding_decides_is_this_persons_setting(diagnosed):
    cast, _rows = diagnosed
    shown = {each.id: each for each in options(document(cast), Sources())}
    assert [id for id, each in shown.items() if each.decides] == ["disseminated"]
    assert shown["localised"].cannot_tell
    assert all(each.n and each.cited for setting in shown.values() for each in setting.published)
    radiation = next(each for each in shown["localised"].published if each.name == "Radiotherapy, Mayo Clinic")
    # Humeniuk 2013, abstract: 38 people, clinical response 47 %.
    assert radiation.n == 38
    assert ("clinical response", "47 %") in {(one.what, one.figure) for one in radiation.figures}


def test_the_page_shows_both_and_for_who_is_not_diagnosed_says_why_not(diagnosed, client):
    cast, _rows = diagnosed
    client.force_login(cast.users.nora)
    page = client.get(reverse("course", args=[cast.people.alice.pk])).content.decode()
    assert "No survival is told" in page
    assert "No advice and no ranking" in page
    assert "this person's setting" in page
    other = client.get(reverse("course", args=[cast.people.dora.pk])).content.decode()
    assert "It is told of people who meet the criteria" in other
    assert "Radiotherapy, Mayo Clinic" not in other
