"""Whoever may write into one record reaches no other by its numbers, and a form takes what it offers and nothing else."""

import pytest

from openpoems.interchange.table import Told
from openpoems.record import Concept, Feature
from openpoems.web.insight.actions import make_link
from openpoems.web.registry.actions import facts
from openpoems.web.registry.imports import previews, sources
from openpoems.web.registry.models import Fact, Person

pytestmark = pytest.mark.django_db
TABLE = b"Date\tTest\tResult\n2021-04-03\tVEGF, plasma\t1200 pg/mL\n"
VEGF = {"value": "1040", "unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15"}
ELSEWHERE = ("//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example")


def entered(cast, name, sign="numb feet"):
    return facts.enter(
        by=getattr(cast.users, name), person=getattr(cast.people, name), fact=Feature(Concept(text=sign))
    )


@pytest.mark.parametrize("name", ["alice", "nora"])
def test_what_is_another_person_s_is_not_reached_through_one_s_own_address(client, cast, name):
    bruno, by = cast.people.bruno, cast.users.bruno
    row, own = entered(cast, "bruno"), entered(cast, "alice", "weak hands")
    source = sources.read("table.tsv", TABLE, Told())
    made = previews.preview_for_person(by=by, person=bruno, source=source, said_by="patient")
    link, _token = make_link(by=by, person=bruno)
    forged = [
        (f"facts/{row.pk}/verify/", {}),
        (f"facts/{row.pk}/correct/", {"name": "another"}),
        (f"facts/{row.pk}/take-back/", {"why": "forged"}),
        ("prefer/", {"chosen": row.pk, "among": [row.pk, own.pk], "why": "forged"}),
        (f"imports/{made.pk}/", {"act": "accept"}),
        (f"imports/{made.pk}/", {"act": "discard"}),
        (f"letter/links/{link.pk}/close/", {}),
        (f"carers/{bruno.ties.get().pk}/end/", {}),
    ]
    client.force_login(getattr(cast.users, name))
    for address, given in forged:
        assert client.post(f"/people/{cast.people.alice.pk}/{address}", given).status_code in (302, 404), address
    for each in (row, own, made, link):
        each.refresh_from_db()
    assert (row.state, row.verified_by, own.state, made.state, link.revoked) == (
        "current", None, "current", "previewed", None,
    )  # fmt: skip
    assert bruno.ties.count() == 1


def test_a_form_takes_nothing_that_it_does_not_offer(client, cast):
    client.force_login(cast.users.alice)
    place, nora = f"/people/{cast.people.alice.pk}/", cast.users.nora.pk
    more = {
        "verified_by": nora,
        "by": nora,
        "person": cast.people.bruno.pk,
        "state": "retracted",
        "said_by": "clinician",
    }
    client.post(f"{place}add/result/vegf/", {**VEGF, **more})
    row = Fact.objects.get()
    assert (row.person_id, row.by, row.verified_by, row.state) == (
        cast.people.alice.pk,
        cast.users.alice,
        None,
        "current",
    )
    assert row.document["provenance"]["said_by"] == "patient"
    about = {"sex": "female", "birth_year": "1960", "status": "alive"}
    client.post(f"{place}about/", {**about, "centre": cast.centres.southport.pk, "revision": 99})
    person = Person.objects.get(pk=cast.people.alice.pk)
    assert (person.sex, person.centre, person.revision) == (
        "female",
        cast.centres.northtown,
        2,
    )  # one entry, one description


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_page_leads_to_another_host(client, cast, address):
    row = entered(cast, "alice")
    client.force_login(cast.users.nora)
    place = f"/people/{cast.people.alice.pk}/facts/{row.pk}/verify/"
    for there in (place, "/language/", "/accounts/logout/"):
        answer = client.post(there, {"next": address, "language": "en"})
        assert "elsewhere" not in answer.headers["Location"], there
