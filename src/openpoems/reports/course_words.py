"""Words and numbers of a course that every report shares."""

from datetime import date

from openpoems.criteria.delay import DAYS_A_MONTH
from openpoems.findings.evidence import Evidence, result_text
from openpoems.knowledge.response import Confounder
from openpoems.language import Phrases, gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.record.model import Feature, Measurement
from openpoems.reports.wording import CHECKED_BRIEFLY, month_words, to_words
from openpoems.response.alarms import Alarm, State
from openpoems.response.amounts import Fold
from openpoems.response.axes import AxisResult
from openpoems.response.lines import Line
from openpoems.response.series import Baseline, Point, Series, folds
from openpoems.response.statements import Statement
from openpoems.response.treatments import Bar
from openpoems.response.turns import Step, Turn

ONLY_CHECKED = gettext_noop("Definitions that were only recalled are not applied: what needs them is not told.")
ABOVE = {Truth.TRUE: "above", Truth.FALSE: "within", Truth.UNKNOWN: "unknown"}
# The same in words.
AGAINST_LIMIT: Phrases[Truth] = Phrases(
    {
        Truth.TRUE: gettext_noop("above"),
        Truth.FALSE: gettext_noop("within"),
        Truth.UNKNOWN: gettext_noop("not known"),
    }
)
# ... and where little room is.
LIMIT_SAID: Phrases[Truth] = Phrases(
    {
        Truth.TRUE: gettext_noop("above"),
        Truth.FALSE: gettext_noop("within"),
        Truth.UNKNOWN: gettext_noop("unknown"),
    }
)
WINDOW: Phrases[str] = Phrases(
    published=gettext_noop("of a published length"),
    default=gettext_noop("for a time that is a default of this software"),
    sample=gettext_noop("of this sample"),
    lasting=gettext_noop("from then on"),
)
STATE: Phrases[State] = Phrases(
    {
        "on": gettext_noop("ON"),
        "unconfirmed": gettext_noop("not confirmed yet"),
        "off": gettext_noop("off"),
        "withheld": gettext_noop("withheld"),
        "cannot-tell": gettext_noop("cannot tell"),
    }
)
KIND: Phrases[str] = Phrases(relapse=gettext_noop("relapse"), progression=gettext_noop("progression"))
_MADE_BY: Phrases[str] = Phrases(literature=gettext_noop("literature"), engineering=gettext_noop("engineering"))
# How many days are still said as days.
MOST_DAYS = 61


def only_checked() -> str:
    """What must be known where definitions that were only recalled are not applied."""
    return gettext(ONLY_CHECKED)


def series_name(series: Series) -> str:
    """A series in words: `Vascular endothelial growth factor, plasma, ECL, Laboratory B`."""
    key = series.key
    return ", ".join(part for part in (series.name, gettext(key.specimen), key.assay, key.laboratory) if part)


def amount(point: Point, series: Series) -> str:
    """A value in its series' unit with its comparator: `<31 pg/mL`."""
    number = point.amount.low if point.amount.exact or point.amount.high is None else point.amount.high
    return f"{point.fact.comparator}{float(number):g} {unit(series)}".rstrip()


def unit(series: Series) -> str:
    """The unit as a person reads it; scores and ratios have none."""
    return "" if series.unit in {"1", "{score}", "{ratio}"} else series.unit


def dated_amount(point: Point, series: Series) -> str:
    """A value and when it was."""
    return gettext("%(value)s on %(when)s") % {"value": amount(point, series), "when": point.when}


def times(fold: Fold | None) -> str:
    """How many times a value is another: `0.05x`, `up to 0.02x`, or "" where it has no meaning."""
    if fold is None:
        return ""
    if fold.high is None:
        return gettext("at least %(times)s") % {"times": f"{fold.low:.2g}x"} if fold.low else ""
    if fold.low == 0 and fold.high > 0:
        return gettext("up to %(times)s") % {"times": f"{fold.high:.2g}x"}
    low, high = f"{fold.low:.2g}", f"{fold.high:.2g}"
    return f"{low}x" if low == high else to_words(low, f"{high}x")


