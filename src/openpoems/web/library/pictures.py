"""Pictures of the library: each row a figure with its interval on a scale from 0 to 100 %, beside its own words."""

from dataclasses import dataclass

from openpoems.knowledge.model import Verified
from openpoems.knowledge.store import knowledge
from openpoems.reports.wording import CHECKED_BRIEFLY


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure: the row it belongs to, what it is of, how many people, the interval where one was published."""

    kind: str
    row: str
    name: str
    group: str
    n: int
    percent: float
    verified: Verified
    years: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def checked(self) -> str:
        """How far it was checked, where that was not in the source itself."""
        return CHECKED_BRIEFLY[self.verified]

    @property
    def figure(self) -> str:
        """The figure in words."""
        return f"{self.percent:g} %"

    @property
    def interval(self) -> str:
        """Its interval in words, "" where none was published."""
        return "" if self.low is None or self.high is None else f"{self.low:g}–{self.high:g} %"

    @property
    def x(self) -> float:
        """Where the figure stands in a drawing 204 wide, which leaves room for the mark at both ends."""
        return _x(self.percent)

    @property
    def x_low(self) -> float | None:
        """Where its interval begins."""
        return None if self.low is None else _x(self.low)

    @property
    def x_high(self) -> float | None:
        """Where its interval ends."""
        return None if self.high is None else _x(self.high)


def survival(endpoint: str) -> list[Mark]:
    """The forest of one endpoint (`OS`, `PFS`): each cohort at the last year that was published."""
    marks = []
    for id, cohort in knowledge().evidence.cohorts.items():
        told = [each for each in cohort.outcome if each.endpoint == endpoint]
        if told:
            last = max(told, key=lambda each: each.years)
            checked = (last.cite or cohort.cite).verified
            marks.append(
                Mark(
                    "cohorts",
                    id,
                    cohort.name,
                    cohort.treatment,
                    cohort.n,
                    last.percent,
                    checked,
                    last.years,
                    last.low,
                    last.high,
                )
            )
    return sorted(marks, key=lambda mark: (-(mark.years or 0), -mark.percent))


def features() -> list[Mark]:
    """Every sign in every series; the signs by name, the larger series first."""
    known = knowledge()
    marks = [
        Mark(
            "features",
            f"{id}-{each.finding}",
            series.name,
            known.findings[each.finding].name,
            series.n,
            each.percent,
            each.cite.verified,
        )
        for id, series in known.evidence.series.items()
        for each in series.occurrence
    ]
    return sorted(marks, key=lambda mark: (mark.group, -mark.n))


def _x(percent: float) -> float:
    return round(2 + percent * 2, 1)
