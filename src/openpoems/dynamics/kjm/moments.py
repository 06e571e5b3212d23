"""The arithmetic of one normal distribution over the hidden state, one number at a time.

These functions, with those of `kernels`, are the only definition of the model. Python runs them as they stand;
`compiled` hands the same source to numba. They keep to what both understand: floats and named tuples.

Every step that learns something changes the moments along one direction and returns the log of the probability of what
was learned.
"""

from math import erfc, exp, expm1, log, log1p, sqrt, tanh

from numpy.polynomial.hermite_e import hermegauss

from openpoems.dynamics.kjm.parameters import Direction, Dynamics, Moments

_NODES = tuple(float(node) for node in hermegauss(9)[0])
_WEIGHTS = tuple(float(weight) for weight in hermegauss(9)[1] / hermegauss(9)[1].sum())
_HALF_LOG_TWO_PI = 0.9189385332046727
_SQRT_HALF = 0.7071067811865476
_TAIL = 35.0  # beyond, erfc nears the smallest float and the series is exact to the last digit
_SMALL = 0.03  # below, the closed form of the variance of the level loses digits to cancellation
_EARLIEST = 0.02  # years; the Weibull hazard of a falling shape has no value at 0
_HOPELESS = -1e6  # the log probability given to parameters under which the state is as good as unknown
_WIDEST = 400.0  # variance of the log hazard
_NOTHING = 1e-300
_NEVER = -20.0  # log hazard under which survival teaches nothing
_NARROW = 1e-12  # variance of the log hazard


def log_mills(z: float) -> float:
    """Log of (1 - Φ(z)) / φ(z), the normal distribution's tail against its density."""
    if z < _TAIL:
        return log(0.5 * erfc(z * _SQRT_HALF)) + 0.5 * z * z + _HALF_LOG_TWO_PI
    u = 1.0 / (z * z)
    return log1p(-u * (1.0 - u * (3.0 - u * (15.0 - u * (105.0 - u * 945.0))))) - log(z)


def condition(s: Moments, along: Direction, shift: float, shrink: float) -> Moments:
    """Moments after learning something `along` a direction, given by its covariance with the state."""
    cx, cv, cr = along
    return Moments(
        s.x + cx * shift,
        s.v + cv * shift,
        s.r + cr * shift,
        s.xx - cx * cx * shrink,
        s.xv - cx * cv * shrink,
        s.xr - cx * cr * shrink,
        s.vv - cv * cv * shrink,
        s.vr - cv * cr * shrink,
        s.rr - cr * cr * shrink,
    )


def advance(s: Moments, years: float, drift: float, reversion: float, p: Dynamics) -> Moments:
    """Moments after `years` without learning, the slope returning to `drift` at `reversion` per year; exact."""
    if years <= 0.0:
        return s
    kept, fading = exp(-reversion * years), exp(-p.fading * years)
    g, f = (1.0 - kept) / reversion, (1.0 - fading) / p.fading
    u = reversion * years
    if u < _SMALL:
        noise = years**3 * (1 / 3 - u * (1 / 4 - u * (7 / 60 - u * (1 / 24 - u * 31 / 2520))))
    else:
        noise = (years - 2.0 * g + g * (1.0 + kept) / 2.0) / reversion**2
    pull = s.v - drift
    return Moments(
        s.x + drift * years + g * pull + f * s.r,
        drift + kept * pull,
        fading * s.r,
        s.xx + g * g * s.vv + f * f * s.rr + 2.0 * (g * s.xv + f * s.xr + g * f * s.vr) + p.agitation * noise,
        kept * (s.xv + g * s.vv + f * s.vr) + p.agitation * g * g / 2.0,
        fading * (s.xr + g * s.vr + f * s.rr),
        kept * kept * s.vv + p.agitation * g * (1.0 + kept) / 2.0,
        kept * fading * s.vr,
        fading * fading * s.rr,
    )


def observe(s: Moments, value: float, variance: float, tail: float) -> tuple[Moments, float]:
    """Learn a value (z): the level with a normal error of `variance` (z²) and a Laplace error of scale `tail` (z).

    The sum of the two errors has a log-concave density with heavy tails: one wild value moves the level by a bounded
    amount, and a higher value never makes for a lower level.
    """
    total = s.xx + variance
    deviation = sqrt(total)
    u, wide = (value - s.x) / deviation, deviation / tail
    right, left = log_mills(wide - u), log_mills(wide + u)
    top = max(right, left)
    both = top + log(exp(right - top) + exp(left - top))
    lean = tanh(0.5 * (right - left))
    shrink = (lean * lean - 1.0 + 2.0 * exp(-both) / wide) / (tail * tail)
    shrink = min(max(shrink, 0.0), 1.0 / total)
    logp = both - log(2.0 * tail) - 0.5 * u * u - _HALF_LOG_TWO_PI
    return condition(s, Direction(s.xx, s.xv, s.xr), lean / tail, shrink), logp


