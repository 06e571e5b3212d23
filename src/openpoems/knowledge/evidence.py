"""The forms of published evidence: facts, cohorts, studies of treatments, assays and trials, each with its source.

They stand in `evidence/*.toml`. Every figure of them has a name (see `figures`), by which an answer draws it.
"""

from typing import Literal

from openpoems.knowledge.model import Citation, Form
from openpoems.quantities import Quantity

Endpoint = Literal["OS", "PFS", "EFS", "RFS"]


class Fact(Form, frozen=True, kw_only=True):
    """One published statement, with its figure where it has one.

    `value` is the figure, `low` and `high` a range; beside a `value` they are its 95 % interval. `n` is how many people
    it rests on, `population` who they were, `after` how long after the beginning it was looked at.
    """

    says: str
    cite: Citation
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int | None = None
    population: str = ""
    after: Quantity | None = None


class Outcome(Form, frozen=True, kw_only=True):
    """How many percent of a cohort are alive, or without relapse, after so many years; with its interval where printed.

    `cite` where it is not that of the cohort.
    """

    endpoint: Endpoint
    years: float
    percent: float
    low: float | None = None
    high: float | None = None
    cite: Citation | None = None


class Cohort(Form, frozen=True, kw_only=True):
    """People followed together: where, when, how treated, and how they fared."""

    name: str
    place: str
    period: str
    n: int
    treatment: str
    cite: Citation
    note: str = ""
    outcome: tuple[Outcome, ...] = ()


class Result(Form, frozen=True, kw_only=True):
    """One result of a study, under its own short name; `after` as of a fact."""

    id: str
    says: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    after: Quantity | None = None


class Study(Form, frozen=True, kw_only=True):
    """What was published of one treatment, given to `n` people, who the `population` tells.

    `agents` and `procedures` name what was given; `note` is what a reader must know beside the results.
    """

    name: str
    design: str
    n: int
    cite: Citation
    population: str = ""
    agents: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    dose: str = ""
    harm: str = ""
    note: str = ""
    result: tuple[Result, ...] = ()


class Assay(Form, frozen=True, kw_only=True):
    """How one laboratory measures VEGF: specimen, method, upper limit, and how a sample must be handled."""

    laboratory: str
    specimen: Literal["serum", "plasma"]
    method: str
    cite: Citation
    limit: float | None = None
    unit: str = ""
    handling: str = ""


class Trial(Form, frozen=True, kw_only=True):
    """A registered study: what is tried in whom, and its status as it was read, on the day it was read for.

    `who_cite` where the people it is for are not told by its `cite`.
    """

    number: str
    name: str
    phase: str
    tries: str
    status: str
    status_on: str
    cite: Citation
    n: int | None = None
    planned: bool = False
    who: str = ""
    who_cite: Citation | None = None
    found: str = ""


class Occurrence(Form, frozen=True, kw_only=True):
    """How often one series found a finding, in percent of `n` people."""

    finding: str
    percent: float
    cite: Citation
    note: str = ""


class Series(Form, frozen=True, kw_only=True):
    """A series of people in whom findings were counted."""

    name: str
    n: int
    occurrence: tuple[Occurrence, ...]


class Evidence(Form, frozen=True, kw_only=True):
    """All of it, each by its name."""

    facts: dict[str, Fact]
    cohorts: dict[str, Cohort]
    studies: dict[str, Study]
    assays: dict[str, Assay]
    trials: dict[str, Trial]
    series: dict[str, Series]
