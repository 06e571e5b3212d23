"""Who does not agree that the record is kept: nothing is added to it, by whatever way it comes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openpoems.interchange.table import Told
from openpoems.record import Concept, Feature
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.actions.consent import decide, opt_out
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.actions.people import add_person
from openpoems.web.registry.identity import Who
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.imports.forms import SourceForm
from openpoems.web.registry.models import Fact, Import, ImportRow, Person

pytestmark = pytest.mark.django_db
LINE = "2021-04-03\tVEGF, plasma\t1200 pg/mL\n"
OF_ONE = f"Date\tTest\tResult\n{LINE}"
OF_MANY = f"Patient\tDate\tTest\tResult\nN-1\t{LINE}N-2\t{LINE}"
NUMB, WEAK = Feature(Concept(text="numb feet")), Feature(Concept(text="weak hands"))


def withdraw(cast):
    decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})


def leave(cast):
    opt_out(by=cast.users.alice, person=cast.people.alice)


def table(text):
    return sources.read("table.tsv", text.encode(), Told())


@pytest.fixture
def of_one(cast):
    return previews.preview_for_person(
        by=cast.users.alice, person=cast.people.alice, source=table(OF_ONE), said_by="patient"
    )


@pytest.fixture
def of_many(cast):
    identify(by=cast.users.nora, person=cast.people.alice, who=Who(local_number="N-1"))
    return previews.preview_for_centre(
        by=cast.users.nora, centre=cast.centres.northtown, source=table(OF_MANY), said_by="clinician"
    )


@pytest.mark.parametrize("stop", [withdraw, leave])
class TestTheActionsRefuse:
    def test_to_enter(self, cast, stop):
        stop(cast)
        with pytest.raises(facts.NotAgreed, match="Nothing is entered"):
            facts.enter(by=cast.users.nora, person=cast.people.alice, fact=NUMB)
        assert Fact.objects.count() == 0

    def test_to_correct_and_the_old_one_stays(self, cast, stop):
        row = facts.enter(by=cast.users.alice, person=cast.people.alice, fact=NUMB)
        stop(cast)
        with pytest.raises(facts.NotAgreed):
            facts.correct(by=cast.users.alice, row=row, fact=WEAK)
        assert list(Fact.objects.values_list("pk", "state")) == [(row.pk, "current")]

    def test_to_accept_what_was_shown_before(self, cast, stop, of_one):
        stop(cast)
        with pytest.raises(Refused, match="no longer agrees that the record is kept"):
            decisions.accept(by=cast.users.alice, source=of_one)
        assert (Fact.objects.count(), Import.objects.get().state) == (0, "previewed")

    def test_to_accept_a_centre_s_table_and_nothing_of_it_is_stored(self, cast, stop, of_many):
        stop(cast)
        people = set(cast.centres.northtown.people.all())
        with pytest.raises(Refused, match="no longer agrees that the record is kept"):
            decisions.accept(by=cast.users.nora, source=of_many, agreed=True)
        assert (Fact.objects.count(), Import.objects.get().state) == (0, "previewed")
        assert set(cast.centres.northtown.people.all()) == people

    def test_to_lay_a_centre_s_table_beside_the_record(self, cast, stop, of_many):
        stop(cast)
        again = previews.preview_for_centre(
            by=cast.users.nora, centre=cast.centres.northtown, source=table(OF_MANY), said_by="clinician"
        )
        assert [row.person for row in again.rows.all()] == [None]
        assert any("has not agreed" in issue["message"] for issue in again.issues)


def test_taking_back_stays_open(cast, of_one):
    decisions.accept(by=cast.users.alice, source=of_one)
    row = facts.enter(by=cast.users.alice, person=cast.people.alice, fact=NUMB)
    withdraw(cast)
    facts.retract(by=cast.users.alice, row=row, why="wrong")
    assert decisions.undo(by=cast.users.alice, source=of_one) == 1
    assert not Fact.objects.filter(state=Fact.State.CURRENT).exists()


def test_who_never_decided_has_not_agreed_until_the_paper_is_written_down(cast):
    person = add_person(by=cast.users.nora, centre=cast.centres.northtown)
    with pytest.raises(facts.NotAgreed):
        facts.enter(by=cast.users.nora, person=person, fact=NUMB)
    decide(by=cast.users.nora, person=person, choices={"care": True}, method="paper")
    assert facts.enter(by=cast.users.nora, person=person, fact=NUMB).pk


def upload(client, place):
    return client.post(place, {"file": SimpleUploadedFile("table.tsv", OF_MANY.replace("Patient", "MRN").encode())})


@pytest.mark.parametrize("name", ["bruno", "pat", "saul", "rosa", "adam", "stan"])
def test_an_upload_without_the_right_is_not_taken(client, cast, name):
    client.force_login(getattr(cast.users, name))
    for place in (f"/people/{cast.people.alice.pk}/imports/", "/centres/northtown/imports/"):
        assert upload(client, place).status_code == 404
    assert not Import.objects.exists()


def test_an_upload_of_a_visitor_leads_to_signing_in(client, cast):
    for place in (f"/people/{cast.people.alice.pk}/imports/", "/centres/northtown/imports/"):
        answer = upload(client, place)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))
    assert not Import.objects.exists()


@pytest.mark.parametrize("stop", [withdraw, leave])
@pytest.mark.parametrize(("name", "status"), [("alice", 302), ("nora", 403)])
def test_an_upload_and_a_decision_after_the_withdrawal_are_closed(client, cast, of_one, stop, name, status):
    stop(cast)
    if stop is leave and name == "nora":
        status = 404  # whoever left the registry is nobody to the centre
    client.force_login(getattr(cast.users, name))
    place = f"/people/{cast.people.alice.pk}/imports/"
    assert upload(client, place).status_code == status
    answer = client.post(f"{place}{of_one.pk}/", {"act": "accept", "shown": [], "wanted": []})
    assert answer.status_code == status
    if name == "alice":
        assert answer.url == f"/people/{cast.people.alice.pk}/consent/"
    assert (Import.objects.count(), ImportRow.objects.count(), Fact.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize(("name", "status"), [("alice", 302), ("nora", 403)])
def test_who_withdraws_while_a_form_is_on_its_way_gets_the_same_answer(client, cast, monkeypatch, name, status):
    from openpoems.web.portal import asking

    client.force_login(getattr(cast.users, name))
    withdraw(cast)
    monkeypatch.setattr(asking, "agrees", lambda person, purpose: True)  # as the gate saw it a moment before
    vegf = {"value": "1040", "unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15"}
    answer = client.post(f"/people/{cast.people.alice.pk}/add/result/vegf/", vegf)
    assert answer.status_code == status
    assert Fact.objects.count() == 0


@pytest.mark.parametrize("stop", [withdraw, leave])
def test_who_withdraws_while_a_table_is_read_has_nothing_laid_beside_the_record(client, cast, monkeypatch, stop):
    read = SourceForm.read

    def reads_while_consent_goes(form):
        stop(cast)
        return read(form)

    monkeypatch.setattr(SourceForm, "read", reads_while_consent_goes)
    client.force_login(cast.users.alice)
    answer = client.post(
        f"/people/{cast.people.alice.pk}/imports/", {"file": SimpleUploadedFile("table.tsv", OF_ONE.encode())}
    )
    assert (answer.status_code, answer.url) == (302, f"/people/{cast.people.alice.pk}/consent/")
    assert (Import.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_of_a_person_erased_while_a_table_is_read_nothing_is_kept(cast):
    gone = cast.people.alice
    erase(by=cast.users.alice, person=Person.objects.get(pk=gone.pk))
    with pytest.raises(facts.NotAgreed):
        previews.preview_for_person(by=cast.users.alice, person=gone, source=table(OF_ONE), said_by="patient")
    assert not Import.objects.exists()
