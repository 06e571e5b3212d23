"""The whole course of one record as of a day: series, response per axis, alarms, the order of the axes."""

from dataclasses import dataclass
from datetime import date

from openpoems.knowledge.response import PublishedOrder, Reassurance
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import PatientRecord
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.alarms import Alarm, alarms, reassured
from openpoems.response.axes import AxisResult, Course, axis_results
from openpoems.response.current import Current, current
from openpoems.response.lines import Line, lines
from openpoems.response.order import Order, order
from openpoems.response.series import Baseline, Point, Series, all_series, baseline, nadir, since_start
from openpoems.response.standing import standing
from openpoems.response.statements import statements
from openpoems.response.treatments import Bar, Start, bars, first_start
from openpoems.response.turns import Turn
from openpoems.response.view import View


@dataclass(frozen=True, slots=True, repr=False)
class Panel:
    """One series to be looked at: with its baseline, its best value since, and which direction is better."""

    series: Series
    baseline: Baseline
    nadir: Point | None
    better: str

    def __repr__(self) -> str:
        return "<Panel>"


@dataclass(frozen=True, slots=True, repr=False)
class ResponseAssessment:
    """One person's course as of one day.

    `unverified` tells whether definitions that were only recalled are applied. `reassurances` are the sentences that
    must stand beside the normal values there are. `lines` are the treatments one by one, where there are several;
    `current` says where the course stands since the latest.
    `unread` are treatments of which nobody knows what was given: no response begins with them. `beside` are those that
    are known and do not treat the disease.
    """

    as_of: date
    unverified: bool
    start: Start
    bars: tuple[Bar, ...]
    panels: tuple[Panel, ...]
    results: tuple[AxisResult, ...]
    lines: tuple[Line, ...]
    alarms: tuple[Alarm, ...]
    current: Current
    order: Order
    reassurances: tuple[Reassurance, ...]
    published_order: tuple[PublishedOrder, ...]

    def __repr__(self) -> str:
        return "<ResponseAssessment>"

    @property
    def unread(self) -> tuple[Bar, ...]:
        """Treatments whose name is not known, or has several meanings."""
        return tuple(bar for bar in self.bars if not bar.known)

    @property
    def beside(self) -> tuple[Bar, ...]:
        """Treatments that are known and do not treat the disease."""
        return tuple(bar for bar in self.bars if bar.known and not bar.counts)

    @property
    def tells(self) -> bool:
        """Whether there is a course at all: a treatment that is or may be of the disease, or several values of one."""
        return any(bar.counts or not bar.known for bar in self.bars) or any(
            len(p.series.points) > 1 for p in self.panels
        )

    @property
    def standing(self) -> tuple[tuple[Turn, AxisResult], ...]:
        """The relapses and progressions that still stand."""
        return standing(self.results, self.lines)

    def of(self, rule: str) -> tuple[AxisResult, ...]:
        """The results of one rule, one per series."""
        return tuple(result for result in self.results if result.id == rule)


def has_course(record: PatientRecord) -> bool:
    """Whether a record can tell a course at all: something dated beside a treatment, or two dated results."""
    dated_results = sum(result.on is not None for result in record.measurements)
    if record.treatments or record.procedures:
        return dated_results > 0 or any(feature.on or feature.onset for feature in record.features)
    return dated_results > 1


def began(record: PatientRecord, knowledge: Knowledge, as_of: date, *, today: date | None = None) -> Start:
    """When treatment of the disease began first, also where there is no course to tell of."""
    return first_start(bars(View(record, knowledge, Viewpoint.of(record, as_of, today))))


def respond(
    record: PatientRecord,
    knowledge: Knowledge,
    as_of: date,
    *,
    today: date | None = None,
    unverified: bool = True,
) -> ResponseAssessment:
    """Say how the person responds, as far as the record tells on the day `as_of`; `today` is as in `derive`.

    With `unverified=False` definitions that were only recalled are not applied: what needs them is not evaluable.
    """
    view = View(record, knowledge, Viewpoint.of(record, as_of, today))
    given = bars(view)
    course = Course(view, all_series(view), given, first_start(given), statements(view), unverified)
    results = axis_results(course)
    told, asking = lines(course, results), alarms(course)
    rules = knowledge.response
    return ResponseAssessment(
        as_of=as_of,
        unverified=unverified,
        start=course.start,
        bars=given,
        panels=tuple(_panel(each, course) for each in course.series),
        results=results,
        lines=told,
        alarms=asking,
        current=current(course, results, told, asking),
        order=order(results),
        reassurances=tuple(each for each in rules.normal if reassured(course.series, each.measure)),
        published_order=rules.order,
    )


def _panel(series: Series, course: Course) -> Panel:
    rules = course.view.knowledge.response.rule.values()
    usual = course.view.knowledge.measures[series.key.measure].better
    better = next((rule.better for rule in rules if rule.measure == series.key.measure), usual)
    first = baseline(series, course.start)
    points = (*([first.point] if first.point else []), *since_start(series, course.start))
    return Panel(series, first, nadir(points, better), better)
