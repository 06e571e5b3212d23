"""Response per axis: what each moment after the start of treatment was, the best and the current category."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpoems.knowledge.model import Citation
from openpoems.knowledge.response import ResponseCategory, ResponseRule
from openpoems.language import gettext, told_once
from openpoems.logic import Truth
from openpoems.response.judge import Case, Moment, holds, nothing_before, used
from openpoems.response.series import Baseline, Point, Series, Window, baseline, in_time, nadir, since_start
from openpoems.response.statements import Statement, Statements
from openpoems.response.treatments import Bar, Start
from openpoems.response.turns import Step, Turn, turns
from openpoems.response.view import View


@dataclass(frozen=True, slots=True, repr=False)
class AxisResult:
    """One rule applied to one series, or to statements where there is none.

    `category` is the current one (None when it cannot be told, `why` says so), `definition` the one that decided it,
    `undecided` better categories that a missing test leaves open. `best` is the step of the best category.
    `evidence` are the answers that were looked at; `nothing_before` tells that there was nothing to get better.
    """

    id: str
    rule: ResponseRule
    series: Series | None
    baseline: Baseline
    nadir: Point | None
    steps: tuple[Step, ...]
    category: str | None
    why: str
    definition: ResponseCategory | None
    undecided: tuple[str, ...]
    best: Step | None
    turns: tuple[Turn, ...]
    remarks: tuple[tuple[str, Citation | None], ...]
    evidence: tuple[Statement, ...]
    nothing_before: bool = False

    def __repr__(self) -> str:
        return "<AxisResult>"

    @property
    def has_data(self) -> bool:
        """Whether the record holds anything for this rule."""
        return self.series is not None or bool(self.steps)

    @property
    def current(self) -> Step | None:
        """The last step."""
        return self.steps[-1] if self.steps else None


@dataclass(frozen=True, slots=True, repr=False)
class Course:
    """What the axes are judged on."""

    view: View
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    start: Start
    statements: Statements
    unverified: bool

    def __repr__(self) -> str:
        return "<Course>"


def axis_results(course: Course) -> tuple[AxisResult, ...]:
    """Every rule on every series it speaks of, and once where there is none."""
    found = []
    for id, rule in course.view.knowledge.response.rule.items():
        several: list[Series | None] = [*in_time(course.series, rule.measure)] if rule.measure else []
        if several or course.start.days:
            found += [axis_result(id, rule, each, course) for each in several or [None]]
        else:
            found.append(_untreated(id, rule, course.start.why))
    return tuple(found)


@told_once(maxsize=1000)
def _untreated(id: str, rule: ResponseRule, why: str) -> AxisResult:
    """What is said of a rule without a series and without treatment: the same for everybody."""
    first = Baseline(None, _no_value(rule))
    return AxisResult(id, rule, None, first, None, (), None, why, None, (), None, (), (), ())


def axis_result(id: str, rule: ResponseRule, series: Series | None, course: Course) -> AxisResult:
    """One rule on one series, or on statements alone."""
    first = baseline(series, course.start) if series else Baseline(None, _no_value(rule))
    steps: tuple[Step, ...] = ()
    changes: tuple[Turn, ...] = ()
    remarks: tuple[tuple[str, Citation | None], ...] = ()
    evidence: tuple[Statement, ...] = ()
    nothing = False
    if course.start.days:
        raised = _raised(rule, first, course)
        case = Case(rule, series, course.start.days, first, course.statements, raised, course.unverified)
        steps = _steps(case, course.bars)
        changes, remarks = turns(case, steps, course.bars, course.view.knowledge.response.confirmation.days)
        evidence = _evidence(case, steps)
        nothing = nothing_before(case)
    last = steps[-1] if steps else None
    graded = [step for step in steps if step.category]
    return AxisResult(
        id=id,
        rule=rule,
        series=series,
        baseline=first,
        nadir=nadir(_points(first, series, course.start), rule.better) if series else None,
        steps=steps,
        category=last.category if last else None,
        why=last.why if last else _why_nothing(rule, course.start),
        definition=last.definition if last else None,
        undecided=last.undecided if last else (),
        best=min(graded, key=lambda step: rule.order.index(step.category or ""), default=None),
        turns=changes,
        remarks=remarks,
        evidence=evidence,
        nothing_before=nothing,
    )


def _no_value(rule: ResponseRule) -> str:
    return gettext("there is no value of %(name)s") % {"name": rule.name}


def _why_nothing(rule: ResponseRule, start: Start) -> str:
    return start.why or gettext("there is nothing on %(name)s after treatment began") % {"name": rule.name}


def _points(first: Baseline, series: Series, start: Start) -> Iterable[Point]:
    return (*([first.point] if first.point else []), *since_start(series, start))


def _raised(rule: ResponseRule, first: Baseline, course: Course) -> Truth:
    """Whether the measure was above its own limit at baseline, in this series or, where it has none, in any other."""
    if first.point is not None:
        return first.point.above
    others = (baseline(each, course.start).point for each in in_time(course.series, rule.measure))
    return max((Truth.TRUE for point in others if point and point.above is Truth.TRUE), default=Truth.UNKNOWN)


def _steps(case: Case, given: Sequence[Bar]) -> tuple[Step, ...]:
    steps = []
    points = since_start(case.series, Start(case.start)) if case.series else ()
    window, latest = Window(given, case.rule.better), None
    if case.baseline.point:
        window.add(case.baseline.point)
    at = {point.days: point for point in points}
    for days in sorted({*at, *(s.days for s in case.statements.after(_spoken(case.rule), case.start))}):
        point = at.get(days)
        latest = point or latest
        steps.append(_step(case, Moment(days, latest, window.at(days).best), fresh=point is not None))
        if point:
            window.add(point)
    return tuple(steps)


def _spoken(rule: ResponseRule) -> set[str]:
    """The findings and tests a rule listens to."""
    named = {id for each in rule.category for id in (*each.excluded, *each.negative, *each.positive)}
    return named | {rule.finding, *(each.finding for each in rule.progression)} - {""}


def _step(case: Case, moment: Moment, *, fresh: bool) -> Step:
    point = moment.point
    if point is not None and point.has("suspends"):
        mark = next(mark for mark in point.marks if mark.confounder.bearing == "suspends")
        why = gettext("suspended: %(why)s") % {"why": mark.confounder.says}
        return Step(moment, None, why, None, (), Truth.UNKNOWN, fresh)
    said = [(each, *holds(each, case, moment)) for each in case.rule.category]
    complete = max((truth for each, truth, _ in said if each.name == case.rule.complete), default=Truth.UNKNOWN)
    undecided: list[str] = []
    whys: list[str] = []
    for number, (each, truth, why) in enumerate(said):
        if each.otherwise:
            truth, why = _otherwise(case.rule, said[:number], truth, why)  # noqa: PLW2901 - what it means is only known here
        if truth is Truth.TRUE:
            # Who misses the least category of a nested rule misses those above it, whatever was not tested.
            missed_all = each.otherwise and case.rule.nested
            open_above = () if missed_all else tuple(dict.fromkeys(name for name in undecided if name != each.name))
            return Step(
                moment,
                each.name,
                _once(whys) if open_above else "",
                each,
                open_above,
                complete,
                fresh,
            )
        if truth is Truth.UNKNOWN:
            undecided.append(each.name)
            whys += [why] if why else []
    return Step(moment, None, _reason(case.rule, whys), None, (), complete, fresh)


def _reason(rule: ResponseRule, whys: list[str]) -> str:
    return _once(whys) or rule.note or gettext("no category applies")


def _once(whys: Iterable[str]) -> str:
    """Reasons, each told once however many categories share it."""
    return "; ".join(dict.fromkeys(part for why in whys for part in why.split("; ") if part))


def _otherwise(
    rule: ResponseRule, before: list[tuple[ResponseCategory, Truth, str]], own: Truth, why: str
) -> tuple[Truth, str]:
    """When none of the categories before holds; in a nested rule, when the last graded one does not."""
    graded = [item for item in before if item[0].change] if rule.nested else before
    missed = ~graded[-1][1] if rule.nested and graded else min((~truth for _, truth, _ in graded), default=Truth.TRUE)
    reasons = "" if missed is not Truth.UNKNOWN else _once(w for _, t, w in graded if t is Truth.UNKNOWN)
    return missed & own, _once((why if own is Truth.UNKNOWN else "", reasons))


def _evidence(case: Case, steps: tuple[Step, ...]) -> tuple[Statement, ...]:
    if not steps:
        return ()
    moment = steps[-1].moment
    found = [s for each in case.rule.category for s in used(each, case, moment)]
    return tuple({id(s): s for s in found}.values())
