"""Words for prognosis that text and page share."""

from openpoems.language import gettext, gettext_noop
from openpoems.reports.wording import to_words
from openpoems.risk.prognosis import PrognosisAssessment

NO_SURVIVAL = gettext_noop("No survival is told: the baseline survival of this model is not known here.")


def no_survival() -> str:
    """Why no survival is told."""
    return gettext(NO_SURVIVAL)


def count_words(made: PrognosisAssessment) -> str:
    """How many factors are present: `2 of 4 factors`, or `1 to 3 of 4 factors` where some are unknown."""
    fewest, most = made.count
    told = {"present": _range(str(fewest), str(most)), "factors": len(made.factors)}
    return gettext("%(present)s of %(factors)d factors") % told


def predictor_words(made: PrognosisAssessment) -> str:
    """The linear predictor, or its range."""
    low, high = made.linear_predictor
    return gettext("linear predictor %(sum)s") % {"sum": _range(f"{low:.2f}", f"{high:.2f}")}


def _range(low: str, high: str) -> str:
    return low if low == high else to_words(low, high)
