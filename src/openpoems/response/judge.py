"""Whether a category of response holds at a moment: every condition it names, three-valued, with why it is unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from openpoems.knowledge.response import Bound, Change, ResponseCategory, ResponseRule
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits
from openpoems.response.amounts import fallen, in_unit, risen
from openpoems.response.series import Baseline, Point, Series
from openpoems.response.statements import Statement, Statements
from openpoems.response.view import Days

Said = tuple[Truth, str]
RECALLED = gettext_noop("the definition was only recalled, and recalled ones are switched off")


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One rule applied to one series (or to statements alone) of a person whose treatment began in `start`.

    `raised` tells whether any series of the measure was above its own limit before: that is compared with nothing.
    """

    rule: ResponseRule
    series: Series | None
    start: Days
    baseline: Baseline
    statements: Statements
    raised: Truth
    unverified: bool

    def __repr__(self) -> str:
        return "<Case>"


@dataclass(frozen=True, slots=True, repr=False)
class Moment:
    """A time at which the rule is looked at: the value of that time, if any, and the best value before it."""

    days: Days
    point: Point | None
    nadir: Point | None

    def __repr__(self) -> str:
        return "<Moment>"


def holds(category: ResponseCategory, case: Case, moment: Moment) -> Said:
    """Whether everything holds that a category names, apart from `otherwise`."""
    if category.cite.verified == "none" and not case.unverified:
        return Truth.UNKNOWN, gettext(RECALLED)
    said = list(_conditions(category, case, moment))
    truth = min((truth for truth, _ in said), default=Truth.TRUE)
    return truth, "; ".join(dict.fromkeys(why for t, why in said if t is Truth.UNKNOWN and truth is Truth.UNKNOWN))


def nothing_before(case: Case) -> bool:
    """Whether nothing could get better: the finding was absent, or the value under what a complete response asks."""
    rule, point = case.rule, case.baseline.point
    if rule.finding and not rule.measure:  # of what is measured too, the value decides
        return case.statements.by(rule.finding, case.start)[0] is Truth.FALSE
    asked = [bound for each in rule.category if each.name == rule.complete for bound in each.baseline]
    return point is not None and any(_reaches(bound, point, case)[0] is Truth.FALSE for bound in asked)


def changed(change: Change, case: Case, moment: Moment) -> Said:
    """Whether a value changed as much as asked since the baseline or the nadir."""
    series, reference = case.series, case.baseline.point if change.since == "baseline" else moment.nadir
    if moment.point is None or series is None:
        return Truth.UNKNOWN, _no_value(case)
    if reference is None:
        no_value = case.baseline.why if change.since == "baseline" else gettext("there is no earlier value")
        return Truth.UNKNOWN, no_value
    try:
        least = in_unit(change.amount, series.unit) if change.amount else Fraction(0)
    except IncomparableUnits:
        return Truth.UNKNOWN, _other_unit(series.unit)
    compare = fallen if change.direction == "fall" else risen
    truth = compare(moment.point.amount, reference.amount, change.percent or 0, least)
    if truth is not Truth.UNKNOWN:
        return truth, ""
    return truth, gettext("a value outside the measuring range leaves the change open")


def _no_value(case: Case) -> str:
    return gettext("there is no value of %(name)s at that time") % {"name": case.rule.name}


def _other_unit(unit: str) -> str:
    if not unit:
        return gettext("the unit that is missing cannot be compared with the definition's")
    return gettext("the unit %(unit)s cannot be compared with the definition's") % {"unit": unit}


def used(category: ResponseCategory, case: Case, moment: Moment) -> Iterator[Statement]:
    """The answers that a category looked at."""
    for id in (
        *category.excluded,
        *category.negative,
        *category.positive,
        *([case.rule.finding] if category.now else []),
    ):
        statement = case.statements.since(id, case.start, moment.days)[1]
        if statement:
            yield statement
    if category.was:
        statement = case.statements.by(case.rule.finding, case.start)[1]
        if statement:
            yield statement


def _conditions(category: ResponseCategory, case: Case, moment: Moment) -> Iterator[Said]:
    if category.normal:
        yield _raised_before(case)
        yield _within(moment)
    if category.reaches:
        yield _reaches(category.reaches, moment.point, case)
    if category.change:
        yield changed(category.change, case, moment)
    for bound in category.baseline:
        yield _evaluable(bound, case)
    yield from _statements(category, case, moment)


