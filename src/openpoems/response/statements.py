"""What was said over time of a sign or by a test that is answered yes or no."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpoems.findings.results import by_answer
from openpoems.logic import Truth
from openpoems.record.model import Feature, Measurement
from openpoems.record.time import When
from openpoems.response.view import Days, View, content


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """One dated answer: TRUE is present or positive, FALSE looked for and not found, or negative."""

    of: str
    says: Truth
    days: Days
    fact: Feature | Measurement
    when: When | None

    def __repr__(self) -> str:
        return "<Statement>"


@dataclass(frozen=True, slots=True, repr=False)
class Statements:
    """Every dated answer of a record as it stood on a day, by the finding or the measure it is of, in order of time."""

    of: dict[str, list[Statement]]

    def __repr__(self) -> str:
        return "<Statements>"

    def within(self, after: int | None, last: int | None) -> "Statements":
        """The answers that were certainly given after a day and by another; None is no limit."""

        def lies(said: Statement) -> bool:
            return (after is None or said.days[0] > after) and (last is None or said.days[1] <= last)

        return Statements({id: list(filter(lies, several)) for id, several in self.of.items()})

    def after(self, ids: Iterable[str], start: Days) -> list[Statement]:
        """The answers that certainly lie after a time."""
        return [s for id in ids for s in self.of.get(id, ()) if s.days[0] > start[1]]

    def by(self, id: str, start: Days) -> tuple[Truth, Statement | None]:
        """The last answer before or on a time; UNKNOWN where there is none, or where dates or answers clash."""
        return _last([s for s in self.of.get(id, ()) if s.days[0] <= start[1]], start)

    def since(self, id: str, start: Days, moment: Days) -> tuple[Truth, Statement | None]:
        """The last answer after one time and by another."""
        return _last([s for s in self.after((id,), start) if s.days[0] <= moment[1]], moment)

    def newly(self, id: str, moment: Days) -> Truth:
        """Whether it is present at a time and was absent the time before; UNKNOWN where either is not clear."""
        now, last = self.by(id, moment)
        if now is not Truth.TRUE or last is None:
            return now
        before = [s for s in self.of.get(id, ()) if s.days[1] < last.days[0]]
        return ~_last(before, before[-1].days)[0] if before else Truth.UNKNOWN


def statements(view: View) -> Statements:
    """The dated answers known on the day of the view."""
    of: dict[str, list[Statement]] = {}
    for each in (*_features(view), *_answers(view)):
        of.setdefault(each.of, []).append(each)
    for several in of.values():
        if len(several) > 1:
            several.sort(key=lambda s: (s.days, s.says, str(s.when), content(s.fact)))
    return Statements(of)


def _last(said: list[Statement], moment: Days) -> tuple[Truth, Statement | None]:
    if not said or any(s.days[1] > moment[0] and s.days != moment for s in said):
        return Truth.UNKNOWN, None
    last = said[-1]
    # Two answers of one time that differ are a conflict, and nobody decides it.
    together = {s.says for s in said if s.days[1] >= last.days[0]}
    return (last.says, last) if len(together) == 1 else (Truth.UNKNOWN, None)


def _features(view: View) -> Iterator[Statement]:
    for told in view.told:
        feature = told.feature
        when = feature.on or feature.onset
        seen, over = view.days(when), view.known_days(feature.resolved)
        for id in told.findings:
            if seen:
                yield Statement(id, Truth.of(not feature.excluded), seen, feature, when)
            if over and not feature.excluded and (seen is None or over[0] > seen[1]):
                yield Statement(id, Truth.FALSE, over, feature, feature.resolved)


def _answers(view: View) -> Iterator[Statement]:
    answered = (result for result in view.measurements if result.flags or result.result)
    for result in answered:
        measure, when = view.measure_of(result), view.days(result.on)
        answer = by_answer(result)
        if measure and when and answer is not Truth.UNKNOWN:
            yield Statement(measure, answer, when, result, result.on)
