"""The forms that knowledge may take. Facts stand in TOML under `data/`; an unknown key or a wrong type is refused.

These are the shapes only: what they mean for a person's record is decided in `openpoems.findings` and
`openpoems.criteria`. A criterion is `Has`, `Not` or `AtLeast`; data never holds an expression.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec

from openpoems.quantities import Quantity

Verified = Literal["primary", "secondary", "none"]
Match = Literal["exact", "narrower", "broader"]
Sex = Literal["female", "male"]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The strictness every form shares."""


class Reference(Form, frozen=True, kw_only=True):
    """A source. `identifiers` says how far its DOI, PMID and the like were checked; `read` when it was read."""

    title: str
    identifiers: Verified
    authors: str = ""
    journal: str = ""
    year: int | None = None
    where: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    read: date | None = None


class Citation(Form, frozen=True, kw_only=True):
    """Where a claim is made (`ref` in `references.toml`, `where` in it), and how far it was checked."""

    ref: str
    where: str
    verified: Verified


class Code(Form, frozen=True, kw_only=True):
    """A code for a concept. *exact*: the same; *narrower*: implies it; *broader*: only a hint, never counted."""

    id: str
    label: str
    verified: Verified
    match: Match = "exact"


class Cutoff(Form, frozen=True, kw_only=True):
    """When a result shows a finding, or excludes it.

    Either `against` the laboratory's own reference range, or a `value` that is a `published` cut-off, the very
    `definition` of the finding, or a `default` of this software. `specimen` and `sex` narrow where it applies. With
    `only_when_met` a result that does not reach it says nothing.
    """

    measure: str
    direction: Literal["above", "at-or-above", "below"]
    against: Literal["", "reference"] = ""
    value: Quantity | None = None
    standing: Literal["laboratory", "definition", "published", "default"] = "laboratory"
    specimen: str = ""
    sex: Sex | None = None
    only_when_met: bool = False
    note: str = ""
    cite: Citation | None = None


class Answered(Form, frozen=True, kw_only=True):
    """A test whose positive answer shows a finding and whose negative answer excludes it.

    With `containing`, only a positive answer that holds this word shows it (`IgA lambda`), and no answer excludes it.
    """

    measure: str
    containing: str = ""


class Remark(Form, frozen=True, kw_only=True):
    """What to say when some findings are present or excluded and the one it stands in is not present.

    With `beside_statement` it is said when that one is present too, but by a bare statement and by none of its parts.
    """

    says: str
    cite: Citation
    when_present: tuple[str, ...] = ()
    when_excluded: tuple[str, ...] = ()
    beside_statement: bool = False


class Frequency(Form, frozen=True, kw_only=True):
    """How often a finding is present in published series, `low` to `high`; of `n` people where it is one series."""

    low: float
    high: float
    unit: str
    population: str
    cite: Citation
    n: int | None = None


class Finding(Form, frozen=True, kw_only=True):
    """A concept the disease's rules speak of: its codes, what it is composed of, what results show it.

    `any_of`: present when one of these is, excluded when all are. `implied_by`: present when one of these is, and
    their absence says nothing. HPO descendants of its codes count, but not of those in `no_descendants_of`, nor those
    in `not_shown_by`; an excluded HPO ancestor excludes it, but not one in `not_excluded_by`. `words`: other names.
    """

    name: str
    plain: str
    note: str = ""
    cite: Citation | None = None
    codes: tuple[Code, ...] = ()
    no_descendants_of: tuple[str, ...] = ()
    not_excluded_by: tuple[str, ...] = ()
    not_shown_by: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    implied_by: tuple[str, ...] = ()
    measured: tuple[Cutoff, ...] = ()
    answered: tuple[Answered, ...] = ()
    remark: tuple[Remark, ...] = ()
    frequency: tuple[Frequency, ...] = ()


class Measure(Form, frozen=True, kw_only=True):
    """Something measured: its usual unit, and the specimen its codes imply ("" where they do not say).

    `words` are other names; `lowered_by` the drugs under which a low result says nothing; `better` says which of two
    values is the better one under treatment.
    """

    name: str
    unit: str
    specimen: str
    codes: tuple[Code, ...]
    note: str = ""
    words: tuple[str, ...] = ()
    lowered_by: tuple[str, ...] = ()
    better: Literal["lower", "higher"] = "lower"


class Agent(Form, frozen=True, kw_only=True):
    """A drug and its codes; `words` are its other full names."""

    name: str
    codes: tuple[Code, ...]
    words: tuple[str, ...] = ()


class ProcedureKind(Form, frozen=True, kw_only=True):
    """A kind of procedure and its codes."""

    name: str
    codes: tuple[Code, ...]


