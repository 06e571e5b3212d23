"""A simulated course as the facts of a record: treatments, VEGF, and what else is measured at a visit."""

from datetime import date, timedelta
from random import Random
from typing import Any

from openpoems.dynamics.data import Course, Visit
from openpoems.dynamics.truth import poems_truth
from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Measurement, Procedure, Provenance, ReferenceRange, Treatment
from openpoems.web.demo.codes import agent, measure, procedure
from openpoems.web.demo.invented import invented, one_of

DAYS_A_YEAR = 365.2425
CLINICIAN = Provenance(said_by="clinician")
LABORATORY = Provenance(said_by="laboratory")
ABSTRACTOR = Provenance(said_by="abstractor")


def given(course: Course, treated: date, rng: Random) -> tuple[tuple[Treatment, ...], tuple[Procedure, ...]]:
    """What was given: the regimen of the simulated arm, and another where the course ends in a relapse."""
    arm = course.treatments[0].treatment if course.treatments else "lenalidomide"
    chosen = one_of(invented()["regimens"][arm], rng)
    drugs = [_line(chosen, treated, course.time)] if "agents" in chosen else []
    procedures = []
    if "transplant" in chosen and chosen["transplant"] / 12 <= course.time:
        on = treated + timedelta(days=int(chosen["transplant"] / 12 * DAYS_A_YEAR))
        concept = procedure("autologous-stem-cell-transplantation")
        conditioning = (agent("melphalan"),)
        procedures.append(Procedure(concept, on=PartialDate.of(on), conditioning=conditioning, provenance=CLINICIAN))
    if course.event:
        relapsed = treated + timedelta(days=int(course.time * DAYS_A_YEAR))
        drugs.append(_line(one_of(invented()["regimens"]["relapse"], rng), relapsed, 0.0))
    return tuple(drugs), tuple(procedures)


def _line(told: dict[str, Any], start: date, followed: float) -> Treatment:
    """A line of treatment; its end is told when it was over within the years that are followed."""
    end = start + timedelta(days=int(told["months"] / 12 * DAYS_A_YEAR))
    over = told["months"] / 12 <= followed
    return Treatment(
        regimen=told["name"],
        agents=tuple(agent(name) for name in told["agents"]),
        cycles=told.get("cycles") if over else None,
        start=PartialDate.of(start),
        end=PartialDate.of(end) if over else None,
        intent=told.get("intent", ""),
        provenance=CLINICIAN,
    )


def results(course: Course, treated: date, centre: dict[str, Any], rng: Random) -> tuple[Measurement, ...]:
    """VEGF at every visit, and other results at some."""
    found = []
    for visit in course.visits:
        on = treated + timedelta(days=int(visit.time * DAYS_A_YEAR))
        found.append(_vegf(visit, on, centre, rng))
        found += [
            _other(name, told, on, rng, before=visit.time == 0)
            for name, told in invented()["results"].items()
            if rng.random() < told["share"]
        ]
    return tuple(found)


def _vegf(visit: Visit, on: date, centre: dict[str, Any], rng: Random) -> Measurement:
    unit, limit = centre["unit"], poems_truth().assays[visit.assay].limit
    return Measurement(
        measure("vegf"),
        value=Quantity(float(f"{visit.value:.3g}"), unit),
        comparator="<" if visit.comparator == "<" else "",
        specimen=visit.assay,
        laboratory=centre["laboratories"][visit.assay],
        assay="immunoassay",
        reference=ReferenceRange(high=Quantity(limit, unit)),
        on=PartialDate.of(on),
        provenance=LABORATORY if rng.random() < 0.7 else ABSTRACTOR,  # noqa: PLR2004
    )


def _other(name: str, told: dict[str, Any], on: date, rng: Random, *, before: bool) -> Measurement:
    middle = told["before"] if before else told["after"]
    drawn = min(middle * rng.lognormvariate(0.0, told["spread"]), told.get("most", float("inf")))
    low, high = (Quantity(told[name], told["unit"]) if name in told else None for name in ("low", "high"))
    return Measurement(
        measure(name),
        value=Quantity(round(drawn, told["digits"]), told["unit"]),
        specimen=told["specimen"],
        reference=ReferenceRange(low=low, high=high) if high else None,
        on=PartialDate.of(on),
        provenance=CLINICIAN,
    )
