"""The filter: what is believed of a subject, entry by entry, and the joint likelihood that comes with it.

A subject is quiet until, at a random time, the biomarker begins to rise; the belief holds one normal distribution for
either case and the probability of the second. Each step returns the log of the probability of what was learned; their
sum is the joint likelihood of the values and of the survival. `compiled` hands this source to numba too.

The filter is an approximation, and can by itself tell a little less risk after higher values: one normal distribution
stands for many, and surviving at a high level speaks against it. The forecasts are put in order where they are told.
"""

from math import exp, expm1, log

import numpy as np

from openpoems.dynamics.kjm.moments import advance, event, log_baseline, merge, observe, observe_beyond, onset, survive
from openpoems.dynamics.kjm.parameters import (
    Array,
    Belief,
    Clock,
    Dynamics,
    Ends,
    Entries,
    Entry,
    Moments,
    People,
    Span,
    Subject,
)

VALUE, BELOW, ABOVE, TREATMENT = 0, 1, 2, 3

_SAME = 1e-12  # years
_ROUND = 1e-9  # steps; a time this close to a cut is the cut
_NOTHING = 1e-300
# Levels (z) above that believed before at which forecasts are put in order: denser where they change most.
MARKS = (-3.0, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0)


def elapse(b: Belief, years: float, p: Dynamics) -> Belief:
    """The belief after `years` in which nothing is learned; who begins to rise in them begins at their start."""
    if years <= 0.0:
        return b
    share = -(1.0 - b.chance) * expm1(-p.onset_rate * years)
    rising = merge(b.rising, b.chance, onset(b.quiet, p), share)
    quiet = advance(b.quiet, years, p.drift, p.reversion, p)
    return Belief(quiet, advance(rising, years, p.rise, p.rise_reversion, p), b.chance + share)


def weigh(chance: float, quiet: Moments, log_quiet: float, rising: Moments, log_rising: float) -> tuple[Belief, float]:
    """The belief once both cases have learned the same thing, each with its log probability."""
    top = max(log_quiet, log_rising)
    a, b = (1.0 - chance) * exp(log_quiet - top), chance * exp(log_rising - top)
    total = a + b
    if total < _NOTHING:  # the case that explains it had no mass
        return Belief(quiet, rising, chance), min(log_quiet, log_rising)
    return Belief(quiet, rising, b / total), top + log(total)


def survive_either(b: Belief, baseline: float, years: float, p: Dynamics) -> tuple[Belief, float]:
    """Learn that no event came in an interval of `years`."""
    quiet, log_quiet = survive(b.quiet, baseline, years, p)
    rising, log_rising = survive(b.rising, baseline, years, p)
    return weigh(b.chance, quiet, log_quiet, rising, log_rising)


def live(b: Belief, clock: Clock, until: float, who: Subject, p: Dynamics) -> tuple[Belief, Clock, float]:
    """Learn that no event came until `until`, in intervals cut at the multiples of the step.

    The cuts lie on the calendar, not on the visits: a record that is split and filtered on gives the same numbers.
    Before the entry the subject was not at risk.
    """
    at, lived, logp = clock.at, max(clock.lived, min(who.entry, until)), 0.0
    while lived < until - _SAME:
        cut = min((int(lived / p.step + _ROUND) + 1) * p.step, until)
        middle = 0.5 * (lived + cut)
        b, gained = survive_either(elapse(b, middle - at, p), log_baseline(middle, who.own, p), cut - lived, p)
        at, lived, logp = middle, cut, logp + gained
    return b, Clock(at, max(lived, until)), logp


def treat(b: Belief, kick: float, variance: float, p: Dynamics) -> Belief:
    """The belief at the start of a treatment: `kick` ± sqrt(`variance`) is added to the fast slope, a rise ends."""
    s = merge(b.quiet, 1.0 - b.chance, b.rising, b.chance)
    s = Moments(s.x, s.v, s.r + kick, s.xx, s.xv, s.xr, s.vv, s.vr, s.rr + variance)
    return Belief(s, onset(s, p), 0.0)


def learn(b: Belief, new: Entry, p: Dynamics) -> tuple[Belief, float]:
    """Learn a value, a limit, or the start of a treatment."""
    if new.kind == TREATMENT:
        return treat(b, new.value, new.variance, p), 0.0
    if new.kind == VALUE:
        quiet, log_quiet = observe(b.quiet, new.value, new.variance, new.tail)
        rising, log_rising = observe(b.rising, new.value, new.variance, new.tail)
    else:
        side = 1.0 if new.kind == BELOW else -1.0
        quiet, log_quiet = observe_beyond(b.quiet, new.value, new.variance, new.tail, side)
        rising, log_rising = observe_beyond(b.rising, new.value, new.variance, new.tail, side)
    return weigh(b.chance, quiet, log_quiet, rising, log_rising)


def take(b: Belief, clock: Clock, new: Entry, who: Subject, p: Dynamics) -> tuple[Belief, Clock, float]:
    """Live until the time of `new` and learn it."""
    b, clock, survived = live(b, clock, new.time, who, p)
    b, logp = learn(elapse(b, new.time - clock.at, p), new, p)
    return b, Clock(new.time, clock.lived), survived + logp


