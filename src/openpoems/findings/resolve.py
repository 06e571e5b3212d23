"""The rule by which statements that disagree are resolved. In words: docs/explanation/conflicts.md.

A criterion asks whether a sign was *ever* found, since signs of POEMS come one after the other and treatment takes
them away. So a finding that was shown once stays shown, and an exclusion at another time does not undo it. Only
statements that may be about the same time conflict: then the stronger kind of evidence decides, and between equals
nobody does: the finding is unknown until somebody looks again.
"""

from collections.abc import Sequence

from openpoems.findings.evidence import Evidence
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.record.model import Measurement

_PRESENT = gettext_noop("stated as present and as excluded for the same time: the stronger evidence says present")
_EXCLUDED = gettext_noop("stated as present and as excluded for the same time: the stronger evidence says excluded")
_OPEN = gettext_noop("stated as present and as excluded for the same time, on equal evidence: look again")


def resolve(shown: Sequence[Evidence], excluded: Sequence[Evidence]) -> tuple[Truth, tuple[Evidence, ...], str]:
    """Settle what is shown against what is excluded: the truth, the evidence that stands, and the conflict in words."""
    if not shown:
        return (Truth.FALSE, tuple(excluded), "") if excluded else (Truth.UNKNOWN, (), "")
    if not excluded:
        return Truth.TRUE, tuple(shown), ""
    standing, contested, clashed = _weigh(shown, excluded)
    if standing:
        return Truth.TRUE, standing, gettext(_PRESENT) if clashed else ""
    if contested:
        return Truth.UNKNOWN, (), gettext(_OPEN)
    return Truth.FALSE, tuple(excluded), gettext(_EXCLUDED) if clashed else ""


def _weigh(shown: Sequence[Evidence], excluded: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], bool, bool]:
    standing: list[Evidence] = []
    contested = clashed = False
    for for_it in shown:
        rivals = [e.strength for e in excluded if _same_time(for_it, e)]
        clashed |= bool(rivals)
        strongest = max(rivals, default=None)
        if strongest is None or for_it.strength > strongest:
            standing.append(for_it)
        elif for_it.strength == strongest:
            contested = True
    return tuple(standing), contested, clashed


def _same_time(one: Evidence, other: Evidence) -> bool:
    if one.fact is other.fact:
        return True
    if isinstance(one.fact, Measurement) and isinstance(other.fact, Measurement):
        # Two results are two samples, unless both are of one series and of one and the same day.
        same_day = one.days is not None and one.days == other.days and one.days[0] == one.days[1]
        return same_day and _series(one.fact) == _series(other.fact)
    # A statement without a date may be about any time.
    if one.days is None or other.days is None:
        return True
    return one.days[0] <= other.days[1] and other.days[0] <= one.days[1]


def _series(result: Measurement) -> tuple[object, ...]:
    codes = frozenset(coding.id for coding in result.measure.codings)
    return codes, result.specimen, result.assay, result.laboratory