def lasting(days: tuple[int, int]) -> str:
    """Some days from the least to the most, as months where they are many."""
    if days[1] <= MOST_DAYS:
        told = {"low": days[0], "high": days[1]}
        return (gettext("%(low)s days") if days[0] == days[1] else gettext("%(low)s to %(high)s days")) % told
    low, high = (f"{each / DAYS_A_MONTH:.0f}" for each in days)
    return month_words(low, high)


def day_words(days: tuple[int, int]) -> str:
    """Days on the calendar: one, or from one to another."""
    first, last = (date.fromordinal(day).isoformat() for day in days)
    return first if first == last else to_words(first, last)


def step_when(step: Step) -> str:
    """When a step was, as the record dates it."""
    return str(step.moment.point.when) if step.fresh and step.moment.point else day_words(step.moment.days)


def step_day(step: Step) -> str:
    """When a step was, as a document has it in every language: `2024-05`, `2024-05-01 to 2024-05-31`."""
    return str(step.moment.point.when) if step.fresh and step.moment.point else days_written(step.moment.days)


def days_written(days: tuple[int, int]) -> str:
    """Days on the calendar as a document has them in every language."""
    return " to ".join(dict.fromkeys(date.fromordinal(day).isoformat() for day in days))


_TURNED: Phrases[tuple[str, bool]] = Phrases(
    {
        ("relapse", False): gettext_noop("relapse %(when)s, %(since)s after treatment began"),
        ("relapse", True): gettext_noop(
            "relapse %(when)s, %(since)s after treatment began and %(best)s after the last complete response"
        ),
        ("progression", False): gettext_noop("progression %(when)s, %(since)s after treatment began"),
        ("progression", True): gettext_noop(
            "progression %(when)s, %(since)s after treatment began and %(best)s after the best value"
        ),
    }
)


def turn_words(turn: Turn) -> str:
    """A relapse or progression in a sentence."""
    told = {
        "when": step_when(turn.step),
        "since": lasting(turn.since_start),
        "best": lasting(turn.since_best) if turn.since_best else "",
    }
    again = gettext("not confirmed")
    if turn.confirmed:
        again = gettext("confirmed %(when)s") % {"when": step_when(turn.confirmed)}
    return f"{_TURNED[turn.kind, bool(turn.since_best)] % told}; {again}"


def bar_words(bar: Bar) -> str:
    """A treatment and when it began."""
    name, when = bar.called or gettext("a treatment without a name"), bar.when or gettext("without a date")
    return f"{name} ({when})"


def unread_words(bar: Bar) -> str:
    """Why a treatment does not count, and the mend."""
    unknown = gettext("openpoems does not know this name: write the drugs or the procedure that it stands for")
    told = {"treatment": bar_words(bar), "why": bar.doubt or unknown}
    return gettext("not counted as treatment of the disease: %(treatment)s; %(why)s") % told


def line_name(line: Line) -> str:
    """A treatment by itself: what it was, when it began, when the next one did."""
    told = {"names": gettext(" and ").join(bar.called for bar in line.bars), "start": day_words(line.start)}
    if line.until is None:
        return gettext("%(names)s, from %(start)s") % told
    return gettext("%(names)s, from %(start)s, up to %(until)s") % (told | {"until": day_words(line.until)})


def in_line_words(result: AxisResult) -> str:
    """How an axis responded to one treatment: its baseline, its best, its first relapse or progression."""
    series, first, last = result.series, result.baseline.point, result.steps[-1]
    parts = [(baseline_words(first, series) if first else gettext("no baseline")) if series else ""]
    parts += [best_words(result.best) if result.best else gettext("no response told")]
    if result.turns:
        turn = result.turns[0]
        told = {"when": step_when(turn.step), "since": lasting(turn.since_start)}
        parts += [_TURNED_IN_LINE[turn.kind] % told]
    else:
        parts += [gettext("no relapse or progression by %(when)s") % {"when": step_when(last)}]
    return "; ".join(filter(None, parts))