def end(b: Belief, clock: Clock, time: float, event_came: int, who: Subject, p: Dynamics) -> float:
    """The log probability of the end of the follow-up at `time`, with the event (1) or without (0)."""
    b, clock, logp = live(b, clock, time, who, p)
    if not event_came:
        return logp
    b, baseline = elapse(b, time - clock.at, p), log_baseline(time, who.own, p)
    quiet, log_quiet = event(b.quiet, baseline, p)
    rising, log_rising = event(b.rising, baseline, p)
    return logp + weigh(b.chance, quiet, log_quiet, rising, log_rising)[1]


def read(
    all_of: Entries, span: Span, b: Belief, clock: Clock, who: Subject, p: Dynamics
) -> tuple[Belief, Clock, float]:
    """Take the entries of a span, every value of it moved by its shift."""
    total = 0.0
    for k in range(span.first, span.until):
        value = all_of.value[k] + span.shift if all_of.kind[k] == VALUE else all_of.value[k]
        new = Entry(all_of.time[k], all_of.kind[k], value, all_of.variance[k], all_of.tail[k])
        b, clock, logp = take(b, clock, new, who, p)
        total += logp
    return b, clock, total


def log_likelihoods(all_of: Entries, people: People, ends: Ends, start: Belief, p: Dynamics, out: Array) -> None:
    """Write each subject's log-likelihood into `out`, shape (subjects,)."""
    for i in range(out.size):
        who = Subject(people.entry[i], people.own[i])
        whole = Span(people.first[i], people.first[i + 1], 0.0)
        b, clock, total = read(all_of, whole, start, Clock(0.0, 0.0), who, p)
        out[i] = total + end(b, clock, ends.time[i], ends.event[i], who, p)


def forecast(b: Belief, clock: Clock, landmark: float, who: Subject, p: Dynamics, out: Array) -> None:
    """Write into `out` the cumulative hazard (-log of survival) at each step after `landmark`."""
    b, clock, _ = live(b, clock, landmark, who, p)
    at, total = clock.at, 0.0
    for k in range(out.size):
        middle = landmark + (k + 0.5) * p.step
        b, logp = survive_either(elapse(b, middle - at, p), log_baseline(middle, who.own, p), p.step, p)
        at, total = middle, total - logp
        out[k] = total


def forecasts(all_of: Entries, people: People, landmark: float, start: Belief, p: Dynamics, out: Array) -> None:
    """Write each subject's forecast from `landmark` on into its row of `out`, shape (subjects, steps).

    A higher confirmed level never makes a forecast fall if the hazard rises with the level (`by_level` positive), nor
    rise if it falls with it; see `confirmed` and `in_order`.
    """
    for i in range(out.shape[0]):
        who, until = Subject(people.entry[i], people.own[i]), people.first[i + 1]
        first, last = confirmed(all_of, people.first[i], until)
        b, clock, _ = read(all_of, Span(people.first[i], first, 0.0), start, Clock(0.0, 0.0), who, p)
        if first == until:
            forecast(b, clock, landmark, who, p, out[i])
        else:
            in_order(all_of, Span(first, until, all_of.value[last]), (b, clock), (landmark, who), p, out[i])


def confirmed(all_of: Entries, first: int, until: int) -> tuple[int, int]:
    """Where the last two values of a record stand, or `until` twice when what was measured last is not two values."""
    last = until
    for k in range(until - 1, first - 1, -1):
        if all_of.kind[k] == TREATMENT:
            continue
        if all_of.kind[k] != VALUE:
            break
        if last < until:
            return k, last
        last = k
    return until, until


def in_order(
    all_of: Entries, pair: Span, known: tuple[Belief, Clock], ask: tuple[float, Subject], p: Dynamics, out: Array
) -> None:
    """Write the forecast after a confirmed level: read off a curve over levels that cannot fall, between two marks.

    `pair` are the entries from the first of the two values on, its `shift` the level: the last value (z). At each mark
    stands the least cumulative hazard that the same record, both values moved alike, has at this mark or a higher one
    (a lower one, where the hazard falls with the level). Marks count from the level believed before: the two values
    have no say in where they stand. Between two marks the logarithm goes in a straight line; beyond the last it stays.
    """
    sign = 1.0 if p.by_level >= 0.0 else -1.0
    zero = known[0].quiet.x - pair.shift
    away, mark, row = -sign * zero, len(MARKS) - 1, np.empty(out.size)
    moved = Span(pair.first, pair.until, zero + sign * MARKS[mark])
    forecast_after(all_of, moved, known, ask, p, out)
    while mark > 0 and away < MARKS[mark]:
        mark -= 1
        moved = Span(pair.first, pair.until, zero + sign * MARKS[mark])
        forecast_after(all_of, moved, known, ask, p, row)
        share = max(away - MARKS[mark], 0.0) / (MARKS[mark + 1] - MARKS[mark])
        for k in range(out.size):
            least = min(row[k], out[k])
            out[k] = least * exp(share * log(out[k] / least)) if share > 0.0 else least


def forecast_after(
    all_of: Entries, pair: Span, known: tuple[Belief, Clock], ask: tuple[float, Subject], p: Dynamics, out: Array
) -> None:
    """Write the forecast of who was `known` so far, once a pair is taken too."""
    b, clock, _ = read(all_of, pair, known[0], known[1], ask[1], p)
    forecast(b, clock, ask[0], ask[1], p, out)
