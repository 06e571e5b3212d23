"""Withdrawal takes effect everywhere at once: every place where a person is counted or shown to others, and every way out.

One table: a place, and the ways that end it. Each way is gone and each place is looked at in the same transaction. A new
kind of release, a new purpose of consent or a new audience of stories has no row here, and fails.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpoems.record import Coding, Concept, Event, PartialDate, Treatment
from openpoems.reports.likeness import edition
from openpoems.reports.traits import Traits
from openpoems.web.accounts.models import User
from openpoems.web.answers.presenter import of_the_registry
from openpoems.web.clinic import reminders
from openpoems.web.clinic.export.build import allowed
from openpoems.web.community import figures, rounds
from openpoems.web.community.actions.compared import stop
from openpoems.web.community.actions.meetings import wish
from openpoems.web.community.actions.members import choose_map, describe, leave
from openpoems.web.community.likeness import columns, wishes_for
from openpoems.web.community.map import publish_map, the_map
from openpoems.web.community.models import Compared, Counted, Meeting, Member, Release, Story
from openpoems.web.community.stories import readable_by
from openpoems.web.insight.actions import make_link
from openpoems.web.registry.actions.consent import decide, opt_out
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.people import describe as describe_person
from openpoems.web.registry.consent import PURPOSES
from openpoems.web.registry.models import Person
from openpoems.web.registry.people import visible_to
from openpoems.web.similar.release import publish_once_a_quarter
from tests.alike import compared_members
from tests.generative.worlds import agree, undone
from tests.telling import member_since, published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LIKE_HER = Traits(2, "female", 1, 1, 1, frozenset({"lenalidomide"}))


@dataclass
class World:
    """Alice is everywhere: on the map as the fifth, in figures as the eighth, read, compared, met, exported."""

    cast: object
    member: Member
    met: Member
    link: str

    @property
    def alice(self):
        """The record, as it stands."""
        return Person.objects.filter(pk=self.cast.people.alice.pk).first()

    def reads(self, user, address):
        """Whether somebody gets the page."""
        client = Client()
        if user is not None:
            client.force_login(user)
        return client.get(address).status_code == 200


def counted(world, kind):
    return Counted.objects.filter(release__kind=kind, person=world.cast.people.alice.pk).exists()


def stories(world, user, member=None):
    return set(readable_by(user, member).values_list("audience", flat=True))


RECORD = {"opt-out", "erase", "erase-all"}  # ends whatever comes out of the record
MEMBER = {"leave", "erase-all"}  # ends whatever comes of being a member
FOR_RESEARCH = {"care", "research", *RECORD}
OF_STORIES = {"stories", "opt-out", "erase", *MEMBER}
COMPARED = {"care", "stop", "opt-out", "erase", *MEMBER}
# Of each place: whether she is seen there, and what ends it.
PLACES = {
    ("release", "map"): (
        lambda w: "PT" in {line.place for line in the_map().lines},
        {"map", "map-off", "opt-out", "erase", *MEMBER},
    ),
    ("release", "figures"): (lambda w: counted(w, "figures") and figures.figures().people == "about 10", FOR_RESEARCH),
    ("release", "similar"): (lambda w: counted(w, "similar"), FOR_RESEARCH),
    ("number in the answers",): (lambda w: of_the_registry() == {"registry.people": "about 10"}, FOR_RESEARCH),
    ("story", "public"): (lambda w: "public" in stories(w, w.cast.users.stan), OF_STORIES),
    ("story", "members"): (lambda w: "members" in stories(w, w.met.user, w.met), OF_STORIES),
    ("story", "research"): (lambda w: "research" in stories(w, w.cast.users.rosa), OF_STORIES),
    ("compared with others",): (lambda w: Compared.objects.filter(member=w.member.pk).exists(), COMPARED),
    ("wish told to somebody alike",): (lambda w: wishes_for(w.met, timezone.now()).exists(), COMPARED),
    ("conversation",): (lambda w: Meeting.objects.filter(asked=w.member.pk).exists(), {"erase", *MEMBER}),
    ("profile",): (lambda w: w.reads(w.met.user, f"/community/members/{w.member.public_id}/"), MEMBER),
    ("export for research",): (
        lambda w: allowed(Person.objects.filter(pk=w.cast.people.alice.pk)).exists(),
        FOR_RESEARCH,
    ),
    ("staff of the centre",): (
        lambda w: visible_to(w.cast.users.nora, "view-record").filter(pk=w.cast.people.alice.pk).exists(),
        {"centre", *RECORD},
    ),
    ("mail of the centre",): (
        lambda w: bool(reminders.recipients(Person.objects.filter(pk=w.cast.people.alice.pk))),
        {"care", "contact", *RECORD},
    ),
    ("letter by a link",): (lambda w: w.reads(None, w.link), RECORD),
}
WAYS = {
    **{purpose: lambda w, p=purpose: w.alice and decide(by=None, person=w.alice, choices={p: False}) for purpose in PURPOSES},
    "opt-out": lambda w: w.alice and opt_out(by=None, person=w.alice),
    "erase": lambda w: w.alice and erase(by=w.cast.users.alice, person=w.alice),
    "erase-all": lambda w: w.alice and erase(by=w.cast.users.alice, person=w.alice, with_account=True),
    "map-off": lambda w: here(w) and choose_map(by=w.cast.users.alice, member=here(w), grain=""),
    "leave": lambda w: here(w) and leave(by=w.cast.users.alice, member=here(w)),
    "stop": lambda w: here(w) and stop(by=w.cast.users.alice, member=here(w)),
}  # fmt: skip


def here(world):
    return Member.objects.filter(pk=world.member.pk).first()


def fill(cast, person):
    facts = (
        Event("diagnosis", Concept((Coding("OPENPOEMS:poems-syndrome"),)), PartialDate(2024, 3, 5)),
        Treatment("Rd", start=PartialDate(2024, 4)),
    )
    describe_person(by=cast.users.nora, person=person, sex="female", birth_year=1960)
    for fact in facts:
        enter(by=cast.users.nora, person=person, fact=fact)


def compared(member, person):
    kept = Compared(member=member, person=person, at=NOW - timedelta(days=2), edition=edition(), **columns(LIKE_HER))
    kept.save()
    return member


@pytest.fixture
def world(cast):
    member, met = member_since(cast.users.alice, "Grey Heron"), member_since(cast.users.chloe, "Blue Tit")
    for audience in Story.Audience.values:
        published(member, cast.users.adam, title=f"For {audience}", audience=audience)
    describe(by=cast.users.alice, member=member, shown=["role"], country="PT")
    choose_map(by=cast.users.alice, member=member, grain="country")
    users = User.objects.bulk_create(User(email=f"w{n}@example.org") for n in range(4))
    shown = {"role": "family", "country": "PT", "on_map": "country", "joined": member.joined}
    Member.objects.bulk_create(Member(user=user, name="Crow", **shown) for user in users)
    agree([Person.objects.create(revision=1) for _ in range(5)], ("care", "research"))
    fill(cast, cast.people.alice)
    compared_members(*[LIKE_HER] * 5)
    for each, person in ((member, cast.people.alice), (met, cast.people.chloe)):
        compared(each, person)
    wish(by=cast.users.alice, member=member)
    Meeting.objects.create(asked=member, agreed=member_since(cast.users.pat, "Red Kite"), at=NOW)
    publish_map(NOW)
    figures.publish_figures(NOW)
    publish_once_a_quarter(NOW)
    _link, token = make_link(by=cast.users.alice, person=cast.people.alice)
    return World(cast, Member.objects.get(pk=member.pk), met, f"/letter/{token}/")


def seen(world):
    return {place for place, (look, _ends) in PLACES.items() if look(world)}


def test_she_is_seen_everywhere_and_each_way_ends_what_it_must_and_nothing_else(world):
    assert seen(world) == set(PLACES)
    for name, go in WAYS.items():
        with undone():
            go(world)
            ended = set(PLACES) - seen(world)
        assert ended == {place for place, (_look, ends) in PLACES.items() if name in ends}, name


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=4, unique=True))
def test_whatever_was_ended_stays_ended_whatever_else_she_ends_and_in_the_releases_that_follow(world, ways):
    with undone():
        for n, name in enumerate(ways):
            WAYS[name](world)
            gone = {place for place, (_look, ends) in PLACES.items() if ends & set(ways[: n + 1])}
            assert not gone & seen(world)
        publish_map(NOW)
        figures.publish_figures(NOW)
        publish_once_a_quarter(NOW + timedelta(days=100))
        assert not gone & seen(world)


def test_every_kind_of_release_every_purpose_and_every_audience_has_its_row():
    assert {place[1] for place in PLACES if place[0] == "release"} == set(Release.Kind.values)
    assert {place[1] for place in PLACES if place[0] == "story"} == set(Story.Audience.values)
    assert set(PURPOSES) <= set(WAYS)
    assert set(PURPOSES) <= {way for _look, ends in PLACES.values() for way in ends}


def test_who_refuses_to_be_contacted_gets_no_mail_of_the_questionnaires(world, mailoutbox):
    with undone():
        WAYS["contact"](world)
        rounds.remind(timezone.now())
    assert "alice@example.org" not in {to for mail in mailoutbox for to in mail.to}
