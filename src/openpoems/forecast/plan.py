"""The treatments of a person as a model knows them: each a start, with one of the names the model learned."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpoems.dynamics.data import Treatment
from openpoems.forecast.settings import settings
from openpoems.language import gettext
from openpoems.response.treatments import Bar
from openpoems.response.view import Days

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The `starts` (years after the first), or `why` the model does not know them."""

    starts: tuple[Treatment, ...]
    why: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Plan>"


def kicks(bars: Sequence[Bar], start: Days, known: Sequence[str]) -> Plan:
    """The treatments that began within the plan of the first one, by the names that a model knows."""
    given = [bar for bar in bars if bar.counts and bar.start]
    # An ambiguous name after the first treatment may be a new line of it: with such a doubt nothing is told.
    why = [
        _of(bar, gettext("whether %(name)s treats the disease is not known: %(doubt)s")) for bar in bars if bar.doubt
    ]
    new_line = gettext("%(name)s began later than the plan of the first treatment: the model knows no new line")
    why += [_of(bar, new_line) for bar in given if _late(bar, start)]
    vague = [bar for bar in given if _spread(bar) >= settings().most_days_imprecise]
    why += [_of(bar, gettext("the day on which %(name)s began is not known to the month")) for bar in vague]
    if why:
        return Plan((), tuple(dict.fromkeys(why)))
    starts: dict[str, float] = {}
    for name, bar in _named(given):
        if name in known:
            starts.setdefault(name, _years(bar, start))
        else:
            why.append(_of(bar, gettext("the model knows no effect of %(name)s")))
    order = sorted(Treatment(time, name) for name, time in starts.items())
    return Plan(() if why else tuple(order), tuple(dict.fromkeys(why)))


def _of(bar: Bar, sentence: str) -> str:
    return sentence % {"name": bar.called, "doubt": bar.doubt}


def _named(given: Sequence[Bar]) -> list[tuple[str, Bar]]:
    """Each treatment by the name a model may know it by, "" where it can have none."""
    words = settings().treatment
    transplants = [bar for bar in given if words.transplantation in bar.parts]
    if not transplants:
        return [(_drug(bar), bar) for bar in given]
    first, *others = transplants
    before = [bar for bar in given if _begin(bar) < _begin(first)]
    after = [bar for bar in given if bar not in before and bar is not first and bar not in others]
    called = words.after_induction if before else words.transplant
    return [
        *((words.induction, bar) for bar in before),
        (called, first),
        *(("", bar) for bar in others),
        *((_drug(bar), bar) for bar in after),
    ]


def _drug(bar: Bar) -> str:
    """The one drug of a treatment beside those given with any; "" where there is another or none."""
    drugs = sorted(bar.parts - settings().treatment.beside)
    return drugs[0] if len(drugs) == 1 else ""


def _late(bar: Bar, start: Days) -> bool:
    return _begin(bar) - start[0] > settings().planned_within_days


def _begin(bar: Bar) -> int:
    assert bar.start  # noqa: S101 - without a start there is no first start either
    return bar.start[0]


def _spread(bar: Bar) -> int:
    assert bar.start  # noqa: S101 - as above
    return bar.start[1] - bar.start[0]


def _years(bar: Bar, start: Days) -> float:
    assert bar.start  # noqa: S101 - as above
    return max(0.0, (sum(bar.start) - sum(start)) / 2 / DAYS_A_YEAR)
