"""Words of a forecast that every report shares."""

from openpoems.dynamics.learned import RiskAt
from openpoems.forecast.relapse import Forecast, IfNext
from openpoems.language import gettext, gettext_noop, ngettext
from openpoems.reports.course_words import dated_amount
from openpoems.reports.wording import month_words, to_words
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
    return to_words(percent(at.lower).removesuffix(" %"), percent(at.upper))


def within(years: float) -> str:
    """A time in words: `1 year`, `18 months`."""
    if years == int(years):
        return ngettext("%(n)d year", "%(n)d years", max(1, int(years))) % {"n": int(years)}
    low = f"{round(MONTHS_A_YEAR * years)}"
    return month_words(low, low)


def risk_words(made: Forecast) -> str:
    """The risks that are told: `9 % within 1 year (90 % band 6 to 13 %), ...`."""
    return ", ".join(map(within_words, made.told))


def within_words(at: RiskAt) -> str:
    """A risk with its time and its band: `9 % within 1 year (90 % band 6 to 13 %)`."""
    told = {"risk": percent(at.risk), "time": within(at.years), "band": band(at)}
    return gettext("%(risk)s within %(time)s (90 %% band %(band)s)") % told


def condition(made: Forecast) -> str:
    """Of whom the risk is told."""
    return gettext("if none has come by %(when)s") % {"when": made.as_of}


_NO_SPECIMEN = gettext_noop("specimen not said")


def series_short(series: Series) -> str:
    """The specimen, the assay and the laboratory of a series."""
    key = series.key
    return ", ".join(part for part in (gettext(key.specimen or _NO_SPECIMEN), key.assay, key.laboratory) if part)


def why_words(made: Forecast) -> str:
    """Why the model cannot tell, every reason."""
    return "; ".join(made.why)


def left_out_words(made: Forecast) -> str:
    """The values that the model was not given, each with the reason; "" where it was given all."""
    return "; ".join(f"{dated_amount(point, made.series)}: {why}" for point, why in made.left_out)


def if_next_words(found: tuple[IfNext, ...], series: Series) -> str:
    """What the next value would change, in a line: `if the next value, on 2024-03-01, were 50 / 100 pg/mL: ...`."""
    values = " / ".join(f"{each.value:.3g}" for each in found)
    longest = found[0].told[-1].years
    risks = " / ".join(percent(each.told[-1].risk) for each in found)
    told = {"when": found[0].on, "values": values, "unit": series.unit, "risks": risks, "time": within(longest)}
    supposed = gettext(
        "if the next value, on %(when)s, were %(values)s %(unit)s: %(risks)s within %(time)s of that day"
    )
    return supposed % told
