"""The demo: invented people, the same each time, in a database of their own."""

import shutil
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from django.test import override_settings

from openpoems.criteria.delay import delay
from openpoems.errors import OpenpoemsError
from openpoems.knowledge.store import knowledge
from openpoems.reports.traits import alike
from openpoems.web.accounts.models import Membership, User
from openpoems.web.answers.queries import readings
from openpoems.web.audit import chain
from openpoems.web.community.likeness import traits_of
from openpoems.web.community.models import Compared, Wish
from openpoems.web.demo.accounts import accounts, code
from openpoems.web.demo.fill import fill
from openpoems.web.demo.people import people
from openpoems.web.registry import vault
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Draft, Fact, Person, Tie
from openpoems.web.registry.store import record_of

DAY = date(2026, 11, 24)
CASES = Path("tests/cases")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made():
    return people(DAY)


@pytest.fixture
def filled(db, settings, tmp_path, made, cases, monkeypatch):
    few = made[:45]  # drawn once, and few: what is tested here does not need all of them
    monkeypatch.setattr("openpoems.web.demo.fill.people", lambda today: few)
    settings.KEY_RING = tmp_path / "keys.json"
    vault.write(vault.new_key_ring(), settings.KEY_RING)
    return fill(DAY, cases)


@pytest.fixture
def cases(tmp_path):
    """Some of the published cases."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for path in sorted(CASES.glob("poems-*.json"))[:3]:
        shutil.copy(path, folder)
    return folder


def test_the_same_day_gives_the_same_people(made):
    again = people(DAY)
    assert [(one.name, one.record, one.agreed) for one in again] == [(o.name, o.record, o.agreed) for o in made]


def test_there_are_enough_people_of_three_countries(made):
    assert len(made) >= 240
    assert {one.centre["country"] for one in made} == {"DE", "GB", "ES"}


def test_the_way_to_the_diagnosis_is_as_long_as_published(made):
    """12 to 16 months at the middle (knowledge/data/delay.toml)."""
    ways = [delay(one.record, knowledge(), DAY) for one in made]
    middle = median((way.low_months + way.high_months) / 2 for way in ways)
    published = knowledge().delays[0]
    assert published.low <= middle <= published.high


def test_every_regimen_and_both_specimens_occur(made):
    lines = {line.regimen for one in made for line in one.record.treatments}
    assert {"Rd", "DRd", "VCd", "Td", "Pd"} <= lines
    assert any(one.record.procedures for one in made)
    vegf = [each for one in made for each in one.record.measurements if each.assay]
    assert {each.specimen for each in vegf} == {"serum", "plasma", ""}
    assert any(each.comparator == "<" for each in vegf)
    assert {each.value.unit for each in vegf} >= {"pg/mL", "ng/L", "pg/tube"}


def test_filling_makes_a_whole_registry(filled):
    assert Person.objects.count() == 48
    assert {m.role for m in Membership.objects.all()} == {
        "clinician",
        "abstractor",
        "lead",
        "researcher",
        "administrator",
        "editor",
        "reviewer",
        "moderator",
    }
    assert set(Tie.objects.values_list("kind", flat=True)) == {"self", "proxy"}
    assert Fact.objects.filter(verified__isnull=False).exists()
    verdict = chain.verify()
    assert verdict.fault == ""
    assert verdict.rows > Fact.objects.count()


def test_nobody_who_was_published_counts_for_research(filled):
    published = Person.objects.filter(facts__entered__isnull=False, birth_year__isnull=True)
    assert published.exists()
    assert not agreeing(published, "research").exists()
    assert agreeing(published, "centre").exists()


def test_whoever_wishes_to_meet_somebody_is_like_the_first_person(filled):
    first = traits_of(Compared.objects.get(member__user__email="ada@example.org"))
    assert alike(first, traits_of(Wish.objects.get().compared))


def test_what_people_agreed_to_differs(filled):
    counts = {purpose: agreeing(Person.objects.all(), purpose).count() for purpose in ("care", "centre", "research")}
    assert Person.objects.count() > counts["care"] > counts["centre"] > counts["research"] > 0


def test_a_stored_record_is_the_invented_one(filled, made):
    person = Person.objects.get(ties__user__email="ada@example.org")
    stored, told = record_of(person), made[0].record
    assert len(stored.measurements) == len(set(told.measurements))
    assert stored.treatments == told.treatments


def test_a_form_that_was_begun_can_be_continued(filled, client):
    draft = Draft.objects.select_related("user", "person").first()
    client.force_login(draft.user)
    record = f"/people/{draft.person.pk}/"
    assert f'href="{record}{draft.form}/"' in client.get(record).text
    begun = client.get(f"{record}{draft.form}/")
    assert begun.context["draft"] == draft
    form = begun.context["form"]
    assert draft.fields.items() <= {name: form[name].value() for name in form.fields}.items()


def test_filling_again_changes_nothing(filled, cases):
    before = Fact.objects.count()
    assert "still there" in fill(DAY, cases)
    assert Fact.objects.count() == before


def test_the_demo_leaves_a_database_of_others_alone(cast):
    with pytest.raises(OpenpoemsError, match="not the demo's"):
        fill(DAY, None)


@pytest.mark.parametrize("name", ["DEMO", "SECURE"])
def test_the_demo_refuses_the_settings_of_a_real_site(name):
    with override_settings(**{name: name == "SECURE"}), pytest.raises(OpenpoemsError, match="not a demo's settings"):
        fill(DAY, None)


def test_the_accounts_sign_in_with_their_code(filled, client):
    lead = next(account for account in accounts() if account.role == "lead")
    client.post("/accounts/login/", {"login": lead.email, "password": lead.password})
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": lead.code})
    assert client.session["_auth_user_id"] == str(User.objects.get(email=lead.email).pk)


def test_the_page_lists_the_accounts_in_a_demo_alone(filled, client):
    assert b"lea@example.org" in client.get("/demo/").content
    client.cookies["django_language"] = "es"
    assert "Persona con POEMS" in client.get("/demo/").content.decode()
    with override_settings(DEMO=False):
        assert client.get("/demo/").status_code == 404
        assert accounts() == []


def test_a_registry_that_is_no_demo_has_no_such_page(cast, client):
    assert client.get("/demo/").status_code == 404


def test_codes_are_those_of_an_authenticator_app(monkeypatch):
    """RFC 6238, appendix B, SHA-1 at 59 seconds: 94287082, of which six digits are shown."""
    monkeypatch.setattr("time.time", lambda: 59)
    assert code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == "287082"


def test_reviews_of_the_demo_are_shown_as_invented(filled):
    answers = {each.name: each for each in readings(DAY)}
    assert {name for name, each in answers.items() if each.reviewed} == {"what-is-poems", "what-is-vegf"}
    assert answers["is-it-cidp"].standing == "overdue"
    assert all(each.reviewer.invented for each in answers.values() if each.reviewer)
