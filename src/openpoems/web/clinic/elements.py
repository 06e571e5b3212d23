"""Which elements a record holds, and how many of a centre's records hold each."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from openpoems.criteria.assess import HEADLINE
from openpoems.criteria.delay import delay
from openpoems.findings.derive import Findings
from openpoems.findings.measured import measure_named
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.record import PatientRecord
from openpoems.record.time import days
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.treatments import bars
from openpoems.response.view import View


@dataclass(frozen=True, slots=True)
class Element:
    """Something a complete record holds; `of` names whom a count is out of: `people`, or the `treated`."""

    id: str
    title: str
    kind: str
    of: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of `of` records hold an element."""

    element: Element
    held: int
    of: int

    @property
    def percent(self) -> int | None:
        """In percent; None where there is nobody to count."""
        return round(100 * self.held / self.of) if self.of else None


@cache
def elements() -> tuple[Element, ...]:
    """Every element: those of `elements.toml`, then the findings that the headline edition counts."""
    table = tomllib.loads(Path(__file__).with_name("elements.toml").read_text("utf-8"))
    named = knowledge().findings
    edition = knowledge().edition(HEADLINE)
    findings = (Element(f"finding:{id}", named[id].name, "finding", "people") for id in edition.findings)
    return (*(Element(**row) for row in table["element"]), *findings)


def held(record: PatientRecord, findings: Findings, today: date) -> list[str]:
    """The ids of the elements that a record holds."""
    way = delay(record, knowledge(), today)
    given = bars(View(record, knowledge(), Viewpoint.of(record, today, None)))
    starts = [bar.start for bar in given if bar.counts and bar.start]
    vegf = [each for each in record.measurements if each.specimen and measure_named(each, knowledge()) == "vegf"]
    measured = {measure_named(each, knowledge()) for each in record.measurements}
    holds = {
        "birth-year": record.birth is not None,
        "sex": record.sex != "unknown",
        "first-symptom": way.first_symptom is not None,
        "diagnosis": way.diagnosed is not None,
        "vegf": bool(vegf),
        "platelets": "platelets" in measured,
        "onls": "onls" in measured,
        "treatment": bool(starts),
        "response-vegf": bool(starts) and _any_after(vegf, min(starts)[1], record),
    }
    known = (f"finding:{id}" for id in knowledge().edition(HEADLINE).findings if _known(findings, id))
    return [*(id for id, there in holds.items() if there), *known]


def _any_after(results: Iterable[object], day: int, record: PatientRecord) -> bool:
    found = (days(getattr(each, "on", None), record.birth) for each in results)
    return any(each is not None and each[0] > day for each in found)


def _known(findings: Findings, id: str) -> bool:
    return findings.truth(id) is not Truth.UNKNOWN


def completeness(held_by: Iterable[list[str]]) -> list[Completeness]:
    """Count the records that hold each element, out of those whom it is asked of."""
    counts, people = Counter[str](), 0
    for ids in held_by:
        counts.update(ids)
        people += 1
    out_of = {"people": people, "treated": counts["treatment"]}
    return [Completeness(each, counts[each.id], out_of[each.of]) for each in elements()]
