"""Words for prognosis that text and page share."""

from openpoems.risk.prognosis import PrognosisAssessment

NO_SURVIVAL = "No survival is told: the baseline survival of this model is not known here."


def count_words(made: PrognosisAssessment) -> str:
    """How many factors are present: `2 of 4 factors`, or `1 to 3 of 4 factors` where some are unknown."""
    fewest, most = made.count
    return f"{_range(str(fewest), str(most))} of {len(made.factors)} factors"


def predictor_words(made: PrognosisAssessment) -> str:
    """The linear predictor, or its range."""
    low, high = made.linear_predictor
    return f"linear predictor {_range(f'{low:.2f}', f'{high:.2f}')}"


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
