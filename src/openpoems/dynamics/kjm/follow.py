"""One subject followed as values arrive: take a value in, read the risk curve, in well under a millisecond.

The curve is that of the most probable parameters and of the bare filter; `KalmanModel.risk` averages over their
posterior, gives the band, and sees to it that a higher confirmed value never lowers the risk.
"""

from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from openpoems.dynamics.data import Treatment, Visit
from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm import kernels as plain
from openpoems.dynamics.kjm.layout import Parameters, unpack
from openpoems.dynamics.kjm.model import KalmanModel
from openpoems.dynamics.kjm.parameters import Belief, Clock, Entry, Subject
from openpoems.dynamics.kjm.sequence import item_of, kick_of


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """What is believed of a subject so far."""

    belief: Belief
    clock: Clock
    who: Subject


@dataclass(frozen=True, slots=True, repr=False)
class Follower:
    """A model unpacked once for many values. `kernels` is the plain module, or `compiled.compiled()` for more speed."""

    model: KalmanModel
    kernels: ModuleType = plain
    _p: Parameters = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_p", unpack(self.model.vector, self.model.layout, self.model.step))

    def begin(self, entry: float = 0.0, covariates: tuple[float, ...] = ()) -> State:
        """The state of a subject at time 0, before any value, at risk from `entry` (years) on."""
        own = float(self.model.scale.covariates(covariates) @ self._p.effects)
        return State(self._p.start, Clock(0.0, 0.0), Subject(float(entry), own))

    def update(self, state: State, new: Visit | Treatment) -> State:
        """The state once `new` is taken in: no event came until then, and this was measured or started.

        Raises ValueError for something earlier than what was taken in last, or of a name the model does not know.
        """
        if new.time < state.clock.at:
            raise ValueError("earlier than what was taken in last; begin anew with the entries in order")
        layout, p = self.model.layout, self._p
        item = item_of(new, layout, self.model.scale) if isinstance(new, Visit) else kick_of(new, layout)
        value = item.value + float(p.shift[item.place])
        entry = Entry(item.time, item.kind, value, float(p.variance[item.place]), float(p.tail[item.place]))
        belief, clock, _ = self.kernels.take(state.belief, state.clock, entry, state.who, p.dynamics)
        return State(belief, clock, state.who)

    def curve(self, state: State, landmark: float, years: float) -> tuple[Array, Array]:
        """Times after `landmark` (at which no event had come) up to `years`, and the risk by each, never decreasing."""
        steps = max(1, int(np.ceil(years / self.model.step - 1e-9)))
        hazard = np.empty(steps)
        self.kernels.forecast(state.belief, state.clock, landmark, state.who, self._p.dynamics, hazard)
        times: Array = self.model.step * np.arange(1.0, steps + 1)
        return times, -np.expm1(-hazard)


def update(model: KalmanModel, state: State, new: Visit | Treatment) -> State:
    """`Follower.update` for one value; who takes in many keeps a `Follower`."""
    return Follower(model).update(state, new)
