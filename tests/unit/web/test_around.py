import pytest
from django.urls import reverse

from openpoems.web.registry.around import around
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db
OFFERED = {
    "alice": {
        *(
            "answers",
            "course",
            "letter",
            "letter-fhir",
            "letter-links",
            "my-data",
            "person-imports",
            "identity",
            "consent",
        ),
        *("accesses", "erase-record", "make-it-count"),
    },
    "nora": {"answers", "course", "letter", "letter-fhir", "letter-links", "person-imports", "identity"},
    "abel": {"answers", "course", "letter", "letter-fhir", "person-imports"},
    "lena": {"answers", "course", "letter", "letter-fhir", "person-imports", "identity", "accesses"},
}


@pytest.mark.parametrize("name", OFFERED)
def test_a_record_offers_the_pages_that_open(client, cast, name):
    alice = cast.people.alice
    client.force_login(getattr(cast.users, name))
    offered = around(getattr(cast.users, name), alice)
    assert {page.address for page in offered} == {reverse(page, args=[alice.pk]) for page in OFFERED[name]}
    shown = client.get(reverse("record", args=[alice.pk])).content.decode()
    for page in offered:
        assert f'href="{page.address}"' in shown
        assert client.get(page.address).status_code in (200, 302)  # erasing asks for the password again first


def test_a_centre_adds_a_person_and_writes_down_the_paper_consent(client, cast):
    client.force_login(cast.users.abel)
    known = set(Person.objects.values_list("pk", flat=True))
    response = client.post(reverse("centre-add-person", args=["northtown"]))
    (person,) = Person.objects.exclude(pk__in=known)
    paper = reverse("paper-consent", args=["northtown", person.pk])
    assert (response.status_code, response.url) == (302, paper)
    assert "once the person agreed" in client.get(paper).content.decode()
    assert client.get(reverse("record", args=[person.pk])).status_code == 404
    client.post(paper, {"care": "yes", "centre": "yes"})
    assert reverse("record", args=[person.pk]) in client.get(paper).content.decode()
    assert client.get(reverse("record", args=[person.pk])).status_code == 200


def test_every_page_and_table_of_a_record_has_words_in_who_opened_it():
    from django.urls import get_resolver

    from openpoems.web.audit.triggers import audited
    from openpoems.web.registry.accesses import CHANGED, READ

    def named(patterns):
        for each in patterns:
            if hasattr(each, "url_patterns"):
                yield from named(each.url_patterns)
            elif "<pseudonym>" in str(each.pattern):
                yield each.name

    pages = set(named(get_resolver().url_patterns))
    assert len(pages) > 20
    assert pages - READ.keys() == set()
    tables = {model._meta.db_table for model in audited() if model.audit_person}
    assert tables - CHANGED.keys() == set()
