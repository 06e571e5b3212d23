import dataclasses

import pytest
from django.conf import settings
from django.utils import timezone

from openpoems.web.audit.models import Entry
from openpoems.web.portal import consents
from openpoems.web.registry import consent
from openpoems.web.registry.actions.consent import answer, decide, opt_out
from openpoems.web.registry.actions.people import add_person, begin_record
from openpoems.web.registry.consent import PURPOSES, agreeing, agrees, current_document, documents, open_questions
from openpoems.web.registry.models import Consent, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(monkeypatch):
    """A newer document, which asks again about research and rewords the map."""
    old = current_document()
    purposes = tuple(
        dataclasses.replace(p, again=p.id == "research", agree="reworded" if p.id == "map" else p.agree)
        for p in old.purposes
    )
    newer = dataclasses.replace(old, version="2099-01", purposes=purposes, translations=())
    monkeypatch.setattr(consent, "documents", lambda: (old, newer))
    monkeypatch.setattr(consents, "documents", lambda: (old, newer))
    return newer


def test_a_new_record_asks_about_every_purpose(cast):
    assert open_questions(begin_record(by=cast.users.stan)) == list(PURPOSES)


def test_what_was_decided_is_not_asked_again(cast):
    assert open_questions(cast.people.alice) == open_questions(cast.people.bruno) == []


def test_a_newer_document_asks_again_where_it_says_so(cast, changed):
    assert open_questions(cast.people.alice) == ["research"]
    assert not agrees(cast.people.alice, "research")
    assert agrees(cast.people.alice, "map")
    assert open_questions(cast.people.bruno) == []
    decide(by=cast.users.alice, person=cast.people.alice, choices={"research": True})
    assert agrees(cast.people.alice, "research")
    assert open_questions(cast.people.alice) == []


def test_a_decision_is_wanted_is_said_on_every_page_until_it_is_made(cast, changed, client):
    client.force_login(cast.users.alice)
    banner = b"A decision on consent is wanted."
    assert banner in client.get("/").content
    page = client.get(f"/people/{cast.people.alice.pk}/consent/")
    assert [s.purpose.id for s in page.context["consent"].asked] == ["research"]
    client.post(f"/people/{cast.people.alice.pk}/consent/", {"research": "no"})
    assert banner not in client.get("/").content


@pytest.mark.parametrize("purpose", PURPOSES)
def test_one_click_withdraws_one_purpose_and_no_other(cast, client, purpose):
    client.force_login(cast.users.alice)
    client.post(f"/people/{cast.people.alice.pk}/consent/{purpose}/", {"given": "no"})
    everyone = Person.objects.all()
    assert {p for p in PURPOSES if cast.people.alice not in agreeing(everyone, p)} == {purpose}


def test_a_purpose_that_does_not_exist_is_not_decided(cast, client):
    client.force_login(cast.users.alice)
    assert client.post(f"/people/{cast.people.alice.pk}/consent/sale/", {"given": "yes"}).status_code == 404
    assert not Consent.objects.filter(purpose="sale").exists()


def test_who_opted_out_agrees_to_nothing_until_coming_back(cast):
    alice = cast.people.alice
    opt_out(by=cast.users.alice, person=alice)
    assert not any(agrees(alice, purpose) for purpose in PURPOSES)
    answer(by=cast.users.alice, person=alice, choices={"care": True})
    alice.refresh_from_db()
    assert alice.status == Person.Status.ALIVE
    assert [purpose for purpose in PURPOSES if agrees(alice, purpose)] == ["care"]


def test_each_decision_is_kept_and_logged(cast):
    before = cast.people.alice.consents.count()
    for given in (False, True, True):
        decide(by=cast.users.alice, person=cast.people.alice, choices={"map": given})
    assert cast.people.alice.consents.count() == before + 2  # saying the same again adds nothing
    assert Entry.objects.filter(person=cast.people.alice.pk, place="registry_consent").count() == before + 2


class TestTheReceipt:
    def made(self, person) -> bytes:
        return consents.receipt(person, timezone.now())

    def test_is_a_tagged_pdf(self, cast):
        pdf = self.made(cast.people.alice)
        assert pdf.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in pdf
        assert b"pdfuaid" in pdf  # claims PDF/UA; the maker refuses to write one that breaks its rules

    def test_says_every_decision_in_the_words_agreed_to(self, cast, changed, monkeypatch):
        seen = []
        real = consents.typst.compile
        monkeypatch.setattr(
            consents.typst, "compile", lambda *a, **k: seen.append(k["sys_inputs"]["told"]) or real(*a, **k)
        )
        decide(by=cast.users.alice, person=cast.people.alice, choices={"stories": False})
        self.made(cast.people.alice)
        told = consents.json.loads(seen[0])
        assert cast.people.alice.pk in told["stood"]
        rows = {row["title"]: row for row in told["decisions"]}
        assert len(rows) == len(PURPOSES)
        assert rows["Share my story"]["decided"].startswith("Not agreed")
        assert "document 2099-01" in rows["Share my story"]["decided"]
        assert rows["Count me on the map"]["agree"] != "reworded"

    def test_has_a_name_that_names_nobody(self, cast, client):
        client.force_login(cast.users.alice)
        response = client.get(f"/people/{cast.people.alice.pk}/consent/receipt.pdf")
        assert response["Content-Disposition"] == 'attachment; filename="consent-receipt.pdf"'
        assert response.content.startswith(b"%PDF-")


