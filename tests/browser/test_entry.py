"""Entering and verifying, as people do it."""

import re

import pytest
from playwright.sync_api import expect

from openpoems.quantities import Quantity
from openpoems.record import Measurement, PartialDate
from openpoems.web.registry.actions import facts
from openpoems.web.registry.concepts import measure_concept
from openpoems.web.registry.models import Draft, Fact
from openpoems.web.registry.store import fact_of, said_by

VEGF = "Vascular endothelial growth factor"


def place(cast, address=""):
    return f"/people/{cast.people.alice.pk}/{address}"


def vegf(cast, value, *, by, who, **more):
    fact = Measurement(
        measure_concept("vegf"), Quantity(value, "pg/mL"), specimen="plasma", on=PartialDate(2021, 4, 15), **more
    )
    return facts.enter(by=by, person=cast.people.alice, fact=said_by(fact, who))


def test_a_person_enters_a_vegf_by_the_keyboard_alone(cast, someone):
    alice = someone(cast.users.alice)
    alice.opens(place(cast))
    alice.tabs_to("Add")
    alice.hits("Enter")
    alice.is_on("What do you want to add?")
    alice.tabs_to("A VEGF result")
    alice.hits("Enter")
    alice.is_on(VEGF)
    alice.tabs_to("Value")
    alice.types("1040,5")
    alice.tabs_to("Date of the sample or test")
    alice.types("15/04/2021")
    alice.tabs_to("Serum")
    alice.hits("ArrowDown")
    alice.tabs_to("Laboratory")
    alice.types("North Lab")
    alice.tabs_to("Normal up to")
    alice.types("96,2")
    alice.tabs_to("Save")
    alice.hits("Enter")
    alice.sees("1040.5 pg/mL")
    alice.sees("15 April 2021")
    alice.sees("in plasma · normal up to 96.2 pg/mL · North Lab")
    fact = fact_of(Fact.objects.get())
    assert (fact.value, fact.specimen) == (Quantity(1040.5, "pg/mL"), "plasma")


def test_a_wrong_form_says_what_is_wrong_and_a_strange_value_is_asked_about(cast, someone):
    alice = someone(cast.users.alice)
    vegf(cast, 900.0, by=cast.users.alice, who="patient")
    alice.opens(place(cast, "add/result/vegf/"))
    alice.fills("Value", "90000")
    alice.fills("Date of the sample or test", "5/4/2022")
    alice.presses("Save")
    alice.sees("Not saved yet")
    alice.finds_it_accessible()
    alice.keeps_a_picture("entry-wrong")
    alice.fills("Date of the sample or test", "2022-04-05")
    alice.presses("Save")
    alice.sees("Is this right?")
    alice.finds_it_accessible()
    alice.keeps_a_picture("entry-doubt")
    alice.ticks("Yes, this is right")
    alice.presses("Save")
    alice.sees("90000 pg/mL")


def test_a_person_corrects_a_value_and_sees_its_history(cast, someone):
    row = vegf(cast, 1040.0, by=cast.users.alice, who="patient")
    alice = someone(cast.users.alice)
    alice.opens(place(cast))
    alice.page.locator(f"#fact-{row.pk}").get_by_role("link", name="Correct").click()
    alice.is_on(f"Correct: {VEGF}")
    alice.fills("Value", "104")
    alice.presses("Save")
    alice.sees("Corrected.")
    alice.page.get_by_role("link", name="History").first.click()
    alice.sees("104 pg/mL")
    alice.sees("1040 pg/mL")
    alice.sees("corrected by a later one")
    alice.finds_it_accessible()
    alice.keeps_a_picture("entry-history")
    alice.presses("Take back")
    alice.fills("Why?", "another person's")
    alice.finds_it_accessible()
    alice.presses("Take back")
    alice.sees("Taken back")


def test_a_clinician_verifies_in_one_click_and_the_page_stays(cast, someone):
    vegf(cast, 1040.0, by=cast.users.alice, who="patient")
    nora = someone(cast.users.nora)
    nora.opens(place(cast))
    nora.page.evaluate("window.stayed = true")
    nora.page.get_by_role("button", name="Verify").click()
    nora.sees("verified by Nora")
    assert nora.page.evaluate("window.stayed")
    nora.does_not_see("1 not verified")


def test_a_clinician_verifies_without_a_script(cast, someone):
    vegf(cast, 1040.0, by=cast.users.alice, who="patient")
    nora = someone(cast.users.nora, javascript=False)
    nora.opens(place(cast))
    nora.page.get_by_role("button", name="Verify").click()
    nora.sees("verified by Nora")


def test_a_clinician_decides_between_two_values(cast, someone):
    vegf(cast, 1040.0, by=cast.users.alice, who="patient")
    vegf(cast, 104.0, by=cast.users.nora, who="clinician", laboratory="North Lab")
    lena = someone(cast.users.lena)
    lena.opens(place(cast))
    lena.sees("another source says otherwise")
    lena.keeps_a_picture("entry-record-conflict")
    lena.page.get_by_role("link", name=re.compile("1 conflict")).click()
    lena.is_on("To look at")
    lena.finds_it_accessible()
    lena.keeps_a_picture("entry-review")
    lena.page.get_by_label("104 pg/mL", exact=False).last.check()
    lena.fills("Why this value counts", "the report says 104")
    lena.presses("This value counts")
    lena.sees("No values stand against each other")
    assert fact_of(Fact.objects.get(state="current")).value.value == 104


