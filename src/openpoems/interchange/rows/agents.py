"""The drugs of one cell, each with dose, schedule and route: `bortezomib; 1.3 mg/m2; weekly; sc + lenalidomide`."""

from openpoems.interchange.rows.cells import read_concept
from openpoems.interchange.rows.row import Row
from openpoems.interchange.values import read_quantity
from openpoems.quantities import Quantity
from openpoems.record.model import Agent

BETWEEN, WITHIN = " + ", ";"
# In place of the drugs, that none is known; in place of a regimen, that it has no name.
NONE, UNNAMED = "not said", "drug treatment"
_MOST_PARTS = 4


def read_agents(row: Row, text: str) -> tuple[Agent, ...]:
    """The drugs that a cell names."""
    if text == NONE:
        return ()
    return tuple(_agent(row, part.strip()) for part in text.split(BETWEEN) if part.strip())


def _agent(row: Row, text: str) -> Agent:
    parts = [part.strip() for part in text.split(WITHIN)]
    if len(parts) > _MOST_PARTS:
        row.report(
            "error", "drugs", "a drug has at most a name, a dose, how often and by which way; the rest was not read"
        )
    drug, dose, schedule, route = (*parts, "", "", "")[:_MOST_PARTS]
    return Agent(read_concept(row, "drugs", drug), _dose(row, dose), schedule, route)


def _dose(row: Row, text: str) -> Quantity | None:
    number, _, unit = text.partition(" ")
    return read_quantity(number, unit, row.path("drugs"), row.issues) if number else None