class Regimen(Form, frozen=True, kw_only=True):
    """A short name of a treatment, and the drugs and procedures it stands for.

    `words` are read in any letter case, `exact` only as written. With `doubt` the name means several things: the doubt
    says which, and nothing is read.
    """

    words: tuple[str, ...]
    verified: Verified
    exact: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    doubt: str = ""


class DiagnosticTest(Form, frozen=True, kw_only=True):
    """Something to order: the exact words for it, how burdensome it is (1 to 4), which findings it can settle.

    It makes sense once one of `after_present` was found and all of `after_excluded` were looked for in vain.
    """

    name: str
    order: str
    invasiveness: int
    settles: tuple[str, ...]
    after_present: tuple[str, ...] = ()
    after_excluded: tuple[str, ...] = ()
    cite: Citation | None = None


class Clue(Form, frozen=True, kw_only=True):
    """A published fact that applies when a finding has a status, and which way it points.

    With `specimen` it applies only to a result from that specimen; with `unless_present`, not beside that finding.
    """

    finding: str
    status: Literal["present", "excluded"]
    points: Literal["poems", "look-alike"]
    says: str
    cite: Citation
    specimen: str = ""
    unless_present: str = ""


class LookAlike(Form, frozen=True, kw_only=True):
    """A disease that POEMS is mistaken for; `stated_as` are the findings that state it."""

    name: str
    stated_as: tuple[str, ...]
    clue: tuple[Clue, ...] = ()


class PublishedDelay(Form, frozen=True, kw_only=True):
    """A published figure about the way to the diagnosis."""

    says: str
    low: float
    high: float
    unit: str
    population: str
    cite: Citation


@dataclass(frozen=True, slots=True)
class Has:
    """The person has the finding."""

    finding: str


@dataclass(frozen=True, slots=True)
class Not:
    """The criterion does not hold."""

    of: "Criterion"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the criteria hold; *all* and *any* are its two ends."""

    count: int
    of: tuple["Criterion", ...]


Criterion: TypeAlias = Has | Not | AtLeast


@dataclass(frozen=True)
class Group:
    """A named group of an edition: at least `need` of its items hold. An item is a finding, or the absence of one."""

    name: str
    need: int
    items: tuple[Has | Not, ...]

    @property
    def rule(self) -> Criterion:
        """The group as a criterion."""
        return AtLeast(self.need, self.items)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """The findings its items speak of, in order."""
        return tuple(finding_of(item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Level:
    """A degree of certainty (None where an edition knows only one): every group holds."""

    name: str | None
    groups: tuple[Group, ...]

    @property
    def rule(self) -> Criterion:
        """The level as a criterion."""
        return AtLeast(len(self.groups), tuple(group.rule for group in self.groups))


class Note(Form, frozen=True, kw_only=True):
    """A footnote of an edition."""

    says: str
    cite: Citation


class Caveat(Form, frozen=True, kw_only=True):
    """A condition outside the counts: what to say when the finding is present, and when it is unknown."""

    finding: str
    present: str
    unknown: str
    cite: Citation


class Example(Form, frozen=True, kw_only=True):
    """A worked example of an edition: what is known of a person, and what must come out."""

    says: str
    expect: Literal["met", "not-met", "undetermined"]
    present: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    level: str | None = None


@dataclass(frozen=True)
class CriteriaSet:
    """One published edition of diagnostic criteria, its levels from the most certain to the least."""

    id: str
    edition: str
    name: str
    kind: Literal["diagnosis", "variant"]
    status: Literal["current", "superseded"]
    conclusion: str
    cite: Citation
    adopts: str
    levels: tuple[Level, ...]
    supportive: tuple[str, ...]
    notes: tuple[Note, ...]
    caveats: tuple[Caveat, ...]
    examples: tuple[Example, ...]

    @cached_property
    def key(self) -> str:
        """The name an assessment cites: `id@edition`."""
        return f"{self.id}@{self.edition}"

    @property
    def rule(self) -> Criterion:
        """The whole edition as one criterion: at least one of its levels holds."""
        return AtLeast(1, tuple(level.rule for level in self.levels))

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """Every finding the edition counts, once, in the order it is printed."""
        named = (f for level in self.levels for group in level.groups for f in group.findings)
        return tuple(dict.fromkeys(named))


def finding_of(item: Has | Not) -> str:
    """The finding an item of a group speaks of."""
    inner = item.of if isinstance(item, Not) else item
    assert isinstance(inner, Has)  # noqa: S101 - groups are built of Has and Not(Has) only (knowledge.load)
    return inner.finding
