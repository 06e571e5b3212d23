"""The risk of relapse by a model, series by series, with its band; and what the next value would change.

The model that ships is illustrative, and `Forecast.says` stands wherever a risk is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openpoems.dynamics.data import Visit
from openpoems.dynamics.learned import LearnedModel, RiskAt, shipped_model
from openpoems.forecast.asked import Asked, prepare
from openpoems.forecast.plan import DAYS_A_YEAR
from openpoems.forecast.settings import settings
from openpoems.record.model import PatientRecord
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Point, Series

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, repr=False)
class Forecast:
    """What a model tells of one series on the day `as_of`, of a person in whom no relapse has come until then.

    `curve` is the risk by each month after `as_of`, never decreasing; it is empty where the model cannot tell, and
    `why` holds every reason. `left_out` are points the model was not given, each with the reason.
    """

    model: LearnedModel
    series: Series
    as_of: date
    asked: Asked | None
    curve: tuple[RiskAt, ...]
    why: tuple[str, ...]
    left_out: tuple[tuple[Point, str], ...]

    def __repr__(self) -> str:
        return "<Forecast>"

    @property
    def says(self) -> str:
        """The words that stand beside every risk."""
        return self.model.learned.says

    @property
    def told(self) -> tuple[RiskAt, ...]:
        """The risks that are told in words: within one year, within two."""
        return tuple(at for at in self.curve if at.years in settings().horizons_years)


@dataclass(frozen=True, slots=True, repr=False)
class IfNext:
    """The risks (as `Forecast.told`) from the day `on`, if no relapse came by then and the value were `value`.

    `value` is in the unit of the series; `told` is empty where the model cannot tell.
    """

    on: date
    value: float
    times_limit: float
    told: tuple[RiskAt, ...]

    def __repr__(self) -> str:
        return "<IfNext>"


def forecasts(
    told: ResponseAssessment, record: PatientRecord, model: LearnedModel | None = None
) -> tuple[Forecast, ...]:
    """What the model (the one that ships, unless another is given) tells of each series of its measure."""
    chosen = [panel for panel in told.panels if panel.series.key.measure == settings().measure]
    return tuple(forecast(panel, told, record, model) for panel in chosen)


def forecast(
    panel: Panel, told: ResponseAssessment, record: PatientRecord, model: LearnedModel | None = None
) -> Forecast:
    """What the model tells of one series. Raises `UnreadableInput` where the model's file is not whole."""
    chosen = model or shipped_model()
    ready = prepare(panel, told, record, chosen.learned)
    curve: tuple[RiskAt, ...] = ()
    why = ready.why
    if ready.asked:
        found = chosen.risks(ready.asked.course, ready.asked.landmark, _months())
        curve, why = ((), (found,)) if isinstance(found, str) else (found, ())
    asked = ready.asked if curve else None
    return Forecast(chosen, panel.series, told.as_of, asked, curve, why, ready.left_out)


def if_next(made: Forecast, values: Sequence[float]) -> tuple[IfNext, ...]:
    """What the risks would be if the next value were one of `values` (in the unit of the series, above 0).

    It is measured against the limit of the latest value, and thought of as taken half a year after that one, or on the
    day of the view where that is later. Empty where the model cannot tell.
    """
    if made.asked is None:
        return ()
    return tuple(_if_next(made, made.asked, value) for value in values)


def next_values(made: Forecast) -> tuple[float, ...]:
    """Some values that the next one might be: multiples of the upper limit, in the unit of the series."""
    if made.asked is None:
        return ()
    limit = float(made.asked.used[-1].limit or 0)
    return tuple(times * limit for times in settings().next_values)


def history(made: Forecast) -> tuple[tuple[Point, RiskAt], ...]:
    """The risk within the longest time told, as it was when each value came, once the person was at risk."""
    return _risks_then(made, None)


def last_two(made: Forecast) -> tuple[tuple[Point, RiskAt], ...]:
    """The end of the `history`: the risk when the value before the last came, and when the last came."""
    return _risks_then(made, 2)


def _risks_then(made: Forecast, latest: int | None) -> tuple[tuple[Point, RiskAt], ...]:
    asked = made.asked
    if asked is None:
        return ()
    horizon = (max(settings().horizons_years),)
    pairs = list(zip(asked.used, asked.course.visits, strict=True))
    found = (
        (point, made.model.risks(asked.course, visit.time, horizon))
        for point, visit in (pairs if latest is None else pairs[-latest:])
        if visit.time >= asked.course.entry
    )
    return tuple((point, risks[0]) for point, risks in found if not isinstance(risks, str))


def _if_next(made: Forecast, asked: Asked, value: float) -> IfNext:
    last = asked.used[-1]
    on = max(made.as_of, date.fromordinal(last.days[1] + settings().next_after_days))
    at = asked.landmark + (on - made.as_of).days / DAYS_A_YEAR
    times_limit = value / float(last.limit or 0)
    visit = Visit(at, times_limit * asked.scale, asked.course.visits[-1].assay)
    course = replace(asked.course, visits=(*asked.course.visits, visit))
    found = made.model.risks(course, at, settings().horizons_years)
    return IfNext(on, value, times_limit, () if isinstance(found, str) else found)


def _months() -> tuple[float, ...]:
    return tuple(month / MONTHS_A_YEAR for month in range(1, settings().curve_months + 1))