_TURNED_IN_LINE: Phrases[str] = Phrases(
    relapse=gettext_noop("relapse %(when)s, %(since)s after it began"),
    progression=gettext_noop("progression %(when)s, %(since)s after it began"),
)


def baseline_words(first: Point, series: Series) -> str:
    """A baseline and its day."""
    return gettext("baseline %(value)s") % {"value": dated_amount(first, series)}


def no_baseline_words(baseline: Baseline) -> str:
    """Why there is no baseline."""
    return gettext("no baseline: %(why)s") % {"why": baseline.why}


def limit_words(limit: float, series: Series) -> str:
    """An upper limit that a series reports."""
    return gettext("upper limit %(limit)s") % {"limit": f"{limit:g} {unit(series)}".rstrip()}


def left_out_words(fact: Measurement, why: str) -> str:
    """A result that has no place in its series, and why."""
    return gettext("left out, %(when)s: %(why)s") % {"when": fact.on or gettext("without a date"), "why": why}


def left_out(when: object, why: str) -> str:
    """The same as a sentence."""
    told = {"when": when, "why": why}
    return (gettext("Left out, %(when)s: %(why)s.") if when else gettext("Left out: %(why)s.")) % told


def best_words(best: Step) -> str:
    """The best category and its day."""
    return gettext("best %(category)s on %(when)s") % {"category": category_words(best), "when": step_when(best)}


def category_words(step: Step) -> str:
    """The category of a step as a person reads it."""
    return gettext(step.category) if step.category else ""


def alarm_label(alarm: Alarm) -> str:
    """Who made the rule of an alarm: `engineering`, or `literature` with how far it was checked."""
    checked = CHECKED_BRIEFLY[alarm.rule.cite.verified] if alarm.rule.kind == "literature" else ""
    made_by = _MADE_BY[alarm.rule.kind]
    return f"{made_by}, {checked}" if checked else made_by


def alarm_name(alarm: Alarm) -> str:
    """The rule of an alarm and the specimen of its series."""
    return f"{gettext(alarm.series.key.specimen or _NO_SPECIMEN)}: {alarm.rule.name}"


_NO_SPECIMEN = gettext_noop("specimen not said")


def result_name(result: AxisResult) -> str:
    """The rule, and the series where there is one."""
    if result.series is None:
        return result.rule.name
    key = result.series.key
    where = ", ".join(part for part in (gettext(key.specimen), key.assay, key.laboratory) if part)
    return result.rule.name + (f" ({where})" if where else "")


def compared_words(result: AxisResult, point: Point) -> str:
    """A value of an axis, and what it is compared with: its baseline, and its best since."""
    series = result.series
    assert series is not None  # noqa: S101 - asked for with a series only
    first = result.baseline.point
    parts = [dated_amount(point, series)]
    if fold := times(folds(point, first)):
        parts = [parts[0] + ", " + gettext("%(times)s baseline") % {"times": fold}]
    parts += [baseline_words(first, series) if first else no_baseline_words(result.baseline)]
    if result.nadir:
        of = {"value": dated_amount(result.nadir, series)}
        parts += [(gettext("nadir %(value)s") if result.rule.better == "lower" else gettext("best %(value)s")) % of]
    return "; ".join(parts)


def statement_words(statement: Statement) -> str:
    """An answer that was looked at: what, what it said, when."""
    said = gettext("present") if statement.says is Truth.TRUE else gettext("absent")
    if isinstance(statement.fact, Measurement):
        said = result_text(statement.fact)
    return f"{gettext(statement.of.replace('-', ' '))}: {said}, {statement.when}"


def mark_words(confounder: Confounder, because: str, when: object) -> str:
    """A confounder of a value in words."""
    dated = f", {when}" if when else ""
    return f"{confounder.name} ({because}{dated}): {confounder.says}; {WINDOW[confounder.window]}"


def fact_source(fact: Feature | Measurement) -> str:
    """Where a fact stands, as for any other evidence."""
    return Evidence("", Truth.UNKNOWN, "stated", fact, None).source
