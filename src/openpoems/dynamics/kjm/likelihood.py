"""The joint log-likelihood of a cohort, as a function of the parameter vector."""

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm.layout import Layout, settings, unpack
from openpoems.dynamics.kjm.sequence import Sequences

WORST = 1e10  # what the search is told where the likelihood has no value


@dataclass(frozen=True, slots=True)
class Objective:
    """Log-likelihood and prior of one cohort; `kernels` is the plain module or its compiled copy."""

    sequences: Sequences
    layout: Layout
    step: float
    prior_mean: Array
    prior_spread: Array
    kernels: ModuleType

    def each(self, vector: Array) -> Array:
        """The log-likelihood of each subject, shape (n,)."""
        p, data = unpack(vector, self.layout, self.step), self.sequences
        out = np.empty(len(data.end))
        entries, people = data.filled(p)
        self.kernels.log_likelihoods(entries, people, data.ends(), p.start, p.dynamics, out)
        return out

    def value(self, vector: Array) -> float:
        """Minus the log of likelihood and prior, up to a constant."""
        distance = (vector - self.prior_mean) / self.prior_spread
        total = -float(self.each(vector).sum()) + 0.5 * float(distance @ distance)
        return total if np.isfinite(total) else WORST

    def scores(self, vector: Array) -> Array:
        """The slope of each subject's log-likelihood along each parameter, shape (n, parameters)."""
        reach = settings()["search"]["step"] * self.prior_spread
        here = self.each(vector)
        moved = [self.each(vector + change) - here for change in np.diag(reach)]
        return np.asarray(np.column_stack(moved) / reach)

    def gradient(self, vector: Array) -> Array:
        """The slope of `value`, shape (parameters,)."""
        slope = -self.scores(vector).sum(axis=0) + (vector - self.prior_mean) / self.prior_spread**2
        return np.asarray(np.nan_to_num(slope, nan=0.0, posinf=WORST, neginf=-WORST))

    def curvature(self, vector: Array) -> Array:
        """The second derivatives of minus the log-likelihood (without the prior), shape (parameters, parameters)."""
        moves = np.diag(settings()["search"]["curvature_step"] * self.prior_spread)
        here, once = self.each(vector).sum(), [self.each(vector + move).sum() for move in moves]
        matrix = np.zeros_like(moves)
        for i, j in zip(*np.tril_indices(len(moves)), strict=True):
            both = self.each(vector + moves[i] + moves[j]).sum()
            matrix[i, j] = matrix[j, i] = -(both - once[i] - once[j] + here) / (moves[i, i] * moves[j, j])
        return matrix
