"""The demo's community: members in many countries, their stories, what they said of treatments, what came of it."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from openpoems.findings.treatments import made_of
from openpoems.knowledge.store import knowledge
from openpoems.record import PartialDate
from openpoems.record.model import Coding, Concept, Measurement, Provenance
from openpoems.web.accounts.models import User
from openpoems.web.community.models import Member, Outcome, Story, StoryStep
from openpoems.web.community.pages import EFFECT, EFFECTS
from openpoems.web.community.publishing import publish_what_is_due
from openpoems.web.community.questionnaires import questionnaires
from openpoems.web.demo.meeting import fill_meetings
from openpoems.web.registry.concepts import OWN
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Fact, Person, Tie
from openpoems.web.registry.store import fact_of, row_of

_AT_A_TIME = 500


@cache
def told() -> dict[str, Any]:
    """What `community.toml` says."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def fill_community(today: date) -> None:
    """Fill the community of a demo whose registry is filled, and publish its first map and figures."""
    rng = Random(f"{told()['seed']}")  # noqa: S311 - invented people, no secret
    now = datetime.combine(today, time(8), UTC)
    members = [*_of_records(rng, now), *_new(rng, now)]
    Member.objects.bulk_create(members, batch_size=_AT_A_TIME)
    _tell_stories(members, now)
    fill_meetings(members, now)
    Fact.objects.bulk_create(_effects(rng, today, now), batch_size=_AT_A_TIME, ignore_conflicts=True)
    for row in told()["outcome"]:
        said = {name: row[name] for name in ("kind", "title", "says", "result")}
        Outcome.objects.create(**said, on=today - timedelta(days=row["days_ago"]), changed=now)
    publish_what_is_due(now)


def _of_records(rng: Random, now: datetime) -> Iterator[Member]:
    """People with a record of their own; who agreed to the map is counted where their centre is."""
    on_map = set(agreeing(Person.objects.all(), "map").values_list("pk", flat=True))
    ties = Tie.objects.filter(kind=Tie.Kind.SELF).select_related("user", "person__centre").order_by("user__email")
    for tie in ties:
        centre = tie.person.centre
        grain = Member.Grain.COUNTRY if tie.person_id in on_map and centre else Member.Grain.NONE
        country = centre.country if centre else ""
        yield _member(tie.user, Member.Role.AFFECTED, country, grain, rng, now)


def _new(rng: Random, now: datetime) -> Iterator[Member]:
    """Members without a record."""
    users = [
        User(email=f"member{number:03}@example.org", password="!")  # noqa: S106 - nobody signs in with it
        for number in range(told()["new_members"])
    ]
    for user in User.objects.bulk_create(users):
        grain = Member.Grain.PART if rng.random() < told()["part_only"] else Member.Grain.COUNTRY
        yield _member(user, _drawn(told()["roles"], rng), _drawn(told()["countries"], rng), grain, rng, now)


def _member(user: User, role: str, country: str, grain: str, rng: Random, now: datetime) -> Member:
    return Member(
        user=user,
        role=role,
        name=f"{rng.choice(told()['names'])} {rng.randint(2, 99)}",
        country=country,
        shown=["country", "role"] if rng.random() < 0.5 else [],  # noqa: PLR2004 - about half
        on_map=grain,
        joined=now - timedelta(days=rng.randint(20, 700)),
    )


def _tell_stories(members: list[Member], now: datetime) -> None:
    authors = [m for m in members if m.role == Member.Role.AFFECTED and m.on_map and not m.user.email.startswith("ada")]
    for number, (row, author) in enumerate(zip(told()["story"], cycle(authors or members))):
        days = timedelta(days=20 * number + 3)
        flags = f",{','.join(row['warnings'])}," if row["warnings"] else ""
        said = {name: row[name] for name in ("title", "happened", "difference", "audience", "state")}
        published = now - days if row["state"] == "published" else None
        story = Story.objects.create(
            member=author, flags=flags, begun=now - days, changed=now - days, published=published, **said
        )
        StoryStep.objects.create(story=story, step="submit", state="waiting", by=author.user, at=story.begun)
        if published:
            StoryStep.objects.create(story=story, step="publish", state="published", by=None, at=published)


def _effects(rng: Random, today: date, now: datetime) -> Iterator[Fact]:
    """Whether their treatments helped, as people say who have an account or agreed to research."""
    asked = set(questionnaires()["treatments"].pages[0].agents)
    people = {person.pk: person for person in agreeing(Person.objects.all(), "research")}
    rows = Fact.objects.filter(person__in=people, kind=Fact.Kind.TREATMENT, state=Fact.State.CURRENT).order_by("pk")
    said = set()
    for row in rows:
        for agent in sorted(made_of(fact_of(row), knowledge()).parts & asked):  # type: ignore[arg-type]  # a treatment
            if (row.person_id, agent) not in said and rng.random() < told()["answered"]:
                said.add((row.person_id, agent))
                fact = _effect(agent, _drawn(told()["effects"], rng), today - timedelta(days=rng.randint(1, 80)))
                yield row_of(people[row.person_id], fact, by=None, at=now)


def _effect(agent: str, answer: str, on: date) -> Measurement:
    measure = Concept((Coding(f"{EFFECT}{agent}"),), f"Whether it helped: {knowledge().agents[agent].name}")
    result = Concept((Coding(f"{OWN}{answer}"),), str(EFFECTS[answer]))
    return Measurement(measure, result=result, on=PartialDate.of(on), provenance=Provenance(said_by="patient"))


def _drawn(shares: dict[str, float], rng: Random) -> str:
    return rng.choices(list(shares), weights=list(shares.values()))[0]
