"""A centre's pages and the demo's accounts, as their users meet them."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Coding, Concept, Event, Measurement, Provenance
from openpoems.web.clinic.models import Snapshot
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter

PAGES = {
    "people": "People of Northtown Clinic",
    "quality": "Completeness and quality",
    "follow-up": "What is due",
    "exports": "Exports",
}


@pytest.fixture
def told(cast):
    """Alice at Northtown: a diagnosis after her death, and a VEGF of long ago that she entered herself."""
    alice, user = cast.people.alice, cast.users.alice
    vegf = Concept((Coding("LOINC:75628-8"),))
    for fact in (
        Event("diagnosis", Concept((Coding("OPENPOEMS:poems-syndrome"),)), on=PartialDate.parse("2024-03-05")),
        Event("first-symptom", Concept(text="numb feet"), on=PartialDate.parse("2024-06")),
        Measurement(
            vegf,
            value=Quantity(1900.0, "pg/mL"),
            specimen="serum",
            on=PartialDate.parse("2024-03-05"),
            provenance=Provenance(said_by="patient"),
        ),
    ):
        enter(by=user, person=alice, fact=fact)
    return cast


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_every_page_of_a_centre_is_for_everybody(someone, told, phone):
    lena = someone(told.users.lena, phone=phone)
    for name, heading in PAGES.items():
        lena.opens(f"/centres/northtown/{name}/")
        lena.is_on(heading)
        lena.finds_it_accessible()
        lena.keeps_a_picture(f"centre-{name}-{'phone' if phone else 'desk'}")


def test_a_clinician_finds_a_person_and_sorts_the_list(someone, told):
    nora = someone(told.users.nora)
    nora.opens("/")
    nora.presses("Northtown Clinic")
    nora.sees("1900 pg/mL serum")
    nora.sees("2 people who agreed")
    nora.presses("Last VEGF")
    assert nora.page.locator("th[aria-sort=descending]").inner_text().startswith("Last VEGF")
    nora.chooses("Show", "records with values to verify")
    nora.presses("Find")
    nora.sees("1 person who agreed")
    nora.fills("Pseudonym, or your own number", told.people.alice.pk[:6])
    nora.presses("Find")
    nora.presses(told.people.alice.pk)
    nora.is_at(f"/people/{told.people.alice.pk}/")


def test_the_list_works_by_keyboard_and_without_javascript(someone, told):
    nora = someone(told.users.nora, javascript=False)
    nora.opens("/centres/northtown/people/")
    nora.sees(told.people.alice.pk)
    abel = someone(told.users.abel)
    abel.opens("/centres/northtown/people/")
    abel.tabs_to("Pseudonym, or your own number")
    abel.types(told.people.dora.pk)
    abel.hits("Enter")
    abel.does_not_see(told.people.alice.pk)


def test_a_lead_has_the_records_looked_at_and_sees_what_is_wrong(someone, told):
    Snapshot.objects.update(made_by="an older version")
    lena = someone(told.users.lena)
    lena.opens("/centres/northtown/quality/")
    lena.sees("2 records changed since they were last looked at.")
    lena.presses("Look at the records again")
    lena.sees("2 records were looked at.")
    lena.sees("the diagnosis lies before the first symptom: correct one of the dates")
    lena.sees("1 of 2")


def test_a_lead_takes_an_export_until_somebody_withdraws(someone, told):
    lena = someone(told.users.lena)
    lena.opens("/centres/northtown/exports/")
    lena.presses("Prepare an export")
    lena.sees("2 people agreed to research.")
    name, content = lena.downloads("Take it")
    assert name == f"northtown-{date.today():%Y-%m-%d}.zip"  # noqa: DTZ011 - as the site names it
    assert "people.csv" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    decide(by=told.users.alice, person=told.people.alice, choices={"research": False})
    lena.presses("Take it")
    lena.sees("There is no such export to take; prepare one.")
    lena.sees("1 of 2 people agreed to research.")


def test_the_demo_shows_its_accounts_and_lets_one_in(someone, key_ring, monkeypatch):
    from openpoems.web.demo import fill, people

    few = people.people(date(2026, 11, 24))[:12]
    monkeypatch.setattr(fill, "people", lambda today: few)
    fill.fill(date(2026, 11, 24), Path("tests/cases"))
    visitor = someone()
    visitor.opens("/")
    visitor.presses("Its accounts")
    visitor.is_on("The demo's accounts")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("demo-accounts")
    code = visitor.page.locator("tr", has_text="lea@example.org").locator("td").last.inner_text()
    visitor.opens("/accounts/login/")
    visitor.page.locator("input[name=login]").fill("lea@example.org")
    visitor.page.locator("input[name=password]").fill("poems demo only")
    visitor.hits("Enter")
    visitor.page.locator("input[name=code]").fill(code)
    visitor.hits("Enter")
    visitor.sees("Sign out")
    visitor.opens("/centres/lindenau/people/")
    visitor.is_on("People of Lindenau University Hospital")
    phone = someone(phone=True)
    phone.opens("/demo/")
    phone.finds_it_accessible()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_clinician_sees_who_needs_attention_and_goes_where_it_is_settled(someone, told, phone):
    nora = someone(told.users.nora, phone=phone)
    nora.opens("/centres/northtown/people/")
    nora.presses("Who needs attention")
    nora.is_on("Who needs attention")
    nora.sees("Neuropathy score (ONLS): never recorded")
    nora.finds_it_accessible()
    nora.keeps_a_picture(f"centre-attention-{'phone' if phone else 'desk'}")
    nora.tabs_to("Values to verify")
    nora.hits("Enter")
    nora.is_at("/centres/northtown/attention/?why=unverified")
    nora.presses("3 values to verify")
    nora.is_at(f"/people/{told.people.alice.pk}/review/")