def _raised_before(case: Case) -> Said:
    if case.raised is Truth.TRUE:
        return Truth.TRUE, ""
    if case.raised is Truth.FALSE:
        return Truth.UNKNOWN, gettext("the value was not above the limit before treatment")
    told = {"why": case.baseline.why or gettext("no limit")}
    return Truth.UNKNOWN, gettext("whether the value was raised before treatment is not known: %(why)s") % told


def _within(moment: Moment) -> Said:
    if moment.point is None:
        return Truth.UNKNOWN, gettext("there is no value at that time")
    above = moment.point.above
    return ~above, gettext("the laboratory's upper limit is not known") if above is Truth.UNKNOWN else ""


def _reaches(bound: Bound, point: Point | None, case: Case) -> Said:
    if point is None or case.series is None:
        return Truth.UNKNOWN, _no_value(case)
    try:
        limit = in_unit(bound.value, case.series.unit)
    except IncomparableUnits:
        return Truth.UNKNOWN, _other_unit(case.series.unit)
    truth = _beyond(point, limit, bound.direction)
    return truth, gettext("a value outside the measuring range leaves it open") if truth is Truth.UNKNOWN else ""


def _beyond(point: Point, limit: Fraction, direction: str) -> Truth:
    low, high, exact = point.amount.low, point.amount.high, point.amount.exact
    if direction == "above":
        return Truth.TRUE if low > limit else Truth.FALSE if high is not None and high <= limit else Truth.UNKNOWN
    at_or_above = Truth.TRUE if low >= limit else Truth.UNKNOWN
    # `<200` is below 200; `<=200` is treated alike, for no more than its own bound is lost by it.
    if high is not None and (high < limit or (high == limit and not exact)):
        at_or_above = Truth.FALSE
    return at_or_above if direction == "at-or-above" else ~at_or_above


def _evaluable(bound: Bound, case: Case) -> Said:
    """A baseline that does not reach what is asked leaves the category open: it is not a failure to respond."""
    if bound.specimen and case.series is not None and case.series.key.specimen != bound.specimen:
        return Truth.TRUE, ""
    if case.baseline.point is None:
        return Truth.UNKNOWN, case.baseline.why
    truth, why = _reaches(bound, case.baseline.point, case)
    if truth is Truth.TRUE:
        return truth, ""
    unit = gettext(_SCORE) if bound.value.unit == "{score}" else bound.value.unit.strip("{}")
    told = {"value": f"{bound.value.value:g} {unit}"}
    return Truth.UNKNOWN, why or gettext(_BASELINE[bound.direction]) % told


_SCORE = gettext_noop("score")
_BASELINE = {
    "above": gettext_noop("the baseline must be above %(value)s"),
    "at-or-above": gettext_noop("the baseline must be at or above %(value)s"),
    "below": gettext_noop("the baseline must be below %(value)s"),
}


def _statements(category: ResponseCategory, case: Case, moment: Moment) -> Iterator[Said]:
    finding = case.rule.finding
    if category.was:
        yield _presence(category.was, case.statements.by(finding, case.start)[0], finding, _NOT_BEFORE)
    if category.now:
        yield _presence(category.now, case.statements.since(finding, case.start, moment.days)[0], finding)
    for id in category.excluded:
        yield _presence("absent", case.statements.since(id, case.start, moment.days)[0], id)
    for id in category.negative:
        yield _presence("absent", _answer(id, case, moment), id)
    if category.positive:
        truths = [_answer(id, case, moment) for id in category.positive]
        told = {"names": ", ".join(map(gettext, category.positive))}
        yield max(truths), gettext("%(names)s: no answer since treatment began") % told


def _answer(id: str, case: Case, moment: Moment) -> Truth:
    measured = moment.point if id == case.rule.measure else None
    if measured is not None and measured.amount.low > 0:
        return Truth.TRUE
    return case.statements.since(id, case.start, moment.days)[0]


_NOT_BEFORE = gettext_noop("%(name)s at baseline: no clear answer before treatment began")
_NOT_SINCE = gettext_noop("%(name)s: no clear answer since treatment began")


def _presence(wanted: str, truth: Truth, what: str, unclear: str = _NOT_SINCE) -> Said:
    if truth is Truth.UNKNOWN:
        return truth, gettext(unclear) % {"name": gettext(what.replace("-", " "))}
    return (truth if wanted == "present" else ~truth), ""
