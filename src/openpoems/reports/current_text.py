"""Where a course stands, as text: the two answers, what bears them, and what nobody looked at since."""

import textwrap
from collections.abc import Iterable, Iterator

from openpoems.knowledge.response import Direction
from openpoems.reports.course_words import day_words, result_name, step_when
from openpoems.response.axes import AxisResult
from openpoems.response.current import Back, Current, Working

WIDTH = 110
WORKING: dict[Working, str] = {
    "yes": "yes",
    "in-part": "in part",
    "not-so-far": "not so far",
    "not-on-everything": "not on everything",
    "no": "no",
    "cannot-tell": "cannot tell",
}
DIRECTIONS: dict[Direction, str] = {"worse": "worse", "better": "better", "same": "not clearly changed"}
BACK: dict[Back, str] = {
    "shown": "the record shows it",
    "perhaps": "perhaps: a second result is missing",
    "asked": "not shown, but an alarm asks for a second look",
    "not-shown": "not shown",
    "cannot-tell": "cannot tell",
}


def current_lines(now: Current) -> Iterator[str]:
    """The lines below `Response`; none where no treatment of the disease is dated."""
    if now.began is None:
        return
    yield from _wrapped(f"since {' + '.join(bar.name for bar in now.bars)} began ({day_words(now.began)})", "  ")
    part = ", on what was looked at" if now.seen and not now.whole else ""
    latest = f", as of {step_when(now.latest)}" if now.latest else ""
    yield from _wrapped(f"is it working? {WORKING[now.working]}{part}{latest}", "    ")
    for direction, words in DIRECTIONS.items():
        yield from _named(words, (each.result for each in now.seen if each.direction == direction))
    yield from _named("lost again since", (each.result for each in now.seen if each.lost))
    yield from _named("looked at and not to be judged", now.open)
    yield from _named("not looked at since", now.unseen)
    yield from _wrapped(f"is it coming back? {BACK[now.back]}{'' if now.turned else part}", "    ")


def _named(what: str, results: Iterable[AxisResult]) -> Iterator[str]:
    names = ", ".join(map(result_name, results))
    if names:
        yield from _wrapped(f"{what}: {names}", "      ")


def _wrapped(words: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
