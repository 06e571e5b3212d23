"""The CTC grade of a sign: how severe it was, where its severity says that it is graded by the CTC (CTCAE)."""

import re
from collections.abc import Iterator

from openpoems.quantities import Quantity
from openpoems.record.model import Coding, Concept, Feature, Measurement
from openpoems.record.time import When

# Other scales grade ascites too, so that a bare "grade 2" is not read; and "mild" is no number.
_CTC = re.compile(r"\bCTC(AE)?\b", re.IGNORECASE)
_GRADE = re.compile(r"\b(?:grade|gr|g)[.:\s]*([0-5])\b", re.IGNORECASE)


def grade_of(feature: Feature) -> int | None:
    """The CTC grade a sign is said to have; None where none is said, or where two are."""
    severity = feature.severity
    texts = (severity.text, *(each.label for each in severity.codings)) if severity else ()
    found = {int(grade) for text in texts if _CTC.search(text) for grade in _GRADE.findall(text)}
    return found.pop() if len(found) == 1 else None


def grades(feature: Feature, measure: str, *, over: bool) -> Iterator[Measurement]:
    """A sign as results of the measure of its grade; looked for and not found, or `over` again, it is grade 0."""
    grade = 0 if feature.excluded else grade_of(feature)
    if grade is not None:
        yield _graded(feature, measure, grade, feature.on or feature.onset)
    if over and not feature.excluded:
        yield _graded(feature, measure, 0, feature.resolved)


def _graded(feature: Feature, measure: str, grade: int, when: When | None) -> Measurement:
    return Measurement(
        measure=Concept((Coding(f"OPENPOEMS:{measure}"),)),
        value=Quantity(grade, "{score}"),
        on=when,
        provenance=feature.provenance,
        path=feature.path,
    )
