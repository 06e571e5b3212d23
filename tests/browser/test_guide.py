"""The pictures of `docs/guide`, taken while people of each kind do what the guide describes: `make guide`."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.reports.likeness import edition
from openpoems.reports.traits import Traits
from openpoems.web.accounts.models import Membership
from openpoems.web.answers.actions import bring
from openpoems.web.community.actions import stories
from openpoems.web.community.actions.members import describe, join
from openpoems.web.community.likeness import columns
from openpoems.web.community.models import Compared
from openpoems.web.insight.assessments import assessed
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.store import facts_in
from tests.browser.pictures import keeps_for_guide
from tests.cast import account

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"
DAY = date(2023, 9, 5)


@pytest.fixture
def with_course(cast, monkeypatch):
    """Alice with the invented course of `examples/course.csv`, on a day that stands still."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: DAY)
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    for fact in facts_in(record):
        enter(by=cast.users.alice, person=cast.people.alice, fact=fact)
    cast.people.alice.refresh_from_db()
    assessed(cast.people.alice)  # the model's code is compiled once, and no page waits for it
    return cast


def pictures(who, *pages):
    """Each page as a picture: its address, the picture's name, and what is scrolled to, if anything."""
    for address, name, place in pages:
        who.opens(address)
        if place:
            who.page.evaluate(f"document.getElementById('{place}').closest('.card').scrollIntoView()")
        keeps_for_guide(who.page, name)


def test_what_a_person_does(someone, with_course):
    alice, own = someone(with_course.users.alice, phone=True), f"/people/{with_course.people.alice.pk}"
    pictures(
        alice,
        ("/", "person-home", ""),
        (f"{own}/signs/", "person-signs", ""),
        (f"{own}/add/result/vegf/", "person-vegf", ""),
        (f"{own}/answers/", "person-answers", ""),
        (f"{own}/letter/links/", "person-letter", ""),
        (f"{own}/answers/", "person-vegf-picture", "vegf"),
        (f"{own}/accesses/", "person-accesses", ""),
        (f"{own}/data/", "person-data", ""),
    )


def test_what_a_clinician_does(someone, with_course):
    nora, of_alice = someone(with_course.users.nora), f"/people/{with_course.people.alice.pk}"
    pictures(
        nora,
        ("/centres/northtown/people/", "clinician-people", ""),
        (f"{of_alice}/review/", "clinician-review", ""),
        (f"{of_alice}/course/", "clinician-timeline", "timeline"),
    )
    nora.page.locator("a.spot[aria-label*='210 pg/mL']").focus()
    keeps_for_guide(nora.page, "clinician-value")
    pictures(nora, (f"{of_alice}/course/", "clinician-criteria", "criteria"))
    nora.presses("Elevated VEGF found")
    keeps_for_guide(nora.page, "clinician-evidence")
    pictures(nora, (f"{of_alice}/course/", "clinician-response", "response"))
    pictures(nora, (f"{of_alice}/course/", "clinician-relapse", "relapse"))


def test_what_a_lead_does(someone, with_course):
    lena = someone(with_course.users.lena)
    pictures(
        lena,
        ("/centres/northtown/quality/", "lead-quality", ""),
        ("/centres/northtown/follow-up/", "lead-due", ""),
        ("/centres/northtown/staff/", "lead-staff", ""),
        ("/centres/northtown/exports/", "lead-exports", ""),
    )


HARD = "For a year I was told that it was CIDP. On 12 March 2020 Dr. Anna Müller in Leeds measured VEGF, and it had a name."


@pytest.fixture
def story(cast):
    """Alice's story, written, with the map and the questions of her record."""
    member = join(by=cast.users.alice, role="affected", name="Marrow Sparrow")
    describe(by=cast.users.alice, member=member, shown=["country"], country="GB")
    begun = stories.begin(by=cast.users.alice, member=member)
    told = {"happened": HARD, "difference": "A splint.", "title": "A year too long", "audience": "public"}
    return stories.keep(by=cast.users.alice, story=begun, fields=told)


def test_what_a_member_does(someone, cast, story):
    made = Traits(age=1, sex="female", since=1, nerves=1, walking=0, treatments=frozenset({"transplantation"}))
    kept = {"person": cast.people.alice, "at": timezone.now(), "edition": edition(), **columns(made)}
    Compared.objects.create(member=story.member, **kept)
    pictures(
        someone(cast.users.alice, phone=True),
        ("/community/me/", "member-profile", ""),
        (f"/community/stories/{story.public_id}/write/look/", "member-look", ""),
        ("/community/like-me/", "member-like-me", ""),
        (f"/people/{cast.people.alice.pk}/make-it-count/", "member-count", ""),
    )


def test_what_a_moderator_does(someone, cast, story):
    stories.submit(by=cast.users.alice, story=story, agreed=True)
    mona = someone(cast.users.mona)
    pictures(mona, ("/community/moderation/", "moderator-desk", ""))
    mona.presses("A year too long")
    mona.presses("Take it up")
    keeps_for_guide(mona.page, "moderator-story")


def test_what_an_editor_does(someone, db):
    bring(at=timezone.now())
    eda = account("eda", second_factor=True)
    Membership.objects.create(user=eda, role="editor")
    pictures(
        someone(eda),
        ("/desk/", "editor-desk", ""),
        ("/desk/answers/transplantation/", "editor-answer", ""),
    )
