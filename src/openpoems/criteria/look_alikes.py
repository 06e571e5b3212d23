"""Look-alikes: what POEMS is mistaken for, with the published facts that apply to this person. No probabilities."""

from dataclasses import dataclass

from openpoems.findings.derive import Findings, FindingState
from openpoems.knowledge.model import Clue, LookAlike
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth
from openpoems.record.model import Measurement

_WANTED = {"present": Truth.TRUE, "excluded": Truth.FALSE}


@dataclass(frozen=True, slots=True, repr=False)
class LookAlikeAssessment:
    """One look-alike: whether the record names it, and the clues that apply, each with what is known of its finding."""

    id: str
    look_alike: LookAlike
    stated: tuple[tuple[str, FindingState], ...]
    clues: tuple[tuple[Clue, FindingState], ...]

    def __repr__(self) -> str:
        return "<LookAlikeAssessment>"


def look_alikes(findings: Findings, knowledge: Knowledge) -> tuple[LookAlikeAssessment, ...]:
    """The look-alikes about which this record says something: those it names first, then those with most clues."""
    assessed = [_assess(id, each, findings) for id, each in knowledge.look_alikes.items()]
    speaking = [each for each in assessed if each.stated or each.clues]
    return tuple(sorted(speaking, key=lambda each: (not each.stated, -len(each.clues), each.id)))


def _applies(clue: Clue, findings: Findings) -> bool:
    """Whether a clue speaks of this person: its finding, its specimen, and what it must not stand beside."""
    wanted = _WANTED[clue.status]
    if findings.truth(clue.finding) is not wanted:
        return False
    if clue.unless_present and findings.truth(clue.unless_present) is Truth.TRUE:
        return False
    facts = (each.fact for each in findings[clue.finding].evidence if each.says is wanted)
    return not clue.specimen or any(isinstance(f, Measurement) and f.specimen == clue.specimen for f in facts)


def _assess(id: str, look_alike: LookAlike, findings: Findings) -> LookAlikeAssessment:
    known = {f: findings[f] for f in look_alike.stated_as if findings.truth(f) is not Truth.UNKNOWN}
    present = {f: state for f, state in known.items() if state.truth is Truth.TRUE}
    # One name of several that is excluded does not exclude the others.
    stated = tuple((present or (known if len(known) == len(look_alike.stated_as) else {})).items())
    clues = tuple((clue, findings[clue.finding]) for clue in look_alike.clue if _applies(clue, findings))
    return LookAlikeAssessment(id, look_alike, stated, clues)
