"""The forms of what is known about the course: response, relapse, alarms, and what else moves a value.

They stand in `response.toml` and `confounders.toml`. As everywhere, data holds names and numbers and no expression: a
category is a set of conditions that all must hold.
"""

from typing import Literal

from openpoems.knowledge.model import Citation, Form
from openpoems.quantities import Quantity

Axis = Literal["haematologic", "vegf", "imaging", "clinical", "neurological"]
Presence = Literal["", "present", "absent"]
Direction = Literal["better", "same", "worse", "worse-again"]


class Bound(Form, frozen=True, kw_only=True):
    """A value lies `above`, `at-or-above` or `below` an amount; `specimen` narrows where that is asked."""

    direction: Literal["above", "at-or-above", "below"]
    value: Quantity
    specimen: str = ""


class Change(Form, frozen=True, kw_only=True):
    """A fall or a rise of at least so many percent, and at least such an amount, since the baseline or the nadir."""

    since: Literal["baseline", "nadir"]
    direction: Literal["fall", "rise"]
    percent: float | None = None
    amount: Quantity | None = None


class ResponseCategory(Form, frozen=True, kw_only=True):
    """A category of response. All that it names must hold; several of one name are alternatives.

    `normal`: within the laboratory's own limit, after a value above it. `was` and `now` speak of the rule's finding,
    `excluded` of others. All tests of `negative` are so, of `positive` at least one. `otherwise`: none before holds.
    """

    name: str
    says: str
    cite: Citation
    normal: bool = False
    reaches: Bound | None = None
    change: Change | None = None
    baseline: tuple[Bound, ...] = ()
    was: Presence = ""
    now: Presence = ""
    excluded: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    otherwise: bool = False


class Progression(Form, frozen=True, kw_only=True):
    """What is progression: a change from the nadir (with `above_limit` only out of the normal), or a finding.

    With `newly` the finding counts only where it was looked for and not found the time before.
    """

    says: str
    cite: Citation
    change: Change | None = None
    above_limit: bool = False
    finding: str = ""
    newly: bool = False


class InitialWorsening(Form, frozen=True, kw_only=True):
    """Treatments after which a first worsening is expected and is not progression."""

    after: tuple[str, ...]
    says: str
    cite: Citation


class ResponseRule(Form, frozen=True, kw_only=True, eq=False):
    """How one measure, or one finding, responds. `order` ranks the categories from the best to the worst.

    Recurrence after the `complete` category is a relapse. `nested`: who misses the last graded category misses all.
    """

    name: str
    axis: Axis
    order: tuple[str, ...]
    category: tuple[ResponseCategory, ...]
    measure: str = ""
    finding: str = ""
    better: Literal["lower", "higher"] = "lower"
    complete: str = ""
    nested: bool = False
    progression: tuple[Progression, ...] = ()
    worsening: InitialWorsening | None = None
    note: str = ""


class AlarmRule(Form, frozen=True, kw_only=True):
    """A simple rule on one series: a rise from the nadir, or the limit crossed after a normal value."""

    name: str
    measure: str
    kind: Literal["literature", "engineering"]
    says: str
    cite: Citation
    times: int
    days_apart: int
    rise_percent: float | None = None
    above_limit: bool = False
    after_normal: bool = False


class Treatments(Form, frozen=True, kw_only=True):
    """What counts as treatment of the disease."""

    agents: tuple[str, ...]
    procedures: tuple[str, ...]
    cite: Citation


class Confirmation(Form, frozen=True, kw_only=True):
    """How many days apart a second result must be to confirm a relapse or a progression."""

    days: int
    says: str
    cite: Citation


class Reassurance(Form, frozen=True, kw_only=True):
    """What must be said beside a normal value of a measure."""

    measure: str
    says: str
    cite: Citation


class PublishedOrder(Form, frozen=True, kw_only=True):
    """A published figure on which axis moves first."""

    says: str
    cite: Citation


class ResponseKnowledge(Form, frozen=True, kw_only=True):
    """All of `response.toml`; `grade` names, per finding, the measure that holds its CTC grade.

    `direction` says of each category which way it points.
    """

    treatment: Treatments
    confirmation: Confirmation
    direction: dict[str, Direction]
    grade: dict[str, str]
    rule: dict[str, ResponseRule]
    alarm: dict[str, AlarmRule]
    normal: tuple[Reassurance, ...]
    order: tuple[PublishedOrder, ...]


class Confounder(Form, frozen=True, kw_only=True):
    """What else moves a value, and for how long around it. `says` is shown beside the value.

    *suspends*: no response is told from such a value; *withholds*: it raises no alarm and is no relapse; *shown*: only
    said. `window` is by what right the days are given: `published`, a `default` of this software, the `sample` itself,
    or `lasting` from then on. `specimen` narrows it.
    """

    name: str
    measures: tuple[str, ...]
    bearing: Literal["suspends", "withholds", "shown"]
    says: str
    window: Literal["published", "default", "sample", "lasting"]
    cite: Citation
    specimen: str = ""
    days_before: int = 0
    days_after: int = 0
    agents: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    sample_words: tuple[str, ...] = ()
    measured_above: tuple[str, ...] = ()
