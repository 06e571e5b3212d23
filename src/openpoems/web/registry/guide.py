"""What the forms ask for and in which order, from `guide.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openpoems.knowledge.model import Finding, Measure
from openpoems.knowledge.store import knowledge
from openpoems.quantities import convertible, dimension, factor

# A unit that makes the usual value of a measure a thousand times larger or smaller is offered no more.
_OFFERED = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Some findings or measures that are asked for together; what is `bedside` comes from no laboratory."""

    title: str
    ids: tuple[str, ...]
    bedside: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """The groups of signs and results, the findings stated by each basis, and when a value is asked about."""

    signs: tuple[Group, ...]
    results: tuple[Group, ...]
    statements: dict[str, tuple[str, ...]]
    times_the_series: float
    times_the_limit: float

    def bedside(self, measure: str) -> bool:
        """Whether a measure comes from no laboratory."""
        return any(group.bedside and measure in group.ids for group in self.results)


@cache
def guide() -> Guide:
    """The guide. Raises `KeyError` where it names what the knowledge base does not hold."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    known = knowledge()
    signs = tuple(Group(row["title"], _known(row["findings"], known.findings)) for row in table["signs"])
    results = tuple(
        Group(row["title"], _known(row["measures"], known.measures), row.get("bedside", False))
        for row in table["results"]
    )
    statements = {basis: _known(ids, known.findings) for basis, ids in table["statements"].items()}
    return Guide(signs, results, statements, **table["doubts"])


def _known(ids: list[str], table: dict[str, Finding] | dict[str, Measure]) -> tuple[str, ...]:
    for id in ids:
        table[id]
    return tuple(ids)


def units_of(measure: str) -> tuple[str, ...]:
    """The units in which a measure is usually reported, its own first: those that convert exactly, of a like size."""
    own = knowledge().measures[measure].unit
    if not own:
        return ()
    alike = (unit for unit in convertible(own) if unit != own and 1 / _OFFERED <= factor(unit, own) <= _OFFERED)
    return (own, *alike)


def fits(unit: str, measure: str) -> str:
    """How a unit fits a measure: `same` kind, `other` (kept, never converted), or `never`."""
    own, given = dimension(knowledge().measures[measure].unit), dimension(unit)
    if own is not None and own == given:
        return "same"
    if given is None or (_concentration(given) and _concentration(own)):
        return "other"
    return "never"


def specimen_matters(measure: str) -> bool:
    """Whether a cut-off of this measure holds for one specimen alone, so that the specimen must be asked for."""
    return any(
        cutoff.measure == measure and cutoff.specimen
        for finding in knowledge().findings.values()
        for cutoff in finding.measured
    )


def _concentration(kind: str | None) -> bool:
    return bool(kind) and str(kind).endswith("concentration")
