"""Where a course stands, as text: the two answers, what bears them, and what nobody looked at since."""

import textwrap
from collections.abc import Iterable, Iterator

from openpoems.knowledge.response import Direction
from openpoems.language import Phrases, gettext, gettext_noop
from openpoems.reports.course_words import day_words, result_name, step_when
from openpoems.response.axes import AxisResult
from openpoems.response.current import Back, Current, Working

WIDTH = 110
WORKING: Phrases[Working] = Phrases(
    {
        "yes": gettext_noop("yes"),
        "in-part": gettext_noop("in part"),
        "not-so-far": gettext_noop("not so far"),
        "not-on-everything": gettext_noop("not on everything"),
        "no": gettext_noop("no"),
        "cannot-tell": gettext_noop("cannot tell"),
    }
)
DIRECTIONS: Phrases[Direction] = Phrases(
    {
        "worse": gettext_noop("worse: %(names)s"),
        "worse-again": gettext_noop("worse again than at its best: %(names)s"),
        "better": gettext_noop("better: %(names)s"),
        "same": gettext_noop("not clearly changed: %(names)s"),
    }
)
BACK: Phrases[Back] = Phrases(
    {
        "shown": gettext_noop("the record shows it"),
        "perhaps": gettext_noop("perhaps: a second result is missing"),
        "asked": gettext_noop("not shown, but an alarm asks for a second look"),
        "not-shown": gettext_noop("not shown"),
        "cannot-tell": gettext_noop("cannot tell"),
    }
)


def current_lines(now: Current) -> Iterator[str]:
    """The lines below `Response`; none where no treatment of the disease is dated."""
    if now.began is None:
        return
    told = {"names": " + ".join(bar.called for bar in now.bars), "when": day_words(now.began)}
    yield from _wrapped(gettext("since %(names)s began (%(when)s)") % told, "  ")
    part = gettext(", on what was looked at") if now.seen and not now.whole else ""
    latest = gettext(", as of %(when)s") % {"when": step_when(now.latest)} if now.latest else ""
    working = {"answer": f"{WORKING[now.working]}{part}{latest}"}
    yield from _wrapped(gettext("is it working? %(answer)s") % working, "    ")
    for direction in DIRECTIONS:
        yield from _named(DIRECTIONS[direction], (each.result for each in now.seen if each.direction == direction))
    yield from _named(gettext("lost again since: %(names)s"), (each.result for each in now.seen if each.lost))
    yield from _named(gettext("looked at and not to be judged: %(names)s"), now.open)
    yield from _named(gettext("not looked at since: %(names)s"), now.unseen)
    back = {"answer": f"{BACK[now.back]}{'' if now.turned else part}"}
    yield from _wrapped(gettext("is it coming back? %(answer)s") % back, "    ")


def _named(what: str, results: Iterable[AxisResult]) -> Iterator[str]:
    names = ", ".join(map(result_name, results))
    if names:
        yield from _wrapped(what % {"names": names}, "      ")


def _wrapped(words: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