class TestInSpanish:
    def test_the_current_document_is_there_in_every_language_of_the_site(self):
        for language, _name in settings.LANGUAGES:
            assert current_document().worded(language).language == language

    def test_a_translation_takes_over_what_holds_in_every_language(self):
        for document in documents():
            for each in document.translations:
                assert [(p.id, p.again, p.needed) for p in each.purposes] == [
                    (p.id, p.again, p.needed) for p in document.purposes
                ]
                assert not {p.agree for p in each.purposes} & {p.agree for p in document.purposes}

    def test_the_words_that_were_read_are_those_written_down_and_on_the_receipt(self, cast, client, monkeypatch):
        client.force_login(cast.users.alice)
        page = f"/people/{cast.people.alice.pk}/consent/"
        spanish = client.get(page, headers={"accept-language": "es"}).content.decode()
        assert "Las historias que escribo" in spanish
        assert "English" not in spanish.split("<main")[1].split("</main")[0]
        client.post(f"{page}map/", {"given": "no"}, headers={"accept-language": "es"})
        assert cast.people.alice.consents.last().language == "es"
        seen = []
        monkeypatch.setattr(consents.typst, "compile", lambda *a, **k: seen.append(k["sys_inputs"]["told"]) or b"")
        consents.receipt(cast.people.alice, timezone.now())
        rows = {row["title"]: row for row in consents.json.loads(seen[0])["decisions"]}
        assert rows["Contarme en el mapa"]["language"] == "es"
        assert rows["Share my story"]["language"] == "en"


class TestOnPaper:
    @pytest.fixture
    def person(self, cast):
        return add_person(by=cast.users.nora, centre=cast.centres.northtown)

    def test_the_centre_writes_down_what_the_paper_says(self, cast, client, person):
        client.force_login(cast.users.nora)
        assert client.get(f"/people/{person.pk}/").status_code == 404
        client.post(f"/centres/northtown/paper-consent/{person.pk}/", {"care": "yes", "centre": "yes", "map": "no"})
        assert {(c.purpose, c.given, c.method) for c in person.consents.all()} == {
            ("care", True, "paper"),
            ("centre", True, "paper"),
            ("map", False, "paper"),
        }
        assert client.get(f"/people/{person.pk}/").status_code == 200

    def test_another_centre_cannot(self, cast, client, person):
        client.force_login(cast.users.saul)
        assert client.post(f"/centres/southport/paper-consent/{person.pk}/", {"care": "yes"}).status_code == 404
        assert not person.consents.exists()

    def test_nobody_decides_for_a_person_with_an_account(self, cast, client):
        client.force_login(cast.users.nora)
        path = f"/centres/northtown/paper-consent/{cast.people.bruno.pk}/"
        assert client.post(path, {"centre": "yes"}).status_code == 404
        assert not agrees(cast.people.bruno, "centre")


def test_choosing_and_leaving_a_centre(cast, client):
    client.force_login(cast.users.alice)
    path = f"/people/{cast.people.alice.pk}/centre/"
    client.post(path, {"centre": "southport"})
    cast.people.alice.refresh_from_db()
    assert cast.people.alice.centre == cast.centres.southport
    client.post(path, {"centre": ""})
    cast.people.alice.refresh_from_db()
    assert cast.people.alice.centre is None
    assert client.post(path, {"centre": "nowhere"}).status_code == 404


class TestNothingIsEnteredWithoutConsent:
    @pytest.fixture
    def request_for(self, rf, cast):
        from django.contrib.messages.storage.fallback import FallbackStorage

        from openpoems.web.accounts.gate import guard
        from openpoems.web.portal.asking import ConsentMiddleware

        view = guard("write-record")(lambda request, person: None)

        def ask(user):
            request = rf.post("/")
            request.user, request.session = user, {}
            request._messages = FallbackStorage(request)
            return ConsentMiddleware(lambda request: None).process_view(
                request, view, (), {"pseudonym": cast.people.alice.pk}
            )

        return ask

    def test_while_the_person_agrees_everybody_passes(self, cast, request_for):
        assert request_for(cast.users.alice) is request_for(cast.users.nora) is None

    def test_the_person_is_led_to_decide_and_staff_is_told(self, cast, request_for):
        decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
        assert request_for(cast.users.alice).url.endswith(f"/people/{cast.people.alice.pk}/consent/")
        assert request_for(cast.users.nora).status_code == 403

    def test_whoever_may_not_see_the_record_learns_nothing(self, cast, request_for):
        decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
        assert request_for(cast.users.saul) is None  # the gate behind says that there is no such record
