"""In which language the site speaks, on a page and by mail."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def choose(client, code):
    return client.post(reverse("language"), {"language": code, "next": "/"}, follow=True)


def test_a_visitor_reads_the_site_in_the_language_of_the_browser_until_another_is_chosen(client):
    asked = {"HTTP_ACCEPT_LANGUAGE": "es-AR,es;q=0.9"}
    assert '<html lang="es">' in client.get("/", **asked).content.decode()
    choose(client, "en")
    assert '<html lang="en">' in client.get("/", **asked).content.decode()


def test_an_account_keeps_its_language_for_the_mail_it_gets(cast):
    client = Client()
    client.force_login(cast.users.alice)
    choose(client, "es")
    cast.users.alice.refresh_from_db()
    assert cast.users.alice.language == "es"


@pytest.mark.parametrize("code", ["xx", "", "es\0", "../../etc"])
def test_a_language_that_does_not_exist_changes_nothing(cast, code):
    client = Client()
    client.force_login(cast.users.alice)
    assert choose(client, code).status_code == 200
    cast.users.alice.refresh_from_db()
    assert cast.users.alice.language == ""


def test_no_language_leads_to_another_site(client):
    response = client.post(reverse("language"), {"language": "es", "next": "https://elsewhere.example/"})
    assert response.url == "/"
