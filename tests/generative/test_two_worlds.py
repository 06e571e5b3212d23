"""Two worlds that differ in one person: at any moment a reader looks, what is published differs by a step at most.

Everything is done through the actions of the site: joining, choosing a place, changing role, leaving, consenting and
withdrawing, coming back, being erased, and releases between.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpoems.record.model import Coding, Concept, Event, Measurement
from openpoems.record.time import PartialDate
from openpoems.web.accounts.models import User
from openpoems.web.community import figures
from openpoems.web.community.actions.members import choose_map, describe, leave
from openpoems.web.community.map import on_the_map, publish_map
from openpoems.web.community.models import Counted, Member
from openpoems.web.community.pages import EFFECT
from openpoems.web.registry.actions.consent import answer, decide, opt_out
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.concepts import OWN, disease_concept
from openpoems.web.registry.models import Fact, Person, Tie
from openpoems.web.registry.store import row_of
from openpoems.web.similar.release import agreed
from tests.generative.worlds import agree, published, step_of, undone

pytestmark = pytest.mark.django_db
NOW = timezone.now()
lived = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def differ(here, there, own, whole):
    """The keys that are told otherwise than with and without one person they may be.

    `own` are the person's own cells and parts: there a step more, or hidden, since the person may be who makes a sum tell
    too much. `whole` is never hidden for a sum. All else of the person's tables is told alike or not at all.
    """
    for key in {*here, *there}:
        more = step_of(here.get(key), key[0]) - step_of(there.get(key), key[0])
        both = key in here and key in there
        if key == whole or (both and key in own):
            allowed = more in (0, 1)
        else:
            allowed = more == 0 or (not both and key[:2] in {each[:2] for each in own})
        if not allowed:
            yield key, here.get(key), there.get(key)


def looks(course, deeds, one, *, without):
    """What is published after each step of a course, in the world with this one or in that without.

    Whoever is counted agrees: on the map some days after joining, in the figures to the record and to research.
    """
    seen = []
    for deed, who in course:
        if who != one or not without or deed == "release":
            deeds[deed](who)
        seen.append(published())
        assert not Counted.objects.filter(person=None).exclude(member__in=on_the_map(NOW)).exists(), deed
        assert not Counted.objects.filter(member=None).exclude(person__in=agreed()).exists(), deed
    return seen


# ---- the map

ROLES, PLACES = ("affected", "family", "clinician"), ("country", "part", "")
placing = st.tuples(st.sampled_from("aaaaffc"), st.sampled_from("cccccp-"))
ON = {"c": "country", "p": "part", "-": ""}
ROLE = {"a": "affected", "f": "family", "c": "clinician"}


@pytest.fixture
def members(db, key_ring):
    """Fifteen members of Portugal; the first four have a record of their own and agreed to the map."""
    users = User.objects.bulk_create(User(email=f"c{n}@example.org") for n in range(15))
    rows = [Member(user=u, name="c", role="affected", country="PT", joined=NOW - timedelta(days=99)) for u in users]
    people = [Person.objects.create(revision=1) for _ in range(4)]
    Tie.objects.bulk_create(
        Tie(user=user, person=person, kind=Tie.Kind.SELF) for user, person in zip(users, people, strict=False)
    )
    agree(people, ("care", "map"))
    return Member.objects.bulk_create(rows), people


def deeds_on_the_map(members, people):
    def member(act):
        def one(who):
            row = Member.objects.select_related("user").filter(pk=members[who].pk).first()
            if row is not None:
                act(row)

        return one

    def person(act):
        def one(who):
            row = Person.objects.filter(pk=people[who].pk).first() if who < len(people) else None
            if row is not None:
                act(row)

        return one

    return {
        "off": member(lambda row: choose_map(by=row.user, member=row, grain="")),
        "on": member(lambda row: choose_map(by=row.user, member=row, grain="country")),
        "elsewhere": member(lambda row: choose_map(by=row.user, member=row, grain="part")),
        "move": member(lambda row: describe(by=row.user, member=row, shown=[], country="ES")),
        "role": member(lambda row: describe(by=row.user, member=row, shown=[], role="family")),
        "leave": member(lambda row: leave(by=row.user, member=row)),
        "refuse": person(lambda row: decide(by=None, person=row, choices={"map": False})),
        "agree": person(lambda row: decide(by=None, person=row, choices={"map": True})),
        "opt-out": person(lambda row: opt_out(by=None, person=row)),
        "erase": person(lambda row: erase(by=None, person=row)),
        "release": lambda _who: publish_map(NOW),
    }


BACK = ["on", "role", "agree"]
AWAY = ["off", "elsewhere", "move", "leave", "refuse", "opt-out", "erase"]


@lived
@given(
    st.lists(placing, min_size=15, max_size=15),
    st.integers(0, 14),
    st.lists(st.tuples(st.sampled_from([*AWAY, *BACK, "release", "release"]), st.integers(0, 14)), max_size=10),
)
def test_with_or_without_one_member_no_map_at_any_moment_differs_by_more_than_a_step_of_that_member(
    members, placed, one, course
):
    worlds, roles = [], {"family", ROLE[placed[one][0]]}
    for without in (False, True):
        with undone():
            for row, (role, place) in zip(members[0], placed, strict=True):
                Member.objects.filter(pk=row.pk).update(role=ROLE[role], on_map=ON[place])
            if without:
                Member.objects.filter(pk=members[0][one].pk).update(on_map="")
            deeds = deeds_on_the_map(*members)
            worlds.append(looks([("release", 0), *course], deeds, one, without=without))
            if not without:
                prints_no_more("/community/map/", worlds[-1][-1])
    for here, there in zip(*worlds, strict=True):
        for place in ("PT", "ES", "039"):
            own = {("map", "map", place, role) for role in ("", *roles)}
            mine = [{k: said for k, said in look.items() if k[2] == place} for look in (here, there)]
            assert not list(differ(*mine, own, ("map", "map", place, "")))


# ---- the figures

KINDS = {  # the first symptom, the diagnosis, names it was given before, and what was said of lenalidomide
    "long": ("2019-01-01", "2020-07-01", ("CIDP",), "helped"),
    "short": ("2020-01-01", "2020-03-01", ("CIDP", "MGUS"), "not"),
    "silent": ("", "", (), ""),
}
MINE = {
    "long": {("people", "all", "12-24"), ("labels", "cidp", ""), ("treatments", "lenalidomide", "helped")},
    "short": {("people", "all", "0-6"), ("labels", "cidp", ""), ("labels", "monoclonal-plasma-cell-disorder", ""), ("treatments", "lenalidomide", "not")},
    "silent": {("people", "all", "missing"), ("labels", "none", "")},
}  # fmt: skip


def facts_of(kind):
    first, found, labels, effect = KINDS[kind]
    if first:
        yield Event("first-symptom", Concept(text="x"), PartialDate.parse(first))
        yield Event("diagnosis", Concept((Coding("OPENPOEMS:poems-syndrome"),)), PartialDate.parse(found))
    yield from (Event("earlier-label", disease_concept(label), PartialDate(2020)) for label in labels)
    if effect:
        result = Concept((Coding(f"{OWN}{effect}"),))
        yield Measurement(Concept((Coding(f"{EFFECT}lenalidomide"),)), result=result, on=PartialDate(2021, 1, 1))


@pytest.fixture
def people(db, key_ring, monkeypatch):
    """Sixteen people of each kind; each record is read once."""
    made = {kind: [Person.objects.create(revision=1) for _ in range(16)] for kind in KINDS}
    rows = [row_of(one, fact, by=None, at=NOW) for kind in KINDS for one in made[kind] for fact in facts_of(kind)]
    Fact.objects.bulk_create(rows)
    records, read = {}, figures.record_of

    def read_once(one):
        if one.pk not in records:
            records[one.pk] = read(one)
        return records[one.pk]

    monkeypatch.setattr(figures, "record_of", read_once)
    return made


def deeds_on_figures(people):
    def person(act):
        def one(who):
            row = Person.objects.filter(pk=people[who].pk).first()
            if row is not None:
                act(row)

        return one

    return {
        "refuse": person(lambda row: decide(by=None, person=row, choices={"research": False})),
        "stop": person(lambda row: decide(by=None, person=row, choices={"care": False})),
        "opt-out": person(lambda row: opt_out(by=None, person=row)),
        "erase": person(lambda row: erase(by=None, person=row)),
        "back": person(lambda row: answer(by=None, person=row, choices={"care": True, "research": True})),
        "release": lambda _who: figures.publish_figures(NOW),
    }


near = st.sampled_from([0, 3, 7, 8, 9, 10, 12, 13, 16])


@lived
@given(
    st.tuples(near, near, near),
    st.sampled_from(sorted(KINDS)),
    st.lists(
        st.tuples(st.sampled_from(["refuse", "stop", "opt-out", "erase", "back", "release"]), st.integers(0, 40)),
        max_size=8,
    ),
)
def test_with_or_without_one_person_no_figure_at_any_moment_differs_by_more_than_a_step_of_that_person(
    people, sizes, kind, course
):
    crowd = [one for each, size in zip(KINDS, sizes, strict=True) for one in people[each][: size - (each == kind)]]
    crowd = [people[kind][15], *crowd]  # the one whose coming and going is looked at
    course = [("release", 0), *((deed, who % len(crowd)) for deed, who in course)]
    worlds = []
    for without in (False, True):
        with undone():
            agree(crowd[without:], ("care", "research"))
            worlds.append(looks(course, deeds_on_figures(crowd), 0, without=without))
            if not without:
                prints_no_more("/community/figures/", worlds[-1][-1])
    own = {("figures", *key) for key in MINE[kind]} | {("figures", "treatments", "lenalidomide", "")}
    for here, there in zip(*worlds, strict=True):
        assert not list(differ(here, there, own, ("figures", "people", "all", "")))


def prints_no_more(address, told):
    """The page prints of each table what is told, and shares and differences of what is told."""
    page = Client().get(address).content.decode()
    numbers = {f"about {said[2]}" for said in told.values()} | {f"{said[0]} to {said[1]}" for said in told.values()}
    numbers |= {f"about {a[2] - b[2]}" for a in told.values() for b in told.values()}  # of all, who gave no answer
    shares = {str(min(100, round(100 * a[2] / b[2]))) for a in told.values() for b in told.values()}
    for said in re.findall(r"<td[^>]*>([^<]*)</td>", page):
        assert said in {"", "not shown"} or said in numbers | shares, said


def test_the_courses_reach_what_they_are_about(members, people):
    """A law that nothing is published under is no law: here each table shows something, and somebody is counted."""
    with undone():
        Member.objects.update(on_map="country")
        agree([one for each in people.values() for one in each], ("care", "research"))
        publish_map(NOW)
        figures.publish_figures(NOW)
        assert Counted.objects.filter(member__isnull=False).count() == 15
        assert {key[1] for key in published()} == {"map", "people", "labels", "treatments"}
        assert len(published()) > 8
