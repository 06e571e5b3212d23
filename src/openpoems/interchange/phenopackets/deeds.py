"""Treatments, procedures and stays in hospital, written as `medicalActions`.

A regimen and each of its agents are entries of their own, so that others see them. The first
entry says the whole when it is read back by openpoems; the others only repeat it.
"""

from typing import Any

from openpoems.interchange.phenopackets.actions import HOSPITAL
from openpoems.interchange.phenopackets.amounts import write_amount
from openpoems.interchange.phenopackets.terms import term
from openpoems.interchange.phenopackets.times import element, interval
from openpoems.record import Agent, Event, Procedure, Treatment

_LARGEST = 2**31 - 1


def line_of_treatment(line: Treatment) -> list[dict[str, Any]]:
    """Write a line of treatment: its regimen, then its agents."""
    agents = [_given(agent, line) for agent in line.agents]
    if not line.regimen:
        return agents
    regimen: dict[str, Any] = {"ontologyClass": {"label": line.regimen}}
    if start := element(line.start):
        regimen["startTime"] = start
    if end := element(line.end):
        regimen["endTime"] = end
    return [{"therapeuticRegimen": regimen, **_intent(line)}, *agents]


def procedure(done: Procedure) -> list[dict[str, Any]]:
    """Write a procedure and its conditioning; a dose of whole grays makes it radiotherapy."""
    site = {"bodySite": term(done.site)} if done.site else {}
    gray = done.dose.value if done.dose and done.dose.unit == "Gy" else 0.0
    entry: dict[str, Any]
    if 0 < gray <= _LARGEST and gray.is_integer():
        dose = {"dosage": int(gray)}
        if done.fractions is not None and 0 < done.fractions <= _LARGEST:
            dose["fractions"] = done.fractions
        entry = {"radiationTherapy": {"modality": term(done.concept), **site, **dose}}
    else:
        entry = {"procedure": {"code": term(done.concept), **site}}
        if performed := element(done.on):
            entry["procedure"]["performed"] = performed
    return [entry, *(_given(agent, Treatment()) for agent in done.conditioning)]


def hospital_stay(stay: Event) -> dict[str, Any]:
    """Write a stay in hospital as a procedure with a code of our own."""
    entry: dict[str, Any] = {"code": {"id": HOSPITAL, "label": "Hospitalisation"}}
    if performed := element(stay.on):
        entry["performed"] = performed
    return {"procedure": entry}


def _given(agent: Agent, line: Treatment) -> dict[str, Any]:
    treatment: dict[str, Any] = {"agent": term(agent.drug)}
    if agent.route:
        treatment["routeOfAdministration"] = {"label": agent.route}
    dose: dict[str, Any] = {}
    if agent.dose is not None:
        dose["quantity"] = write_amount(agent.dose)
    if agent.schedule:
        dose["scheduleFrequency"] = {"label": agent.schedule}
    if given := interval(line.start, line.end):
        dose["interval"] = given
    if dose:
        treatment["doseIntervals"] = [dose]
    return {"treatment": treatment, **_intent(line)}


def _intent(line: Treatment) -> dict[str, Any]:
    return {"treatmentIntent": {"label": line.intent}} if line.intent else {}
