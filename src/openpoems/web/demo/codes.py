"""Facts of the demo, named by the codes that the knowledge knows."""

from datetime import date
from typing import Any

from openpoems.knowledge.store import knowledge
from openpoems.record import PartialDate
from openpoems.record.model import Agent, Coding, Concept, Feature, Provenance


def sign(name: str, on: date, *, excluded: bool, basis: Any, provenance: Provenance) -> Feature:
    """A finding that was looked for on a day, by its first exact code."""
    concept = named(name, knowledge().findings[name])
    disease = concept.codings[0].id.startswith("ICD10")
    return Feature(
        concept,
        excluded=excluded,
        category="disease" if disease else "phenotype",
        basis=basis,
        on=PartialDate.of(on),
        provenance=provenance,
    )


def measure(name: str) -> Concept:
    """A measure."""
    return named(name, knowledge().measures[name])


def agent(name: str) -> Agent:
    """A drug."""
    return Agent(named(name, knowledge().agents[name]))


def procedure(name: str) -> Concept:
    """A kind of procedure, by openpoems' own word: its other codes say more than is told."""
    return Concept((Coding(f"OPENPOEMS:{name}"),), knowledge().procedures[name].name)


def named(name: str, known: Any) -> Concept:
    """The concept of something the knowledge knows: its first exact code, else openpoems' own word for it."""
    for code in known.codes:
        if code.match == "exact" and code.verified != "none":
            return Concept((Coding(code.id, code.label),))
    return Concept((Coding(f"OPENPOEMS:{name}"),), known.name)
