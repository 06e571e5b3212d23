"""The risk of one person in plain numbers."""

from collections.abc import Sequence

import numpy as np

from openpoems.dynamics.data import Course, cohort_of
from openpoems.dynamics.interface import Model
from openpoems.language import gettext

# Years, the risk by then, and its band from below and from above.
Row = tuple[float, float, float, float]


def risk_of_one(model: Model, course: Course, landmark: float, years: Sequence[float]) -> tuple[Row, ...] | str:
    """The risk by each of some rising `years` after `landmark`, or why the model cannot tell it."""
    found = model.risk(cohort_of([course]), landmark, years[-1], np.array(years, dtype=float))
    if not found.ids:
        return gettext("the person is not at risk then")
    if found.reasons[0]:
        return gettext(found.reasons[0]).removeprefix(gettext("cannot tell: "))
    rows = zip(years, found.curve[0], found.curve_lower[0], found.curve_upper[0], strict=True)
    return tuple((float(year), float(risk), float(low), float(high)) for year, risk, low, high in rows)
