"""A person reads what the record answers, hands the letter on and takes the link back; and erases everything."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import facts_in, row_of
from tests.browser.pictures import looks_as_approved
from tests.cast import PASSWORD

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"


DAY = date(2024, 12, 2)


@pytest.fixture
def with_course(cast, monkeypatch):
    """Alice with the invented course of `examples/course.csv`, on a day that stands still."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: DAY)
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    rows = [row_of(cast.people.alice, fact, by=cast.users.alice, at=timezone.now()) for fact in facts_in(record)]
    Fact.objects.bulk_create(rows)
    Person.objects.filter(pk=cast.people.alice.pk).update(revision=1)
    return cast


def test_a_person_finds_out_by_keyboard_alone_whether_it_is_working(someone, with_course):
    alice = someone(with_course.users.alice, phone=True)
    alice.opens("/")
    alice.tabs_to("What the record answers")
    alice.hits("Enter")
    alice.is_on("What the record answers")
    alice.sees("Yes, on all that was looked at, as of 11 November 2024.")
    alice.sees("Not shown by what was looked at, up to 11 November 2024.")
    alice.sees("does not exclude relapse")
    alice.finds_it_accessible()
    looks_as_approved(alice.page, "answers-phone")
    alice.sees("entries were not yet looked at by a clinician")
    alice.does_not_see("VEGF is not in the record")
    alice.tabs_to("What to ask")
    alice.hits("Enter")
    alice.tabs_to("What has not been tested")
    alice.hits("Enter")
    alice.sees("Nothing more is needed to settle these criteria.")
    alice.tabs_to("VEGF")
    alice.hits("Enter")
    alice.sees("A messenger in the blood")
    alice.hits("Escape")
    alice.tabs_to("The same as a table")
    alice.hits("Enter")
    alice.sees("above the limit (96.2)")
    alice.finds_it_accessible()


def test_the_page_is_read_at_double_size_in_the_dark_and_on_paper(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens(f"/people/{with_course.people.alice.pk}/answers/")
    alice.finds_it_accessible()
    looks_as_approved(alice.page, "answers-desk")
    alice.page.set_viewport_size({"width": 640, "height": 450})  # 1280 by 900 at 200 %
    alice.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    looks_as_approved(alice.page, "answers-double-dark")
    alice.finds_it_accessible()
    assert alice.page.pdf(format="A4").count(b"/Type /Page\n") in (1, 2)
    alice.page.emulate_media(media="print", color_scheme="dark")
    soft = alice.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--soft')")
    assert soft == "#55625f"  # as in the light scheme: pale words are lost on paper


def test_a_person_takes_all_data_away_by_keyboard_alone(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens("/")
    alice.finds_it_accessible()
    alice.opens(f"/people/{with_course.people.alice.pk}/answers/")
    alice.tabs_to("Take all the data away")
    alice.hits("Enter")
    alice.is_on("Take all the data away")
    alice.finds_it_accessible()
    looks_as_approved(alice.page, "my-data-desk")
    name, content = alice.downloads("Download: Table (CSV)")
    ((record, _),) = read_source(Path(name), content, form=None)
    assert len(facts_in(record)) == with_course.people.alice.facts.count()
    alice.tabs_to("Download: Everything (zip)")
    with alice.page.expect_download() as waiting:
        alice.hits("Enter")
    assert waiting.value.suggested_filename.endswith(".zip")
    alice.opens(f"/people/{with_course.people.alice.pk}/accesses/")
    alice.sees("all the data, taken away as a file")


def test_the_full_report_opens(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens(f"/people/{with_course.people.alice.pk}/report/")
    alice.is_on("POEMS syndrome assessment")
    alice.finds_it_accessible()


def test_the_letter_is_shared_by_a_link_and_taken_back_by_keyboard_alone(someone, with_course):
    alice = someone(with_course.users.alice)
    alice.opens(f"/people/{with_course.people.alice.pk}/letter/links/")
    alice.finds_it_accessible()
    alice.tabs_to("For whom? (whoever may share this letter sees it)")
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