def observe_beyond(s: Moments, limit: float, variance: float, tail: float, side: float) -> tuple[Moments, float]:
    """Learn only that a value lies below `limit` (`side` 1.0) or above it (`side` -1.0); errors as in `observe`."""
    total = s.xx + variance
    deviation = sqrt(total)
    u, wide = side * (limit - s.x) / deviation, deviation / tail
    centre, right, left = log_mills(-u), log_mills(wide - u), log_mills(wide + u)
    top = max(centre, right, left)
    mass = top + log(exp(centre - top) + 0.5 * (exp(left - top) - exp(right - top)))
    high = max(right, left)
    density = high + log(exp(right - high) + exp(left - high)) - log(2.0 * tail)
    push = exp(density - mass)
    shrink = push * (push + tanh(0.5 * (right - left)) / tail)
    shrink = min(max(shrink, 0.0), 1.0 / total)
    logp = mass - 0.5 * u * u - _HALF_LOG_TWO_PI
    return condition(s, Direction(s.xx, s.xv, s.xr), -side * push, shrink), logp


def log_baseline(time: float, own: float, p: Dynamics) -> float:
    """The log hazard (per year) at `time`, at level and slope 0, with the subject's `own` term."""
    return p.log_hazard + own + p.log_shape + expm1(p.log_shape) * log(max(time, _EARLIEST))


def _hazard_direction(s: Moments, p: Dynamics) -> Direction:
    return Direction(
        p.by_level * s.xx + p.by_slope * s.xv,
        p.by_level * s.xv + p.by_slope * s.vv,
        p.by_level * s.xr + p.by_slope * s.vr,
    )


def survive(s: Moments, baseline: float, years: float, p: Dynamics) -> tuple[Moments, float]:
    """Learn that no event came in an interval of `years`, the hazard being that of the state `s` throughout."""
    along = _hazard_direction(s, p)
    centre = baseline + p.by_level * s.x + p.by_slope * s.v
    variance = p.by_level * along.x + p.by_slope * along.v
    if not variance <= _WIDEST:
        return s, _HOPELESS
    if centre + 0.5 * variance < _NEVER:
        return s, -p.floor * years
    deviation = sqrt(max(variance, _NARROW))
    mass = first = second = 0.0
    for node, weight in zip(_NODES, _WEIGHTS):  # noqa: B905 - the compiler knows no strict=
        part = weight * exp(-years / (exp(-centre - deviation * node) + p.inverse_ceiling))
        mass += part
        first += part * node
        second += part * node * node
    if mass < _NOTHING:
        return s, _HOPELESS
    return _match(s, along, variance, first / mass, second / mass), min(log(mass), 0.0) - p.floor * years


def event(s: Moments, baseline: float, p: Dynamics) -> tuple[Moments, float]:
    """Learn that the event comes now; the log is that of a density per year."""
    along = _hazard_direction(s, p)
    centre = baseline + p.by_level * s.x + p.by_slope * s.v
    variance = p.by_level * along.x + p.by_slope * along.v
    if not variance <= _WIDEST:
        return s, _HOPELESS
    deviation = sqrt(max(variance, _NARROW))
    mass = first = second = 0.0
    for node, weight in zip(_NODES, _WEIGHTS):  # noqa: B905 - the compiler knows no strict=
        part = weight * (p.floor + 1.0 / (exp(-centre - deviation * node) + p.inverse_ceiling))
        mass += part
        first += part * node
        second += part * node * node
    return _match(s, along, variance, first / mass, second / mass), log(mass)


def _match(s: Moments, along: Direction, variance: float, mean: float, square: float) -> Moments:
    """Moments once a standard normal direction has the given mean and mean square."""
    if variance <= _NARROW:
        return s
    spread = max(square - mean * mean, 0.0)
    return condition(s, along, mean / sqrt(variance), (1.0 - spread) / variance)


def onset(s: Moments, p: Dynamics) -> Moments:
    """Moments of a subject who begins to rise now: the level stays, the slope is drawn anew."""
    return Moments(s.x, p.rise, s.r, s.xx, 0.0, s.xr, p.rise_variance, 0.0, s.rr)


def merge(s: Moments, weight: float, other: Moments, share: float) -> Moments:
    """Moments of a mixture of two, of which `weight` and `share` are the masses."""
    if share <= 0.0:
        return s
    b = share / (weight + share)
    a = 1.0 - b
    x, v, r = other.x - s.x, other.v - s.v, other.r - s.r
    return Moments(
        s.x + b * x,
        s.v + b * v,
        s.r + b * r,
        a * s.xx + b * other.xx + a * b * x * x,
        a * s.xv + b * other.xv + a * b * x * v,
        a * s.xr + b * other.xr + a * b * x * r,
        a * s.vv + b * other.vv + a * b * v * v,
        a * s.vr + b * other.vr + a * b * v * r,
        a * s.rr + b * other.rr + a * b * r * r,
    )
