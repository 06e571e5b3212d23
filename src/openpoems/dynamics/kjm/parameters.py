"""What the kernels compute with, as plain named tuples that Python and the compiler both understand.

The biomarker is in standard units z = (log10 value - centre) / scale, time in years.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


class Moments(NamedTuple):
    """Mean (first three) and covariance of the hidden state.

    `x` is the level (z), `v` its slow slope (z per year), `r` the fast slope that treatment causes (z per year).
    """

    x: float
    v: float
    r: float
    xx: float
    xv: float
    xr: float
    vv: float
    vr: float
    rr: float


class Direction(NamedTuple):
    """A direction in which something is learned: its covariance with level, slow and fast slope."""

    x: float
    v: float
    r: float


class Belief(NamedTuple):
    """What is believed of a subject: the state if quiet, the state if rising, and the probability of rising."""

    quiet: Moments
    rising: Moments
    chance: float


class Dynamics(NamedTuple):
    """How the state moves and how the hazard follows it.

    The slow slope returns to `drift` at `reversion` per year with noise `agitation` (z² per year³); the fast slope
    fades at `fading` per year. A quiet subject begins to rise at `onset_rate` per year; the slow slope is then drawn
    around `rise` with `rise_variance`, and returns there at `rise_reversion` per year.

    The log hazard is `log_hazard` + a Weibull term of shape exp(`log_shape`) + the subject's own term + `by_level` x +
    `by_slope` v; it saturates at 1 / `inverse_ceiling` per year, and `floor` per year is the hazard of the events that
    no biomarker announces. Survival is taken in at multiples of `step` (years).
    """

    drift: float
    reversion: float
    agitation: float
    fading: float
    onset_rate: float
    rise: float
    rise_variance: float
    rise_reversion: float
    log_hazard: float
    log_shape: float
    by_level: float
    by_slope: float
    inverse_ceiling: float
    floor: float
    step: float


class Clock(NamedTuple):
    """Where a subject's filter stands: the state holds at `at`, survival is taken in until `lived` (years)."""

    at: float
    lived: float


class Subject(NamedTuple):
    """At risk from `entry` (years) on; `own` is the subject's own term of the log hazard."""

    entry: float
    own: float


class Entry(NamedTuple):
    """One thing to learn at `time` (years): its `kind`, the value, limit or kick, and the errors (see `kernels`)."""

    time: float
    kind: int
    value: float
    variance: float
    tail: float


class Span(NamedTuple):
    """The entries from `first` to before `until`, their values moved by `shift` (z)."""

    first: int
    until: int
    shift: float


class Entries(NamedTuple):
    """The entries of many subjects behind one another, an array per field of `Entry`."""

    time: Array
    kind: Index
    value: Array
    variance: Array
    tail: Array


class People(NamedTuple):
    """Many subjects: subject i has the entries from `first[i]` to `first[i + 1]`; `entry` and `own` as in `Subject`."""

    first: Index
    entry: Array
    own: Array


class Ends(NamedTuple):
    """How the follow-up of many subjects ended: when (years), and whether with the event."""

    time: Array
    event: Flags
