"""Relapse and progression: when an axis turned, against what, and whether a second result confirmed it.

Relapse is recurrence after the complete category of that axis, progression is worsening from the best value without
it. A value that something else moves is no turn; a first worsening after radiotherapy is shown and is none either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openpoems.knowledge.model import Citation
from openpoems.knowledge.response import Progression, ResponseCategory
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.response.judge import Case, Moment, changed
from openpoems.response.series import Point
from openpoems.response.treatments import Bar
from openpoems.response.view import Days

Kind = Literal["relapse", "progression"]
Remark = tuple[str, Citation | None]
_NO_RELAPSE = gettext_noop(
    "%(when)s: not counted as a relapse, for something else moves the value (%(names)s): repeat the test"
)
_NO_PROGRESSION = gettext_noop(
    "%(when)s: not counted as progression, for something else moves the value (%(names)s): repeat the test"
)


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """What one moment came to; `complete` says whether the complete category held, `fresh` that its value is new."""

    moment: Moment
    category: str | None
    why: str
    definition: ResponseCategory | None
    undecided: tuple[str, ...]
    complete: Truth
    fresh: bool

    def __repr__(self) -> str:
        return "<Step>"

    @property
    def withheld(self) -> bool:
        """Whether something else moves the value, so that the test must be repeated before it is believed."""
        point = self.moment.point
        return point is not None and (point.has("withholds") or point.has("suspends"))


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """A relapse or a progression: its days, what it is seen against, and the step that confirmed it, if any.

    `since_start` and `since_best` are days, from the least to the most that imprecise dates allow, since treatment
    began and since the complete response (for a progression: the best value).
    """

    kind: Kind
    step: Step
    against: Point | None
    says: str
    cite: Citation
    since_start: Days
    since_best: Days | None
    confirmed: Step | None

    def __repr__(self) -> str:
        return "<Turn>"


def turns(
    case: Case, steps: Sequence[Step], given: Sequence[Bar], days_apart: int
) -> tuple[tuple[Turn, ...], tuple[Remark, ...]]:
    """Every turn of one rule in order of time, and remarks on what was not called one."""
    search = _Search(case, steps, given, days_apart)
    for number in range(len(steps)):
        search.look(number)
    return tuple(search.found), tuple(dict.fromkeys(search.remarks))


class _Search:
    """Walks through the steps once and keeps what it stands on."""

    def __init__(self, case: Case, steps: Sequence[Step], given: Sequence[Bar], days_apart: int) -> None:
        self.case, self.steps, self.given, self.days_apart = case, steps, given, days_apart
        self.found: list[Turn] = []
        self.remarks: list[Remark] = []
        self.complete: Step | None = None
        self.progressed: Step | None = None

    def look(self, number: int) -> None:
        step = self.steps[number]
        if step.complete is Truth.TRUE and not step.withheld:
            self.complete, self.progressed = step, None
            return
        if self.progressed and self._treated_again(self.progressed, step):
            self.progressed = None
        if self.complete is not None:
            self._relapse(number, step, self.complete)
        elif self.progressed is None:
            self._progression(number, step)

    def _relapse(self, number: int, step: Step, complete: Step) -> None:
        if step.complete is not Truth.FALSE:
            return
        if step.withheld:
            self._remark_withheld(step, gettext(_NO_RELAPSE))
            return
        says, cite = next((c.says, c.cite) for c in self.case.rule.category if c.name == self.case.rule.complete)
        confirmed = self._confirmed(number, lambda later: later.complete is Truth.FALSE)
        self._add("relapse", step, complete.moment, (gettext("no longer: %(says)s") % {"says": says}, cite), confirmed)
        self.complete, self.progressed = None, step

    def _progression(self, number: int, step: Step) -> None:
        rule = next((p for p in self._rules() if self._progressed(p, step) is Truth.TRUE), None)
        if rule is None:
            return
        if step.withheld:
            self._remark_withheld(step, gettext(_NO_PROGRESSION))
            return
        if self._initial_worsening(step):
            return
        best = step.moment.nadir
        confirmed = self._confirmed(number, lambda later: self._progressed(rule, later, best) is Truth.TRUE)
        against = Moment(best.days, best, None) if best else None
        self._add("progression", step, against, (rule.says, rule.cite), confirmed)
        self.progressed = step

    def _rules(self) -> list[Progression]:
        rules = self.case.rule.progression
        return [rule for rule in rules if self.case.unverified or rule.cite.verified != "none"]

    def _progressed(self, rule: Progression, step: Step, best: Point | None = None) -> Truth:
        if rule.finding and rule.newly:
            return self.case.statements.newly(rule.finding, step.moment.days)
        if rule.finding:
            return self.case.statements.since(rule.finding, self.case.start, step.moment.days)[0]
        point = step.moment.point
        if rule.change is None or point is None or not step.fresh or point.has("suspends"):
            return Truth.UNKNOWN
        moment = Moment(step.moment.days, point, best or step.moment.nadir)
        risen = changed(rule.change, self.case, moment)[0]
        return risen & point.above if rule.above_limit else risen

    def _initial_worsening(self, step: Step) -> bool:
        """Whether this is a worsening after such a treatment before anything got better since it."""
        rule = self.case.rule.worsening
        point = step.moment.point
        last = [bar for bar in self.given if bar.counts and bar.start and bar.start[0] <= step.moment.days[1]][-1:]
        if rule is None or point is None or not last or last[0].parts.isdisjoint(rule.after):
            return False
        radiated = last[0].start or step.moment.days
        earlier = [
            s.moment.point for s in self.steps if s.fresh and s.moment.days < step.moment.days and s.moment.point
        ]
        since = [p for p in earlier if p.days[0] > radiated[1]]
        before = [p for p in (self.case.baseline.point, *earlier) if p and p.days[1] <= radiated[0]]
        if before and any(_better(p, before[-1], self.case.rule.better) for p in since):
            return False
        self.remarks.append((f"{_date(step)}: {rule.says}", rule.cite))
        return True

    def _treated_again(self, since: Step, step: Step) -> bool:
        starts = [bar.start for bar in self.given if bar.counts and bar.start]
        return any(since.moment.days[1] < start[0] and start[1] < step.moment.days[0] for start in starts)

    def _confirmed(self, number: int, still: Callable[[Step], bool]) -> Step | None:
        for later in self.steps[number + 1 :]:
            if later.complete is Truth.TRUE:
                return None
            apart = later.moment.days[0] - self.steps[number].moment.days[1]
            if apart >= self.days_apart and not later.withheld and still(later):
                return later
        return None

    def _add(self, kind: Kind, step: Step, best: Moment | None, said: tuple[str, Citation], again: Step | None) -> None:
        turn = Turn(
            kind=kind,
            step=step,
            against=best.point if best else None,
            says=said[0],
            cite=said[1],
            since_start=between(self.case.start, step.moment.days),
            since_best=between(best.days, step.moment.days) if best else None,
            confirmed=again,
        )
        self.found.append(turn)

    def _remark_withheld(self, step: Step, says: str) -> None:
        point = step.moment.point
        marks = [m for m in point.marks if m.confounder.bearing != "shown"] if point else []
        names = ", ".join(dict.fromkeys(mark.confounder.name for mark in marks))
        self.remarks.append((says % {"when": _date(step), "names": names}, None))


def _better(one: Point, other: Point, better: str) -> bool:
    if better == "lower":
        return one.amount.high is not None and one.amount.high < other.amount.low
    return other.amount.high is not None and one.amount.low > other.amount.high


def between(first: Days, last: Days) -> Days:
    """How many days lie between two times, from the least to the most."""
    return max(0, last[0] - first[1]), last[1] - first[0]


def _date(step: Step) -> str:
    first, last = step.moment.days
    if step.moment.point and step.fresh:
        return str(step.moment.point.when)
    days = [date.fromordinal(day).isoformat() for day in (first, last)]
    return days[0] if first == last else gettext("%(first)s to %(last)s") % {"first": days[0], "last": days[1]}
