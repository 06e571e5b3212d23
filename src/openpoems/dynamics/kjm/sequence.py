"""A cohort as flat arrays, in the order in which the filter meets what is in them."""

from dataclasses import dataclass
from math import log10
from typing import NamedTuple

import numpy as np

from openpoems.dynamics.data import Cohort, Course, Treatment, Visit
from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm.kernels import ABOVE, BELOW, TREATMENT, VALUE
from openpoems.dynamics.kjm.layout import Layout, Parameters
from openpoems.dynamics.kjm.parameters import Ends, Entries, Flags, Index, People

_KINDS = {"": VALUE, "<": BELOW, ">": ABOVE}


@dataclass(frozen=True, slots=True)
class Scale:
    """Standard units: z = (log10 value - `centre`) / `spread`, and covariates less their mean over their deviation."""

    centre: float
    spread: float
    covariate_means: tuple[float, ...]
    covariate_spreads: tuple[float, ...]

    def z(self, value: float) -> float:
        """A value of the biomarker (its own unit) in standard units."""
        return (log10(value) - self.centre) / self.spread

    def covariates(self, numbers: tuple[float, ...]) -> Array:
        """Covariates in standard units."""
        return np.asarray((np.array(numbers) - self.covariate_means) / self.covariate_spreads, dtype=float)


class Item(NamedTuple):
    """An entry before there are parameters: `place` says whose error, offset or kick it has (see `Parameters`)."""

    time: float
    kind: int
    value: float
    place: int


def items(course: Course, layout: Layout, scale: Scale) -> list[Item]:
    """What the filter learns of one subject, in order of time, without names the model does not know."""
    known = [item_of(visit, layout, scale) for visit in course.visits if visit.assay in layout.assays]
    known += [kick_of(start, layout) for start in course.treatments if start.treatment in layout.treatments]
    return sorted(known)


def item_of(visit: Visit, layout: Layout, scale: Scale) -> Item:
    """What a visit teaches. Raises ValueError for an assay the model does not know."""
    sign, value = visit.bound()
    return Item(visit.time, _KINDS[sign], scale.z(value), layout.assays.index(visit.assay))


def kick_of(start: Treatment, layout: Layout) -> Item:
    """What a treatment start teaches. Raises ValueError for a treatment the model does not know."""
    return Item(start.time, TREATMENT, 0.0, len(layout.assays) + layout.treatments.index(start.treatment))


@dataclass(frozen=True, slots=True)
class Sequences:
    """The entries of all subjects behind one another; subject i has those from `first[i]` to `first[i + 1]`."""

    first: Index
    time: Array
    kind: Index
    value: Array
    place: Index
    entry: Array
    end: Array
    event: Flags
    covariates: Array

    def filled(self, p: Parameters) -> tuple[Entries, People]:
        """The entries and the subjects as the kernels take them, under these parameters."""
        values = self.value + p.shift[self.place]
        entries = Entries(self.time, self.kind, values, p.variance[self.place], p.tail[self.place])
        return entries, People(self.first, self.entry, self.covariates @ p.effects)

    def ends(self) -> Ends:
        """How the follow-up ended."""
        return Ends(self.end, self.event)


def sequences(cohort: Cohort, layout: Layout, scale: Scale) -> Sequences:
    """The arrays of a cohort; entries have the time order, subjects that of the cohort."""
    lists = [items(course, layout, scale) for course in cohort.courses]
    flat = [item for each in lists for item in each]
    table = np.array(flat, dtype=float).reshape(len(flat), 4)
    covariates = [scale.covariates(course.covariates) for course in cohort.courses]
    return Sequences(
        first=np.cumsum([0, *map(len, lists)], dtype=np.int64),
        time=table[:, 0].copy(),
        kind=table[:, 1].astype(np.int64),
        value=table[:, 2].copy(),
        place=table[:, 3].astype(np.int64),
        entry=np.array([course.entry for course in cohort.courses], dtype=float),
        end=np.array([course.time for course in cohort.courses], dtype=float),
        event=np.array([course.event for course in cohort.courses], dtype=bool),
        covariates=np.array(covariates, dtype=float).reshape(len(cohort), len(layout.covariates)),
    )
