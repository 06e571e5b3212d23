"""Which of the settings in which treatment was published a record makes this person's own, where a finding decides."""

from collections.abc import Collection
from dataclasses import dataclass

from openpoems.findings.derive import Findings
from openpoems.findings.evidence import Evidence
from openpoems.knowledge.options import Setting
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth


@dataclass(frozen=True, slots=True, repr=False)
class SettingState:
    """Whether a setting is this person's: TRUE where something decides so, else UNKNOWN; never FALSE.

    `findings` with their `evidence`, or `turns` of the course, decided.
    """

    id: str
    setting: Setting
    truth: Truth
    findings: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def __repr__(self) -> str:
        return "<SettingState>"


def settings(findings: Findings, knowledge: Knowledge, turned: Collection[str] = ()) -> tuple[SettingState, ...]:
    """Every setting, in the order of the data; `turned` are the kinds of turn the course shows."""
    return tuple(_state(id, setting, findings, turned) for id, setting in knowledge.settings.items())


def _state(id: str, setting: Setting, findings: Findings, turned: Collection[str]) -> SettingState:
    found = tuple(each for each in setting.marked_by if findings.truth(each) is Truth.TRUE)
    turns = tuple(each for each in setting.marked_by_turn if each in turned)
    evidence = tuple(e for each in found for e in findings[each].evidence if e.says is Truth.TRUE)
    truth = Truth.TRUE if found or turns else Truth.UNKNOWN
    return SettingState(id, setting, truth, found, turns, evidence)