def kept(alice):
    expect(alice.page.locator("[data-draft-says]")).to_contain_text("Kept at")


def test_what_was_begun_survives_a_reload(cast, someone):
    alice = someone(cast.users.alice)
    alice.opens(place(cast, "add/result/vegf/"))
    alice.fills("Value", "1040")
    alice.fills("Laboratory", "North Lab")
    kept(alice)
    alice.page.reload()
    alice.sees("You began this on")
    expect(alice.page.get_by_label("Value")).to_have_value("1040")
    alice.finds_it_accessible()
    alice.keeps_a_picture("entry-draft")
    alice.opens(place(cast))
    alice.finds_it_accessible()
    alice.presses("Continue")
    expect(alice.page.get_by_label("Laboratory", exact=True)).to_have_value("North Lab")


def test_what_was_begun_survives_a_lost_session(cast, someone):
    from tests.cast import PASSWORD

    alice = someone(cast.users.alice)
    alice.opens(place(cast, "add/result/vegf/"))
    alice.fills("Value", "1040")
    kept(alice)
    alice.page.context.clear_cookies(name="sessionid")
    alice.fills("Laboratory", "North Lab")
    alice.sees("You were signed out")
    with alice.page.context.expect_page() as opened:
        alice.presses("Sign in in a new window, then go on here.")
    login = opened.value
    login.get_by_label("Email").fill(cast.users.alice.email)
    login.get_by_label("Password").fill(PASSWORD)
    login.get_by_role("button", name=re.compile("^sign in$", re.IGNORECASE)).click()
    expect(login.get_by_label("Value")).to_have_value("1040")
    login.close()
    alice.fills("Laboratory", "South Lab")
    kept(alice)
    assert Draft.objects.get().fields["laboratory"] == "South Lab"
    alice.ticks("Plasma")
    alice.presses("Save")
    alice.sees("1040 pg/mL")


def test_a_lost_network_is_told_and_tried_again(cast, someone):
    alice = someone(cast.users.alice)
    alice.opens(place(cast, "add/result/vegf/"))
    alice.page.context.set_offline(True)
    alice.fills("Value", "1040")
    alice.sees("The site cannot be reached")
    alice.page.context.set_offline(False)
    kept(alice)
    stored = alice.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert stored == "[{},{}]"


def test_leaving_with_something_unsaved_is_asked_about(cast, someone):
    alice = someone(cast.users.alice)
    alice.opens(place(cast, "add/result/vegf/"))
    asked = []
    alice.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    alice.fills("Value", "1040")
    alice.presses("Cancel")
    alice.is_on("Record")
    assert asked == ["beforeunload"]


PAGES = [
    ("", "record"), ("add/", "choose"), ("signs/", "signs"), ("about/", "about"), ("add/result/vegf/", "vegf"),
    ("add/result/immunofixation-serum/", "immunofixation"), ("add/result/six-minute-walk/", "walk"), ("add/score/onls/", "onls"),
    ("add/score/i-rods/", "i-rods"), ("add/treatment/", "treatment"), ("add/transplant/", "transplant"),
    ("add/radiotherapy/", "radiotherapy"), ("add/procedure/", "procedure"), ("add/imaging/", "imaging"),
    ("add/event/diagnosis/", "diagnosis"), ("add/feature/", "feature"), ("review/", "nothing-to-review"),
]  # fmt: skip


@pytest.mark.parametrize("phone", [False, True])
def test_every_page_is_accessible_and_fits(cast, someone, phone):
    vegf(cast, 1040.0, by=cast.users.alice, who="patient", laboratory="North Lab")
    vegf(cast, 96.0, by=cast.users.alice, who="patient", note="after cycle 3")
    alice = someone(cast.users.alice, phone=phone)
    for address, name in PAGES:
        alice.opens(place(cast, address))
        alice.finds_it_accessible()
        alice.keeps_a_picture(f"entry-{name}{'-phone' if phone else ''}")


def test_an_empty_record_says_what_to_enter_first(cast, someone):
    alice = someone(cast.users.alice, phone=True)
    alice.opens(place(cast))
    alice.finds_it_accessible()
    alice.keeps_a_picture("entry-empty-phone")
    alice.presses("The signs: what was found, what was looked for and not found")
    ascites = alice.page.get_by_role("group", name=re.compile("^Ascites"))
    expect(ascites.get_by_label(re.compile("Since when"))).to_be_hidden()
    ascites.get_by_label("yes").check()
    ascites.get_by_label(re.compile("Since when")).fill("2020")
    alice.keeps_a_picture("entry-signs-answered-phone")
    alice.presses("Save")
    alice.sees("Saved: 1 sign.")
