"""The directory of centres that know POEMS: curated data, each entry with its source, its day and who checked it."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from openpoems.knowledge.model import Citation, Reference
from openpoems.knowledge.store import knowledge


@dataclass(frozen=True, slots=True)
class Expert:
    """One centre or group. `checked_by` names who at the centre confirmed the entry; "" where nobody did."""

    id: str
    name: str
    country: str
    known_for: str
    cohort: str
    cite: Citation
    reference: Reference
    entered: date
    checked_by: str
    group: bool = False


@cache
def experts() -> tuple[Expert, ...]:
    """The directory. Raises `KeyError` where an entry names what the knowledge base does not hold."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    found = []
    for id, row in table.items():
        cite = Citation(**row.pop("cite"))
        if row["cohort"]:
            knowledge().evidence.cohorts[row["cohort"]]
        found.append(Expert(id, cite=cite, reference=knowledge().references[cite.ref], **row))
    return tuple(found)
