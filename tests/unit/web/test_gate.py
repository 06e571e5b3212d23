import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["alice", "nora", "lena", "abel"])
def test_who_may_see_a_record_sees_it(client, cast, name):
    client.force_login(getattr(cast.users, name))
    assert client.get(f"/people/{cast.people.alice.pk}/").status_code == 200


@pytest.mark.parametrize("name", ["bruno", "saul", "rosa", "adam", "stan", "pat"])
def test_for_everybody_else_there_is_no_such_record(client, cast, name):
    client.force_login(getattr(cast.users, name))
    assert client.get(f"/people/{cast.people.alice.pk}/").status_code == 404


def test_a_centre_does_not_see_who_did_not_agree(client, cast):
    client.force_login(cast.users.nora)
    assert client.get(f"/people/{cast.people.bruno.pk}/").status_code == 404


def test_a_visitor_is_led_to_sign_in(client, cast):
    response = client.get(f"/people/{cast.people.alice.pk}/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_staff_without_a_second_factor_is_led_to_set_one_up(client, cast):
    cast.users.nora.authenticator_set.all().delete()
    client.force_login(cast.users.nora)
    response = client.get(f"/people/{cast.people.alice.pk}/")
    assert (response.status_code, response.url) == (302, "/accounts/2fa/")


def test_opening_a_record_is_logged(client, cast):
    from openpoems.web.audit.models import Entry

    client.force_login(cast.users.nora)
    client.get(f"/people/{cast.people.alice.pk}/")
    entry = Entry.objects.filter(action="read").last()
    assert (entry.person, entry.actor, entry.place) == (cast.people.alice.pk, str(cast.users.nora.public_id), "record")


def test_a_record_that_is_erased_while_a_page_is_made_of_it_is_not_found(client, cast, monkeypatch):
    from openpoems.web.registry.actions.erasure import erase
    from openpoems.web.registry.actions.people import describe

    def erased_meanwhile(*, by, person, **fields):
        erase(by=by, person=type(person).objects.get(pk=person.pk))
        describe(by=by, person=person, **fields)

    monkeypatch.setattr("openpoems.web.registry.views.record.describe", erased_meanwhile)
    client.force_login(cast.users.alice)
    page = f"/people/{cast.people.alice.pk}/about/"
    assert client.post(page, {"sex": "female", "status": "alive"}).status_code == 404


HERE = "http://testserver"
A_PAGE = {"Accept": "text/html,application/xhtml+xml"}


def test_words_sent_by_somebody_signed_out_come_back_to_be_copied(client, cast):
    place = "/community/like-me/meetings/1/"
    sent = {"why": "A whole evening <of> words.", "kind": "other", "password": "not to be shown"}
    page = client.post(f"{place}report/", sent, headers=A_PAGE | {"Referer": HERE + place})
    assert page.status_code == 403
    assert "no-store" in page["Cache-Control"]
    assert "A whole evening &lt;of&gt; words." in page.content.decode()
    assert "not to be shown" not in page.content.decode()
    assert "?next=%2Fcommunity%2Flike-me%2Fmeetings%2F1%2F" in page.content.decode()


def test_a_button_pressed_by_somebody_signed_out_leads_back_to_its_page(client, cast):
    place = "/community/like-me/meetings/1/"
    for sent, asked in (({"end": "1"}, A_PAGE), ({"text": "a draft, kept by its script"}, {"Accept": "*/*"})):
        answer = client.post(f"{place}report/", sent, headers=asked | {"Referer": f"{HERE}{place}?page=2"})
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={place}%3Fpage%3D2")
    elsewhere = client.post(place, {"end": "1"}, headers=A_PAGE | {"Referer": "https://elsewhere.example/trap/"})
    assert elsewhere.url == f"/accounts/login/?next={place}"


def test_an_address_that_only_takes_forms_says_so_on_a_page(client, cast):
    page = client.get("/answers/what-is-poems/remark/", headers=A_PAGE)
    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "Nothing opens here" in page.content.decode()
    assert client.get("/answers/what-is-poems/remark/").content == b""
