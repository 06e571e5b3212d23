"""A person reads what the record answers, hands the letter on and takes the link back; and erases everything."""

from pathlib import Path

import pytest

from openpoems.interchange.sources import load, read_source
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import facts_in
from tests.cast import PASSWORD

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"


@pytest.fixture
def with_course(cast):
    """Alice with the invented course of `examples/course.csv`."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    for fact in facts_in(record):
        enter(by=cast.users.alice, person=cast.people.alice, fact=fact)
    return cast


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_person_reads_what_the_record_answers(someone, with_course, phone):
    alice = someone(with_course.users.alice, phone=phone)
    alice.opens("/")
    alice.finds_it_accessible()
    alice.presses("What the record answers")
    alice.is_on("What the record answers")
    alice.sees("complete response (CR)")
    alice.sees("does not exclude relapse")
    alice.sees("illustrative")
    alice.finds_it_accessible()
    alice.keeps_a_picture(f"answers-{'phone' if phone else 'desk'}")


def test_the_full_report_opens(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens(f"/people/{with_course.people.alice.pk}/report/")
    alice.is_on("POEMS syndrome assessment")


def test_the_letter_is_shared_by_a_link_and_taken_back_by_keyboard_alone(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens(f"/people/{with_course.people.alice.pk}/letter/links/")
    alice.finds_it_accessible()
    alice.tabs_to("For whom? (only you see this)")
    alice.types("my new neurologist")
    alice.tabs_to("Make a link")
    alice.hits("Enter")
    alice.sees("Your new link")
    alice.finds_it_accessible()
    alice.keeps_a_picture("letter-link")
    address = alice.page.locator(".address").inner_text()
    doctor = someone()
    assert doctor.page.request.get(address).headers["content-type"] == "application/pdf"
    alice.tabs_to("Close this link")
    alice.hits("Enter")
    alice.sees("The link is closed")
    doctor.opens(address)
    doctor.is_on("This link is closed")
    doctor.finds_it_accessible()


def test_a_person_sees_who_opened_the_record_and_erases_it_by_keyboard_alone(someone, with_course):
    alice, nora = someone(with_course.users.alice), someone(with_course.users.nora)
    record = f"/people/{with_course.people.alice.pk}/"
    nora.opens(record)
    alice.opens(record)
    alice.presses("Who opened the record")
    alice.sees("Nora")
    alice.finds_it_accessible()
    alice.keeps_a_picture("who-opened")
    alice.opens(record)
    alice.presses("Erase the record")
    alice.tabs_to("Password:")
    alice.types(PASSWORD)
    alice.hits("Enter")
    alice.is_on("Erase the record")
    alice.finds_it_accessible()
    alice.keeps_a_picture("erase")
    alice.tabs_to("To erase the record, write the word: erase")
    alice.types("erase")
    alice.tabs_to("Erase for good")
    alice.hits("Enter")
    alice.sees("Your record was erased.")
    assert not Person.objects.filter(pk=with_course.people.alice.pk).exists()
    nora.opens(record)
    nora.is_on("There is no such page")
