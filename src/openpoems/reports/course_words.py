"""Words and numbers of a course that every report shares."""

from datetime import date

from openpoems.criteria.delay import DAYS_A_MONTH
from openpoems.findings.evidence import Evidence, result_text
from openpoems.knowledge.response import Confounder
from openpoems.logic import Truth
from openpoems.record.model import Feature, Measurement
from openpoems.reports.wording import CHECKED_BRIEFLY
from openpoems.response.alarms import Alarm, State
from openpoems.response.amounts import Fold
from openpoems.response.axes import AxisResult
from openpoems.response.lines import Line
from openpoems.response.series import Point, Series, folds
from openpoems.response.statements import Statement
from openpoems.response.treatments import Bar
from openpoems.response.turns import Step, Turn

ONLY_CHECKED = "Definitions that were only recalled are not applied: what needs them is not told."
ABOVE = {Truth.TRUE: "above", Truth.FALSE: "within", Truth.UNKNOWN: "unknown"}
WINDOW = {
    "published": "of a published length",
    "default": "for a time that is a default of this software",
    "sample": "of this sample",
    "lasting": "from then on",
}
STATE: dict[State, str] = {
    "on": "ON",
    "unconfirmed": "not confirmed yet",
    "off": "off",
    "withheld": "withheld",
    "cannot-tell": "cannot tell",
}
# How many days are still said as days.
MOST_DAYS = 61


def series_name(series: Series) -> str:
    """A series in words: `Vascular endothelial growth factor, plasma, ECL, Laboratory B`."""
    key = series.key
    return ", ".join(part for part in (series.name, key.specimen, key.assay, key.laboratory) if part)


def amount(point: Point, series: Series) -> str:
    """A value in its series' unit with its comparator: `<31 pg/mL`."""
    number = point.amount.low if point.amount.exact or point.amount.high is None else point.amount.high
    return f"{point.fact.comparator}{float(number):g} {unit(series)}".rstrip()


def unit(series: Series) -> str:
    """The unit as a person reads it; scores and ratios have none."""
    return "" if series.unit in {"1", "{score}", "{ratio}"} else series.unit


def dated_amount(point: Point, series: Series) -> str:
    """A value and when it was."""
    return f"{amount(point, series)} on {point.when}"


def times(fold: Fold | None) -> str:
    """How many times a value is another: `0.05x`, `up to 0.02x`, or "" where it has no meaning."""
    if fold is None:
        return ""
    if fold.high is None:
        return f"at least {fold.low:.2g}x" if fold.low else ""
    if fold.low == 0 and fold.high > 0:
        return f"up to {fold.high:.2g}x"
    low, high = f"{fold.low:.2g}", f"{fold.high:.2g}"
    return f"{low}x" if low == high else f"{low} to {high}x"


def lasting(days: tuple[int, int]) -> str:
    """Some days from the least to the most, as months where they are many."""
    if days[1] <= MOST_DAYS:
        return f"{days[0]} days" if days[0] == days[1] else f"{days[0]} to {days[1]} days"
    low, high = (f"{each / DAYS_A_MONTH:.0f}" for each in days)
    return f"{low} months" if low == high else f"{low} to {high} months"


def day_words(days: tuple[int, int]) -> str:
    """Days on the calendar: one, or from one to another."""
    first, last = (date.fromordinal(day).isoformat() for day in days)
    return first if first == last else f"{first} to {last}"


def step_when(step: Step) -> str:
    """When a step was, as the record dates it."""
    return str(step.moment.point.when) if step.fresh and step.moment.point else day_words(step.moment.days)


def turn_words(turn: Turn) -> str:
    """A relapse or progression in a sentence."""
    since = f", {lasting(turn.since_start)} after treatment began"
    best = "the last complete response" if turn.kind == "relapse" else "the best value"
    after = f" and {lasting(turn.since_best)} after {best}" if turn.since_best else ""
    again = f"confirmed {step_when(turn.confirmed)}" if turn.confirmed else "not confirmed"
    return f"{turn.kind} {step_when(turn.step)}{since}{after}; {again}"


