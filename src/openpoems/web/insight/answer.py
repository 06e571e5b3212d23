"""Is it working, is it coming back, is it POEMS: each answer in a sentence first, worded from an assessment's document.

What the answers are is decided in `openpoems.response.current`; what was not looked at since is named, not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from openpoems.knowledge.response import Direction
from openpoems.web.insight import words
from openpoems.web.insight.shown import series_name

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """One thing that was looked at since treatment began: its name, its category, and by which definition.

    `lost` tells that it lost since what it had reached.
    """

    name: str
    category: str
    direction: Direction
    lost: bool
    when: str
    definition: str
    checked: str

    @property
    def says(self) -> str:
        """Which way it points, in a word."""
        return str(words.DIRECTIONS[self.direction])

    @property
    def term(self) -> str:
        """The clinical term."""
        return words.category(self.category)

    @property
    def tag(self) -> str:
        """The colour of its tag."""
        return words.TAGS[self.direction]

    @property
    def day(self) -> str:
        """The day of the value it rests on."""
        return words.day(self.when)

    def __repr__(self) -> str:
        return "<Seen>"


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """A relapse or progression; `now` says what is told of the same thing by a later value."""

    name: str
    kind: str
    when: str
    confirmed: str
    now: str = ""

    def __repr__(self) -> str:
        return "<Turn>"


@dataclass(frozen=True, slots=True, repr=False)
class Current:
    """The latest treatment of the disease, what was seen and what turned since, what is open and what nobody saw.

    `working` and `back` are the answers as the document has them, `whole` whether they are of everything.
    """

    treatment: str
    began: str
    working: Json
    back: Json
    whole: bool
    seen: tuple[Seen, ...]
    turns: tuple[Turn, ...]
    alarms: tuple[Json, ...]
    open: tuple[str, ...]
    unseen: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Current>"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """An answer: in a word, and the sentences that bear it; `tag` is its colour."""

    short: str
    sentences: tuple[str, ...] = ()
    tag: str = ""

    def __repr__(self) -> str:
        return "<Answer>"


def current(course: Json) -> Current | None:
    """Where the course stands since the latest treatment; None where none of the disease is dated."""
    now = course["current"]
    if now["began"] is None:
        return None
    return Current(
        treatment=" + ".join(map(gettext, now["treatments"])),
        began=words.day(now["began"][0]),
        working=now["working"],
        back=now["coming_back"],
        whole=now["everything_seen"],
        seen=tuple(_seen(each, course) for each in now["seen"]),
        turns=tuple(_turn(each, course) for each in now["turned"]),
        alarms=tuple(course["alarms"][number] for number in now["asking"]),
        open=tuple(_name(each, course) for each in now["cannot_tell"]),
        unseen=tuple(_name(each, course) for each in now["not_seen"]),
    )


def working(course: Json | None, now: Current | None) -> Answer:
    """Is the treatment working?"""
    if course is None or now is None:
        why = course["first_treatment"]["why"] if course else ""
        sentence = gettext(
            "Response is counted from the first treatment of the disease, and none with a date is known."
        )
        return Answer(gettext("Cannot tell yet."), (sentence, *_because(why)))
    if not now.seen:
        told = {"treatment": now.treatment, "began": now.began}
        sentence = gettext("Nothing that can be compared was measured since %(treatment)s began, %(began)s.") % told
        return Answer(gettext("Cannot tell yet."), (sentence,))
    short, tag = _short(now)
    return Answer(short % {"day": words.day(now.working["as_of"])}, tuple(_working_sentences(now)), tag)


def _short(now: Current) -> tuple[str, str]:
    match now.working["answer"]:
        case "yes" if now.whole:
            return gettext("Yes, as of %(day)s."), "good"
        case "yes":
            return gettext("Yes, on all that was looked at, as of %(day)s."), "good"
        case "in-part":
            return gettext("In part, as of %(day)s."), "good"
        case "not-so-far":
            return gettext("Not so far, as of %(day)s."), "warn"
        case "no":
            return gettext("No, as of %(day)s."), "bad"
        case _:
            return gettext("Not on everything, as of %(day)s."), "bad"


def _working_sentences(now: Current) -> Iterator[str]:
    told = {"treatment": now.treatment, "began": now.began}
    said = {
        gettext("Worse since %(treatment)s began, %(began)s: %(what)s."): _names(now, "worse"),
        gettext("Worse again than at its best since %(treatment)s began, %(began)s: %(what)s."): _names(
            now, "worse-again"
        ),
        gettext("Better since %(treatment)s began, %(began)s: %(what)s."): _names(now, "better"),
        gettext("Not clearly changed since %(treatment)s began, %(began)s: %(what)s."): _names(now, "same"),
        gettext("Lost again since what it had reached: %(what)s."): words.listed(
            each.name for each in now.seen if each.lost and each.direction not in ("worse", "worse-again")
        ),
    }
    for sentence, what in said.items():
        if what:
            yield sentence % (told | {"what": what})


def _names(now: Current, way: Direction) -> str:
    return words.listed(each.name for each in now.seen if each.direction == way)


def back(document: Json, now: Current | None) -> Answer:
    """Is it coming back?"""
    course = document["response"]
    if course is None or now is None:
        return Answer(
            gettext("Cannot tell."), (gettext("Relapse is counted from the first treatment of the disease."),)
        )
    normal = tuple((document["relapse"] or {}).get("sentences", ()))
    turned = (f"{turn_words(turn)} {turn.now}".strip() for turn in now.turns)
    asking = (alarm_words(each, course) for each in now.alarms)
    day = {"day": words.day(now.back["as_of"])}
    match now.back["answer"]:
        case "shown":
            return Answer(gettext("The record shows it, last on %(day)s.") % day, (*turned, *normal), "bad")
        case "perhaps":
            short = gettext("Perhaps, since %(day)s: a second result is missing.")
            return Answer(short % day, (*turned, *normal), "warn")
        case "asked":
            short = gettext("Not shown, but a simple rule asks for a second look.")
            return Answer(short, (*asking, *normal), "warn")
        case "not-shown":
            short = gettext("Not shown, up to %(day)s.")
            if not now.whole:
                short = gettext("Not shown by what was looked at, up to %(day)s.")
            return Answer(short % day, (*normal, *_earlier(now)))
        case _:
            return Answer(gettext("Cannot tell."), (gettext("Nothing that can be compared was measured lately."),))


def _earlier(now: Current) -> Iterator[str]:
    """What was not looked at as late as the rest: of it the latest day tells nothing."""
    what = words.listed(f"{each.name} ({each.day})" for each in now.seen if each.when != now.back["as_of"])
    if what:
        yield gettext("Last looked at on an earlier day: %(what)s.") % {"what": what}


def alarm_words(alarm: Json, course: Json) -> str:
    """What a rule saw, in a sentence."""
    told = {"name": series_name(alarm["series"], course), "says": gettext(alarm["says"])}
    if alarm["state"] == "unconfirmed":
        return gettext("%(name)s: %(says)s; not confirmed yet. The rule is no diagnosis.") % told
    return gettext("%(name)s: %(says)s. The rule is no diagnosis.") % told


def turn_words(turn: Turn) -> str:
    """A relapse or progression in a sentence."""
    told = {"name": turn.name, "kind": words.TURNS[turn.kind], "when": words.day(turn.when)}
    if not turn.confirmed:
        return gettext("%(name)s: %(kind)s on %(when)s, not confirmed by a second result.") % told
    return gettext("%(name)s: %(kind)s on %(when)s, confirmed on %(confirmed)s.") % (
        told | {"confirmed": words.day(turn.confirmed)}
    )


def earlier_turns(document: Json, now: Current | None) -> tuple[str, ...]:
    """What turned before the latest treatment began."""
    course, told = document["response"], document["relapse"]
    if not course or not told:
        return ()
    since = {(turn.name, turn.when) for turn in now.turns} if now else set()
    names = {each["rule"]: each["name"] for each in course["axes"]}
    turns = [
        Turn(
            words.named(names[each["rule"]], each["series"], course),
            each["kind"],
            each["when"],
            each["confirmed"] or "",
        )
        for each in told["turns"]
    ]
    return tuple(turn_words(turn) for turn in turns if (turn.name, turn.when) not in since)


def poems(head: Json) -> Answer:
    """Is it POEMS, by the first edition?"""
    told = {"criteria": head["name"], "reason": head["reason"]}
    match head["status"]:
        case "met":
            return Answer(gettext("Yes."), (gettext("The record meets the criteria of %(criteria)s.") % told,), "good")
        case "not-met":
            sentence = gettext("The record does not meet the criteria of %(criteria)s: %(reason)s.") % told
            return Answer(gettext("Not by these criteria."), (sentence,))
        case _:
            sentence = gettext("The record does not settle the criteria of %(criteria)s: %(reason)s.") % told
            return Answer(gettext("Not settled yet."), (sentence,), "warn")


def _because(why: str | None) -> tuple[str, ...]:
    return (why[:1].upper() + why[1:] + ".",) if why else ()


def _seen(each: Json, course: Json) -> Seen:
    definition = _axis_of(each, course)["definitions"][each["definition"]]
    return Seen(
        name=_name(each, course),
        category=each["category"],
        direction=each["direction"],
        lost=each["lost"],
        when=each["when"],
        definition=gettext(definition["says"]),
        checked=str(words.CHECKED[definition["source"]["verified"]]),
    )


def _turn(each: Json, course: Json) -> Turn:
    now, later = "", each["later"]
    if later:
        told = {"day": words.day(later["when"]), "says": words.category(later["category"])}
        now = gettext("On %(day)s: %(says)s, compared with before the treatment.") % told
    return Turn(_name(each, course), each["kind"], each["when"], each["confirmed"] or "", now)


def _name(each: Json, course: Json) -> str:
    return words.named(_axis_of(each, course)["name"], each["series"], course)


def _axis_of(each: Json, course: Json) -> Json:
    """An axis of the same rule: its name and its definitions are those of all of them."""
    found: Json = next(axis for axis in course["axes"] if axis["rule"] == each["rule"])
    return found
