"""What else moves a value: attached to the values it touches, by dates, by the note of the sample, by other results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from openpoems.findings.evidence import result_text, words
from openpoems.findings.results import by_reference
from openpoems.knowledge.response import Confounder
from openpoems.language import gettext
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits
from openpoems.record.model import Event, Measurement, Procedure
from openpoems.record.time import When
from openpoems.response.treatments import bars
from openpoems.response.view import Days, Told, View, words_of

_DENIED = re.compile(r"\b(no|not|non|never|without)\b(\W+\w+){0,3}\W*$")


@dataclass(frozen=True, slots=True, repr=False)
class Marked:
    """A confounder of one value: which one, what in the record says so, and when that was."""

    id: str
    confounder: Confounder
    because: str
    when: When | None

    def __repr__(self) -> str:
        return "<Marked>"


@dataclass(frozen=True, slots=True, repr=False)
class Exposure:
    """Some time in which a confounder touches values; `last` is None where it goes on."""

    first: int
    last: int | None
    because: str
    when: When | None

    def __repr__(self) -> str:
        return "<Exposure>"


class Marker:
    """Finds the confounders of a value, in a record as it stood on a day."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._exposures: dict[str, list[Exposure]] = {}
        self._moving: dict[str, list[tuple[str, Confounder]]] = {}
        for id, each in view.knowledge.confounders.items():
            for measure in each.measures:
                self._moving.setdefault(measure, []).append((id, each))

    def exposures(self, id: str) -> list[Exposure]:
        """The times in which a confounder touches values, in order."""
        if id not in self._exposures:
            found = set(_exposures(self.view.knowledge.confounders[id], self.view))
            self._exposures[id] = sorted(found, key=lambda e: (e.first, e.last or 0, e.because, str(e.when)))
        return self._exposures[id]

    def marks(self, result: Measurement, measure: str, specimen: str, when: Days) -> tuple[Marked, ...]:
        """The confounders that touch, or by an imprecise date may touch, a result."""
        found = []
        for id, each in self._moving.get(measure, ()):
            if each.specimen and each.specimen != specimen:
                continue
            if because := _in_note(result, each.sample_words):
                found.append(Marked(id, each, because, result.on))
            touching = (e for e in self.exposures(id) if e.first <= when[1] and (e.last is None or when[0] <= e.last))
            found += [Marked(id, each, e.because, e.when) for e in list(touching)[:1]]
        return tuple(found)


def _exposures(each: Confounder, view: View) -> Iterator[Exposure]:
    for given, stopped, because, when in (*_drugs(each, view), *_seen(each, view), *_measured(each, view)):
        lasting = each.window == "lasting"
        last = None if lasting or stopped is None else stopped[1] + each.days_after
        yield Exposure(given[0] - each.days_before, last, because, when)


_Found = tuple[Days, Days | None, str, When | None]


def _drugs(each: Confounder, view: View) -> Iterator[_Found]:
    """A drug without an end is taken as still given; to be named is enough to be suspected."""
    for bar in bars(view) if each.agents else ():
        if bar.start and not bar.mentions.isdisjoint(each.agents):
            yield bar.start, bar.end, bar.called, bar.when


def _seen(each: Confounder, view: View) -> Iterator[_Found]:
    """Findings and words, each touching values around the day it was seen, or until it was over."""
    for told in view.told if each.findings or each.words else ():
        feature = told.feature
        if not feature.excluded and _is(each, told):
            when = feature.onset or feature.on
            seen = view.days(when)
            if seen:
                yield (
                    seen,
                    view.known_days(feature.resolved) or view.days(feature.on) or seen,
                    words(feature.concept),
                    when,
                )
    happened: list[Event | Procedure] = [*view.record.events, *view.record.procedures]
    for fact in filter(view.holds, happened) if each.words else ():
        seen = view.days(fact.on)
        if fact.concept and seen and _worded(" | ".join(words_of(fact.concept)), each.words):
            yield seen, view.known_days(fact.end) or seen, words(fact.concept), fact.on


def _is(each: Confounder, told: Told) -> bool:
    return not told.findings.isdisjoint(each.findings) or _worded(told.words, each.words)


def _worded(text: str, wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and _any_of(wanted).search(text) is not None


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}" for word in words))


def _measured(each: Confounder, view: View) -> Iterator[_Found]:
    for result in view.measurements if each.measured_above else ():
        when = view.days(result.on)
        if when and view.measure_of(result) in each.measured_above and _above(result):
            yield when, when, f"{words(result.measure)} {result_text(result)}", result.on


def _above(result: Measurement) -> bool:
    try:
        return by_reference(result, "above") == [Truth.TRUE]
    except IncomparableUnits:
        return False


def _in_note(result: Measurement, wanted: Iterable[str]) -> str:
    """The word of a sample's note that names the confounder, unless the note denies it."""
    note = result.note.lower()
    for word in wanted:
        for found in re.finditer(rf"\b{re.escape(word)}", note):
            if not _DENIED.search(note[: found.start()]):
                return gettext("the note of the sample: %(word)s") % {"word": word}
    return ""