def bar_words(bar: Bar) -> str:
    """A treatment and when it began."""
    return f"{bar.name or 'a treatment without a name'} ({bar.when or 'without a date'})"


def unread_words(bar: Bar) -> str:
    """Why a treatment does not count, and the mend."""
    why = bar.doubt or "openpoems does not know this name: write the drugs or the procedure that it stands for"
    return f"not counted as treatment of the disease: {bar_words(bar)}; {why}"


def line_name(line: Line) -> str:
    """A treatment by itself: what it was, when it began, when the next one did."""
    until = f", up to {day_words(line.until)}" if line.until else ""
    return f"{' and '.join(bar.name for bar in line.bars)}, from {day_words(line.start)}{until}"


def in_line_words(result: AxisResult) -> str:
    """How an axis responded to one treatment: its baseline, its best, its first relapse or progression."""
    series, first, last = result.series, result.baseline.point, result.steps[-1]
    parts = [(f"baseline {dated_amount(first, series)}" if first else "no baseline") if series else ""]
    parts += [f"best {result.best.category} on {step_when(result.best)}" if result.best else "no response told"]
    if result.turns:
        turn = result.turns[0]
        parts += [f"{turn.kind} {step_when(turn.step)}, {lasting(turn.since_start)} after it began"]
    else:
        parts += [f"no relapse or progression by {step_when(last)}"]
    return "; ".join(filter(None, parts))


def alarm_label(alarm: Alarm) -> str:
    """Who made the rule of an alarm: `engineering`, or `literature` with how far it was checked."""
    checked = CHECKED_BRIEFLY[alarm.rule.cite.verified] if alarm.rule.kind == "literature" else ""
    return f"{alarm.rule.kind}, {checked}" if checked else alarm.rule.kind


def alarm_name(alarm: Alarm) -> str:
    """The rule of an alarm and the specimen of its series."""
    return f"{alarm.series.key.specimen or 'specimen not said'}: {alarm.rule.name}"


def result_name(result: AxisResult) -> str:
    """The rule, and the series where there is one."""
    if result.series is None:
        return result.rule.name
    key = result.series.key
    where = ", ".join(part for part in (key.specimen, key.assay, key.laboratory) if part)
    return result.rule.name + (f" ({where})" if where else "")


def compared_words(result: AxisResult, point: Point) -> str:
    """A value of an axis, and what it is compared with: its baseline, and its best since."""
    series = result.series
    assert series is not None  # noqa: S101 - asked for with a series only
    first = result.baseline.point
    against = f"baseline {dated_amount(first, series)}" if first else f"no baseline: {result.baseline.why}"
    fold = times(folds(point, first))
    lowest = f"; nadir {dated_amount(result.nadir, series)}" if result.nadir and result.rule.better == "lower" else ""
    best = f"; best {dated_amount(result.nadir, series)}" if result.nadir and result.rule.better == "higher" else ""
    said = f"{dated_amount(point, series)}" + (f", {fold} baseline" if fold else "")
    return f"{said}; {against}{lowest}{best}"


def statement_words(statement: Statement) -> str:
    """An answer that was looked at: what, what it said, when."""
    said = "present" if statement.says is Truth.TRUE else "absent"
    if isinstance(statement.fact, Measurement):
        said = result_text(statement.fact)
    return f"{statement.of.replace('-', ' ')}: {said}, {statement.when}"


def mark_words(confounder: Confounder, because: str, when: object) -> str:
    """A confounder of a value in words."""
    dated = f", {when}" if when else ""
    return f"{confounder.name} ({because}{dated}): {confounder.says}; {WINDOW[confounder.window]}"


def fact_source(fact: Feature | Measurement) -> str:
    """Where a fact stands, as for any other evidence."""
    return Evidence("", Truth.UNKNOWN, "stated", fact, None).source
