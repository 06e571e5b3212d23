"""An assessment's document in the order in which people ask: is it working, is it coming back, what changed, what next.

Nothing is judged here: every line is taken from the document, and worded by the files beside this one.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from openpoems.web.insight import words
from openpoems.web.insight.answer import Answer, Seen, back, current, earlier_turns, poems, working
from openpoems.web.insight.asking import Open, questions
from openpoems.web.insight.drawn import Bar, Panel, bars, panels
from openpoems.web.insight.news import news
from openpoems.web.insight.pages import Pages
from openpoems.web.insight.shown import series_name

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line: what, what is said of it, since when, a word on how sure its source is, and the tag's colour."""

    what: str
    says: str = ""
    when: str = ""
    checked: str = ""
    tag: str = ""

    def __repr__(self) -> str:
        return "<Line>"


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """The page: answers, what changed and what is open, pictures, criteria, the model."""

    as_of: str
    empty: bool
    has_course: bool
    working: Answer
    back: Answer
    poems: Answer
    seen: tuple[Seen, ...]
    open: tuple[str, ...]
    unseen: tuple[str, ...]
    earlier: tuple[str, ...]
    since: str
    news: tuple[str, ...]
    asks: tuple[str, ...]
    beside: Open
    tests: tuple[Line, ...]
    panels: tuple[Panel, ...]
    bars: tuple[Bar, ...]
    editions: tuple[Line, ...]
    known: tuple[Line, ...]
    model_says: str
    risks: tuple[Line, ...]
    issues: int

    def __repr__(self) -> str:
        return "<Answers>"


def answers(made: Pages, beside: Open, *, empty: bool = False) -> Answers:
    """The page of an assessment, and of what is open beside it."""
    document = made.told
    head, *others = document["diagnosis"]
    course, model = document["response"], document["dynamics"] or {}
    now = current(course) if course else None
    return Answers(
        as_of=words.day(document["as_of"]),
        empty=empty,
        has_course=now is not None,
        working=working(course, now),
        back=back(document, now),
        poems=poems(head),
        seen=now.seen if now else (),
        open=now.open if now else (),
        unseen=now.unseen if now else (),
        earlier=earlier_turns(document, now),
        since=words.day(made.changes.since) if made.changes else "",
        news=news(made.changes, document) if made.changes else (),
        asks=questions(document, now, beside),
        beside=beside,
        tests=tuple(_test(each) for each in head["next_tests"]),
        panels=panels(course, made),
        bars=bars(course),
        editions=tuple(_edition(each) for each in (head, *others) if each["current"]),
        known=tuple(_item(item) for item in head["items"]),
        model_says=model.get("says", ""),
        risks=tuple(_risk(each, course or {}) for each in model.get("series", [])),
        issues=document["issues"],
    )


def told(it: Answers) -> Json:
    """The same words as plain values, for programs: without the pictures, whose values stand in the series."""
    lines = ("tests", "editions", "known", "risks")
    return {
        "as_of": it.as_of,
        **{name: asdict(getattr(it, name)) for name in ("working", "back", "poems")},
        "seen": [{"name": e.name, "says": e.says, "category": e.category, "when": e.when} for e in it.seen],
        **{name: list(getattr(it, name)) for name in ("open", "unseen", "earlier", "news", "asks")},
        "since": it.since,
        **{name: [asdict(line) for line in getattr(it, name)] for name in lines},
        "model_says": it.model_says,
    }


def _edition(each: Json) -> Line:
    level = f" ({gettext(each['level'])})" if each["level"] else ""
    checked = str(words.CHECKED[each["source"]["verified"]])
    status = each["status"]
    return Line(each["name"], f"{words.STATUS[status]}{level}", checked=checked, tag=words.STATUS_TAG[status])


def _item(item: Json) -> Line:
    status = item["status"]
    return Line(gettext(item["name"]), str(words.FOUND[status]), words.day(item["when"]), tag=words.FOUND_TAG[status])


def _test(each: Json) -> Line:
    return Line(gettext(each["name"]), words.listed(gettext(answer["name"]) for answer in each["for"]))


def _risk(each: Json, course: Json) -> Line:
    name = series_name(each["series"], course)
    if each["risk"] is None:
        return Line(name, gettext("cannot tell: %(why)s") % {"why": "; ".join(each["cannot_tell"])})
    return Line(name, "; ".join(_risk_words(at) for at in each["risk"]))


def _risk_words(at: Json) -> str:
    told = {name: f"{100 * at[name]:.0f}" for name in ("risk", "lower", "upper")} | {"years": f"{at['years']:g}"}
    return (
        ngettext(
            "%(risk)s %% within %(years)s year (%(lower)s to %(upper)s %%)",
            "%(risk)s %% within %(years)s years (%(lower)s to %(upper)s %%)",
            1 if at["years"] == 1 else 2,
        )
        % told
    )
