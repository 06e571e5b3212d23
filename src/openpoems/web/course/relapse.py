"""The relapse panel: the rules and the model side by side, and what the next value would change.

Nothing is judged here: every line is taken from the assessment's document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openpoems.dynamics.learned import RiskAt
from openpoems.reports.forecast_words import band, percent
from openpoems.reports.risk_chart import TOPS
from openpoems.web.course.response import Turn, turn
from openpoems.web.course.sources import Cited, Sources
from openpoems.web.registry.presenters import specimen_words
from openpoems.web.registry.units import unit_words

Json = Mapping[str, Any]
STATES = {
    "on": _("on"), "unconfirmed": _("not confirmed yet"), "off": _("off"),
    "withheld": _("withheld"), "cannot-tell": _("cannot tell"),
}  # fmt: skip
STATE_TAGS = {"on": "bad", "unconfirmed": "warn", "withheld": "warn"}
_QUIET = ("off", "cannot-tell")
# The picture of what the next value would change: pixels from the top, and where its columns stand.
PLOT_TOP, PLOT_HEIGHT = 10, 120
_FEW = 3


@dataclass(frozen=True, slots=True, repr=False)
class Alarm:
    """A simple rule on one series, and what it says now."""

    name: str
    series: str
    state: Any
    tag: str
    kind: str
    says: str
    why: str
    cited: Cited | None

    def __repr__(self) -> str:
        return "<Alarm>"


@dataclass(frozen=True, slots=True, repr=False)
class Supposed:
    """What the risk would be if the next value were this one; where it is drawn, in percent across and pixels down."""

    value: str
    limits: str
    on: str
    risks: tuple[tuple[str, str, str], ...]
    x: str
    y: float
    upper: float
    lower: float

    def __repr__(self) -> str:
        return "<Supposed>"


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """What the model tells of one series, or every reason why it cannot."""

    series: str
    risks: tuple[tuple[str, str, str], ...]
    cannot_tell: tuple[str, ...]
    left_out: tuple[tuple[str, str, str], ...]
    supposed: tuple[Supposed, ...]
    top: str
    within: str

    def __repr__(self) -> str:
        return "<Model>"


@dataclass(frozen=True, slots=True, repr=False)
class Relapse:
    """The panel: what turned, the simple rules that ask for a second look (`asking`) and the others (`quiet`).

    `judged` tells that some axis could be judged at all: without one no turn is no answer. `label` is what must stand
    beside every risk, `learned` what the model was learned from.
    """

    turns: tuple[tuple[str, Turn], ...]
    judged: bool
    asking: tuple[Alarm, ...]
    quiet: tuple[Alarm, ...]
    sentences: tuple[tuple[str, Cited | None], ...]
    label: str
    learned: str
    models: tuple[Model, ...]

    def __repr__(self) -> str:
        return "<Relapse>"


def relapse(document: Json, sources: Sources) -> Relapse | None:
    """The panel of an assessment's document; None where there is no course."""
    told, model = document["response"], document["dynamics"] or {}
    if told is None:
        return None
    series = told["series"]
    turns = ((gettext(each["name"]), one) for each in told["axes"] for one in each["turns"])
    ordered = sorted(turns, key=lambda pair: str(pair[1]["when"]))
    return Relapse(
        turns=tuple((name, turn(one, sources)) for name, one in ordered),
        judged=any(each["category"] for each in told["axes"]),
        asking=tuple(_alarm(each, series, sources) for each in told["alarms"] if each["state"] not in _QUIET),
        quiet=tuple(_alarm(each, series, sources) for each in told["alarms"] if each["state"] in _QUIET),
        sentences=tuple((each["says"], sources.cite(each["source"])) for each in told["sentences"]),
        label=model.get("says", ""),
        learned=_learned(model.get("model")),
        models=tuple(_model(each, series) for each in model.get("series", ())),
    )


def _alarm(each: Json, series: Sequence[Json], sources: Sources) -> Alarm:
    return Alarm(
        name=gettext(each["name"]),
        series=_short(series[each["series"]]),
        state=STATES[each["state"]],
        tag=STATE_TAGS.get(each["state"], ""),
        kind=each["kind"],
        says=gettext(each["says"]),
        why=each["why"] or "",
        cited=sources.cite(each["source"]),
    )


def _short(series: Json) -> str:
    parts = (specimen_words(series["specimen"]) or gettext("specimen not said"), series["assay"], series["laboratory"])
    return " · ".join(part for part in parts if part)


def _learned(model: Json | None) -> str:
    if not model:
        return ""
    people = ngettext("%d person", "%d people", model["subjects"]) % model["subjects"]
    figures = {"people": people, "values": model["values"], "events": model["events"]}
    if model["simulated"]:
        return gettext("Learned from simulated courses: %(people)s, %(values)d values, %(events)d relapses.") % figures
    return gettext("Learned from %(people)s, %(values)d values, %(events)d relapses.") % figures


def _model(each: Json, series: Sequence[Json]) -> Model:
    supposed = [one for one in each["if_next"] or () if one["risk"]]
    highest = max((one["risk"][-1]["upper"] for one in supposed), default=0.0)
    top = next(limit for limit in TOPS if highest <= limit)
    unit = series[each["series"]]["unit"]
    longest = supposed[0]["risk"][-1]["years"] if supposed else 0
    return Model(
        series=_short(series[each["series"]]),
        risks=tuple(_risk(one) for one in each["risk"] or ()),
        cannot_tell=tuple(each["cannot_tell"]),
        left_out=tuple((one["when"] or "", one["value"], one["why"]) for one in each["left_out"]),
        supposed=tuple(_supposed(one, n, len(supposed), top, unit) for n, one in enumerate(supposed)),
        top=percent(top),
        within=_years(longest),
    )


def _supposed(each: Json, number: int, count: int, top: float, unit: str) -> Supposed:
    last = each["risk"][-1]

    def y(risk: float) -> float:
        return round(PLOT_TOP + PLOT_HEIGHT * (1 - risk / top), 1)

    return Supposed(
        value=f"{float(format(each['value'], f'.{_FEW}g')):g} {unit_words(unit)}",
        limits=gettext("%s × the limit") % f"{each['times_limit']:g}",
        on=each["on"],
        risks=tuple(_risk(one) for one in each["risk"]),
        x=f"{100 * (number + 0.5) / count:.1f}%",
        y=y(last["risk"]),
        upper=y(last["upper"]),
        lower=y(last["lower"]),
    )


def _risk(each: Json) -> tuple[str, str, str]:
    """A risk in words: within which time, how high, and its band."""
    at = RiskAt(**each)
    return _years(at.years), percent(at.risk), band(at)


def _years(years: float) -> str:
    return ngettext("%s year", "%s years", round(years)) % f"{years:g}"
