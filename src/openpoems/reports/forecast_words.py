"""Words of a forecast that every report shares."""

from openpoems.dynamics.learned import RiskAt
from openpoems.forecast.relapse import Forecast, IfNext
from openpoems.reports.course_words import amount
from openpoems.response.series import Series

MONTHS_A_YEAR = 12
# Below and above these, a risk is said as less and as more: the model is not told apart from never and always.
LEAST, MOST = 0.005, 0.995


def percent(risk: float) -> str:
    """A risk as whole percent: `12 %`, `<1 %`, `>99 %`."""
    if risk < LEAST:
        return "<1 %"
    return ">99 %" if risk > MOST else f"{100 * risk:.0f} %"


def band(at: RiskAt) -> str:
    """The 90 % band of a risk: `8 to 17 %`."""
    return f"{percent(at.lower).removesuffix(' %')} to {percent(at.upper)}"


def within(years: float) -> str:
    """A time in words: `1 year`, `18 months`."""
    if years == int(years):
        return f"{years:.0f} year" + ("s" if years > 1 else "")
    return f"{round(MONTHS_A_YEAR * years)} months"


def risk_words(made: Forecast) -> str:
    """The risks that are told: `9 % within 1 year (90 % band 6 to 13 %), ...`."""
    return ", ".join(f"{percent(at.risk)} within {within(at.years)} (90 % band {band(at)})" for at in made.told)


def condition(made: Forecast) -> str:
    """Of whom the risk is told."""
    return f"if none has come by {made.as_of}"


def series_short(series: Series) -> str:
    """The specimen, the assay and the laboratory of a series."""
    key = series.key
    return ", ".join(part for part in (key.specimen or "specimen not said", key.assay, key.laboratory) if part)


def why_words(made: Forecast) -> str:
    """Why the model cannot tell, every reason."""
    return "; ".join(made.why)


def left_out_words(made: Forecast) -> str:
    """The values that the model was not given, each with the reason; "" where it was given all."""
    return "; ".join(f"{amount(point, made.series)} on {point.when}: {why}" for point, why in made.left_out)


def if_next_words(found: tuple[IfNext, ...], series: Series) -> str:
    """What the next value would change, in a line: `if the next value, on 2024-03-01, were 50 / 100 pg/mL: ...`."""
    values = " / ".join(f"{each.value:.3g}" for each in found)
    longest = found[0].told[-1].years
    risks = " / ".join(percent(each.told[-1].risk) for each in found)
    supposed = f"if the next value, on {found[0].on}, were {values} {series.unit}"
    return f"{supposed}: {risks} within {within(longest)} of that day"
