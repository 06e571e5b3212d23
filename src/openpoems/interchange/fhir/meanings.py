"""What the codes of FHIR and of its terminologies mean, from `meanings.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from openpoems.record import Concept
from openpoems.record.model import Basis

OWN = "urn:openpoems:"


def fields(names: str) -> frozenset[str]:
    """Names that stand in one text, apart by blanks."""
    return frozenset(names.split())


# The extensions openpoems writes where R4 has no field.
OWN_NAMES = fields(
    "patient last-seen reference kind category basis on end start provenance said-by document recorded verified-by "
    "onset resolved specimen absent result line regimen cycles intent dose fractions conditioning drug schedule "
    "route note age"
)
EVENT_SYSTEM = f"{OWN}event"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
INTERPRETATION = f"{TERMS}/v3-ObservationInterpretation"
DATA_ABSENT = f"{TERMS}/data-absent-reason"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

Use = Literal["used", "noted", "refused"]


@cache
def table() -> dict[str, Any]:
    """The whole of `meanings.toml`."""
    path = files("openpoems.interchange.fhir") / "meanings.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def codes(name: str) -> frozenset[str]:
    """The codes listed under a heading: `generic`, `severity`, `inpatient`."""
    return frozenset(table()[name]["codes"])


@cache
def systems(name: str) -> frozenset[str]:
    """The prefixes listed under `findings` or `only-findings`."""
    return frozenset(table()["systems"][name])


@cache
def use_of(kind: str, status: str) -> Use | None:
    """Whether a resource with this status is used; None for a status that R4 does not have."""
    for use, listed in table()["status"][kind].items():
        if status in listed:
            found: Use = use
            return found
    return None


def answer(concept: Concept) -> bool | None:
    """Read a coded or worded answer: True for present, False for absent, None for anything else."""
    said = {_answers().get(coding.id) for coding in concept.codings} - {None}
    if not concept.codings:
        return _answers().get(concept.text.lower())
    return said.pop() if len(said) == 1 else None


def prefixes(concept: Concept) -> set[str]:
    """The code systems a concept has codes of, by openpoems' prefix."""
    return {coding.id.partition(":")[0] for coding in concept.codings}


@cache
def basis_of(code: str) -> Basis:
    """What a category of Observation or DiagnosticReport rests on, or "" where it says nothing."""
    return _listed("basis").get(code, "")  # type: ignore[return-value] # the table's headings are bases


@cache
def flag_of(word: str) -> str:
    """The HL7 interpretation code for a SNOMED CT code or a word, or ""."""
    return _listed("flag").get(word, "")


@cache
def status_of(code: str) -> str:
    """The status of a Condition in FHIR's own word: for a code of SNOMED CT, else as it came."""
    return _listed("condition-status").get(code, code)


@cache
def sex_of(word: str) -> str:
    """The sex a code or a word names, or ""."""
    return _listed("sex").get(word, "")


@cache
def _listed(name: str) -> dict[str, str]:
    return {each: key for key, listed in table()[name].items() for each in listed}


@cache
def _answers() -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, truth in (("present", True), ("absent", False)):
        listed = table()["answer"][name]
        found.update(dict.fromkeys((*listed["codes"], *listed["words"]), truth))
    return found
