"""Invented people: who they are, what they agreed to, and what their record says."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from openpoems.dynamics.data import Course
from openpoems.dynamics.simulate import simulate
from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Coding, Concept, Event, Feature, Provenance
from openpoems.web.demo.codes import sign
from openpoems.web.demo.courses import DAYS_A_YEAR, given, results
from openpoems.web.demo.flaws import flawed
from openpoems.web.demo.invented import invented, one_of

CLINICIAN = Provenance(said_by="clinician")
PATIENT = Provenance(said_by="patient")
DAYS_A_MONTH = DAYS_A_YEAR / 12


@dataclass(frozen=True, slots=True, repr=False)
class Invented:
    """One invented person. `centre` is a row of `invented.toml`; `agreed`, then `withdrawn`, are purposes."""

    name: str
    birth: date
    number: str
    centre: dict[str, Any]
    record: PatientRecord
    agreed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    status: str
    has_account: bool

    def __repr__(self) -> str:
        return "<Invented>"


def people(today: date) -> list[Invented]:
    """The people of the demo: the same seed and the same day give the same people."""
    told = invented()
    courses = simulate(told["people"], told["seed"]).cohort.courses
    return [_person(number, course, today) for number, course in enumerate(courses)]


def _person(number: int, course: Course, today: date) -> Invented:
    told, rng = invented(), Random(f"{invented()['seed']} {number}")  # noqa: S311 - invented people, no secret
    centre, consent = one_of(told["centre"], rng), one_of(told["consents"], rng)
    if number == 0:  # the person and the proxy whose accounts the demo shows
        centre, consent = told["centre"][0], told["consents"][0]
    elif rng.random() < told["recent_share"]:
        course = replace(_cut(course, rng.uniform(0.1, 1.5)), event=False)
    treated = today - timedelta(days=int(course.time * DAYS_A_YEAR) + int(rng.expovariate(1 / 60)) + 2)
    diagnosed = treated - timedelta(days=rng.randint(10, 60))
    birth = diagnosed - timedelta(days=int(rng.gauss(52, 11) * DAYS_A_YEAR))
    has_account = number == 0 or rng.random() < told["accounts_share"]
    record = _record(course, (birth, diagnosed, treated), centre, rng)
    lost = rng.random() < told["lost_share"]
    name = f"{rng.choice(told['names'][record.sex])} {rng.choice(told['names']['last'])}"
    return Invented(
        name="Ada Lenz" if number == 0 else name,
        birth=birth,
        number=f"{centre['country']}-{1000 + number}",
        centre=centre,
        record=flawed(record, today, rng, patient_enters=has_account),
        agreed=tuple(consent["agreed"]),
        withdrawn=tuple(consent.get("withdrawn", ())),
        status=consent.get("status", "lost" if lost and number else "alive"),
        has_account=has_account,
    )


def _cut(course: Course, years: float) -> Course:
    cut = course.until(years)
    return replace(cut, time=min(course.time, years))


def _record(course: Course, when: tuple[date, date, date], centre: dict[str, Any], rng: Random) -> PatientRecord:
    birth, diagnosed, treated = when
    drugs, procedures = given(course, treated, rng)
    measured = results(course, treated, centre, rng)
    last = max(treated + timedelta(days=int(course.time * DAYS_A_YEAR)), diagnosed)
    return PatientRecord(
        patient="",
        sex="female" if rng.random() < 0.4 else "male",  # noqa: PLR2004 - more men than women, roughly
        birth=PartialDate(birth.year),
        last_seen=PartialDate.of(last),
        features=tuple(_signs(diagnosed, rng)),
        measurements=measured,
        treatments=drugs,
        procedures=procedures,
        events=tuple(_way(diagnosed, rng)),
    )


def _way(diagnosed: date, rng: Random) -> list[Event]:
    """From the first symptom, by another name often enough, to the diagnosis."""
    told = invented()["delay"]
    months = told["median_months"] * rng.lognormvariate(0.0, told["spread"])
    first = diagnosed - timedelta(days=int(months * DAYS_A_MONTH))
    said = PartialDate(first.year, first.month) if rng.random() < 0.8 else PartialDate(first.year)  # noqa: PLR2004
    symptom = Concept(text=rng.choice(told["symptoms"]))
    events = [Event("first-symptom", symptom, on=said, provenance=PATIENT)]
    draw = rng.random()
    for label, share in told["labels"].items():
        draw -= share
        if draw < 0:
            named = first + (diagnosed - first) / 2
            when = PartialDate(named.year, named.month)
            events.append(Event("earlier-label", Concept(text=label), on=when, provenance=CLINICIAN))
            break
    poems = Concept((Coding("OPENPOEMS:poems-syndrome"),), "POEMS syndrome")
    events.append(Event("diagnosis", poems, on=PartialDate.of(diagnosed), provenance=CLINICIAN))
    return events


def _signs(diagnosed: date, rng: Random) -> list[Feature]:
    found = []
    for name, told in invented()["signs"].items():
        present, looked = rng.random() < told["share"], rng.random() < told["looked"]
        if looked:
            on = diagnosed - timedelta(days=rng.randint(0, 40))
            who = Provenance(said_by="clinician" if rng.random() < 0.6 else "abstractor")  # noqa: PLR2004
            found.append(sign(name, on, excluded=not present, basis=told["basis"], provenance=who))
    return found
