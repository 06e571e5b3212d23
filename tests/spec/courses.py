"""People under treatment for the tables of response: a baseline, then values month after month.

Treatment is lenalidomide from 10 January 2020, the baseline is of 1 January, the values that follow are of the first of
March, April, May and so on.
"""

from datetime import date

from openpoems.knowledge.store import knowledge
from openpoems.record import Agent, Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, Treatment
from openpoems.response.axes import AxisResult
from openpoems.response.respond import ResponseAssessment, respond
from tests.spec.tables import result

BEGAN = PartialDate(2020, 1, 10)
BASELINE = PartialDate(2020, 1, 1)
LATE = date(2025, 1, 1)


def drug(name: str, start: PartialDate | None, end: PartialDate | None = None) -> Treatment:
    """A line of one drug."""
    return Treatment(name, (Agent(Concept((Coding(f"OPENPOEMS:{name}"),))),), start=start, end=end)


def month(number: int) -> PartialDate:
    """The first of March 2020, of April, and so on."""
    return PartialDate(2020 + (number + 2) // 12, (number + 2) % 12 + 1, 1)


def values(measure: str, baseline: str, then: str, **more: object) -> tuple[Measurement, ...]:
    """A baseline and the values that follow, `;` between them; an empty one leaves its month out."""
    texts = [(BASELINE, baseline), *((month(n), text.strip()) for n, text in enumerate(then.split(";")))]
    return tuple(result(measure, text, on=on, **more) for on, text in texts if text)


def signs(finding: str, baseline: str, then: str) -> tuple[Feature, ...]:
    """Statements `T` or `F` about a finding, as `values`."""
    told = [(BASELINE, baseline), *((month(n), text.strip()) for n, text in enumerate(then.split(";")))]
    concept = Concept((Coding(f"OPENPOEMS:{finding}"),))
    return tuple(Feature(concept, excluded=cell == "F", on=on) for on, cell in told if cell)


def treated(*facts: Measurement | Feature, **more: object) -> PatientRecord:
    """A person treated with lenalidomide."""
    treatments = more.pop("treatments", (drug("lenalidomide", BEGAN),))
    return PatientRecord(
        "row",
        measurements=tuple(f for f in facts if isinstance(f, Measurement)),
        features=tuple(f for f in facts if isinstance(f, Feature)),
        treatments=treatments,
        **more,
    )


def course(record: PatientRecord, as_of: date = LATE, *, unverified: bool = True) -> ResponseAssessment:
    """The course by the knowledge that ships."""
    return respond(record, knowledge(), as_of, unverified=unverified)


def only(rule: str, record: PatientRecord, as_of: date = LATE, *, unverified: bool = True) -> AxisResult:
    """The one result of a rule."""
    [found] = course(record, as_of, unverified=unverified).of(rule)
    return found


def told(found: AxisResult) -> str:
    """The turns of a result as `relapse 2020-05-01, progression ...`."""
    return ", ".join(f"{t.kind} {t.step.moment.point.when if t.step.moment.point else '?'}" for t in found.turns)
