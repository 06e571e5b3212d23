"""The forms of what is known of prognosis: published models as their factors, in `prognosis.toml`.

A model gives hazard ratios. Where its baseline survival was not seen there is no survival here, and none can be made.
"""

from openpoems.knowledge.model import Citation, Form
from openpoems.quantities import Quantity


class Interval(Form, frozen=True, kw_only=True):
    """A published estimate with the limits of its 95 % confidence interval."""

    value: float
    low: float
    high: float


class PrognosticFactor(Form, frozen=True, kw_only=True):
    """One factor of a model: a `finding`, or an age of the person, in full years, beyond `older_than`."""

    id: str
    name: str
    hazard_ratio: Interval
    p: float
    cite: Citation
    finding: str = ""
    older_than: Quantity | None = None


class PrognosticModel(Form, frozen=True, kw_only=True):
    """A published model: whom it was made from, what it predicts, how well it told people apart, what it cannot say."""

    name: str
    predicts: str
    says: str
    baseline: str
    population: str
    n: int
    concordance: Interval
    not_told: str
    cite: Citation
    factor: tuple[PrognosticFactor, ...]
