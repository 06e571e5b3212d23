"""A person's results in the language of whoever reads them: answers, course, letter and report; data stay in English."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone, translation

from openpoems.interchange.sources import load, read_source
from openpoems.knowledge.store import knowledge
from openpoems.language import speaking, spoken
from openpoems.web.attention.refresh import refresh
from openpoems.web.course.models import Drawn
from openpoems.web.insight.assessments import assessed, letter_of, report_of
from openpoems.web.insight.models import Assessed
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import facts_in, row_of
from tests.spec.test_language import fragments

pytestmark = [pytest.mark.database, pytest.mark.django_db]
COURSE = Path(__file__).resolve().parents[3] / "examples" / "course.csv"
SPANISH = {"Accept-Language": "es"}


@pytest.fixture(autouse=True)
def _english_again():
    """Django's own language stays with the thread of the last request; the next test begins in English."""
    yield
    translation.deactivate()


@pytest.fixture
def alice(cast):
    """Alice with the invented course of `examples/course.csv` as her record."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    rows = [row_of(cast.people.alice, each, by=cast.users.alice, at=timezone.now()) for each in facts_in(record)]
    Fact.objects.bulk_create({row.digest: row for row in rows}.values())
    Person.objects.filter(pk=cast.people.alice.pk).update(revision=cast.people.alice.revision + 1)
    cast.people.alice.refresh_from_db()
    return cast.people.alice


@pytest.fixture
def patient(client, cast):
    client.force_login(cast.users.alice)
    return client


@pytest.fixture
def nora(cast):
    client = Client()
    client.force_login(cast.users.nora)
    return client


def read(response):
    """What a page says, without what it says itself to be in English: content that nobody has translated."""
    assert response.status_code == 200
    page = re.sub(
        r'<(style|script)\b.*?</\1>|<[^>]*\blang="en"[^>]*>.*?</', " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("page", ["answers/", "course/", "report/"])
def test_a_page_of_results_has_no_sentence_of_the_engine_in_english(patient, nora, alice, page):
    reader = patient if page == "answers/" else nora
    said = read(reader.get(f"/people/{alice.pk}/{page}", headers=SPANISH))
    # The words of the record stay as they were written, and so do the titles of sources.
    own = COURSE.read_text() + repr(knowledge().references)
    assert [each for each in fragments("es") if each in said and each not in own] == []


def test_what_one_reads_in_spanish_the_next_reads_in_english(patient, alice):
    before = read(patient.get(f"/people/{alice.pk}/answers/"))
    spanish = read(patient.get(f"/people/{alice.pk}/answers/", headers=SPANISH))
    assert read(patient.get(f"/people/{alice.pk}/answers/")) == before
    assert "A normal VEGF does not exclude relapse" in before
    assert "Un VEGF normal no excluye una recaída" in spanish


def test_an_assessment_is_kept_once_for_each_language(patient, alice):
    for headers in (SPANISH, {}, SPANISH, {}):
        patient.get(f"/people/{alice.pk}/answers/", headers=headers)
    assert sorted(Assessed.objects.values_list("language", flat=True)) == ["en", "es"]
    kept = {each.language: each for each in Assessed.objects.all()}
    assert '<html lang="es">' in report_of(kept["es"])
    assert '<html lang="en">' in report_of(kept["en"])


def test_the_letter_is_in_the_language_of_its_reader(alice):
    with speaking("es"):
        made = letter_of(alice, {})
    assert made.conclusion == "El registro cumple los criterios de: Síndrome POEMS. Criterios: Clínica Mayo 2023."
    assert (
        letter_of(alice, {}).conclusion
        == "The record meets the criteria for POEMS syndrome. Criteria: Mayo Clinic 2023."
    )


def test_what_programs_read_is_the_same_in_every_language(patient, alice):
    for address in (f"/api/people/{alice.pk}/assessment", f"/api/people/{alice.pk}/series"):
        english, spanish = patient.get(address), patient.get(address, headers=SPANISH)
        assert english.status_code == spanish.status_code == 200
        assert english.json() == spanish.json()


def test_a_list_of_a_centre_keeps_its_reasons_in_one_language(alice):
    with speaking("es"):
        refresh([alice.pk], timezone.localdate())
        assert spoken() == "es"
    alice.refresh_from_db()
    assert {each["name"] for each in alice.attention.reasons if each["kind"] == "lost"} <= {
        "FDG-PET", "M-protein", "Grip strength", "ONLS", "Peripheral oedema", "VEGF",
    }  # fmt: skip


def test_a_drawing_of_a_course_is_kept_for_each_language_with_its_own_words(nora, alice):
    for headers in ({}, SPANISH, {}, SPANISH):
        said = read(nora.get(f"/people/{alice.pk}/course/", headers=headers))
        assert ("Infección o enfermedad aguda" in said) is bool(headers)
        assert ("Acute infection or illness" in said) is not headers
    assert Drawn.objects.count() == 2


def test_a_request_leaves_no_language_behind(patient, alice):
    patient.get(f"/people/{alice.pk}/answers/", headers=SPANISH)
    assert spoken() == "en"
    assert assessed(alice).language == "en"


@pytest.mark.django_db(transaction=True)
def test_readers_at_one_time_hear_each_their_own_language(cast):
    def look(headers):
        try:
            client = Client()
            client.force_login(cast.users.alice)
            return client.get(f"/people/{cast.people.alice.pk}/answers/", headers=headers).content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(look, [SPANISH, {}] * 4))
    assert all("lo que" in page.lower() and "has not been tested" not in page for page in pages[::2])
    assert all('<html lang="en">' in page for page in pages[1::2])
