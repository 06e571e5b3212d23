"""Is it working, is it coming back, is it POEMS: each answer in a sentence first, from an assessment's document alone.

Response is that since the latest treatment of the disease began; what was not looked at since is named, not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from openpoems.web.insight import words
from openpoems.web.insight.shown import series_name
from openpoems.web.insight.words import Direction

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """One thing that was looked at since treatment began: its name, its category, and by which definition."""

    name: str
    rule: str
    series: int | None
    category: str
    when: str
    definition: str = ""
    checked: str = ""

    @property
    def direction(self) -> Direction:
        """Which way it points."""
        return words.direction(self.category)

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
    """The latest treatment of the disease, what was seen since, what turned since, and what was not looked at."""

    treatment: str
    began: str
    seen: tuple[Seen, ...]
    turns: tuple[Turn, ...]
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
    if course["first_treatment"]["when"] is None:
        return None
    axes = [each for each in course["axes"] if each["category"]]
    if course["lines"]:
        line = course["lines"][-1]
        seen = tuple(_in_line(each, course) for each in line["results"] if each["last"]["category"])
        turns = tuple(_turn(turn, each, course, seen) for each in line["results"] for turn in each["turns"])
        treatment, began = " + ".join(map(gettext, line["treatments"])), line["start"][0]
    else:
        seen = tuple(_on_axis(each, course) for each in axes)
        turns = tuple(_turn(turn, each, course, seen) for each in course["axes"] for turn in each["turns"])
        treatment = " + ".join(gettext(bar["name"]) for bar in course["treatments"] if bar["counts"])
        began = course["first_treatment"]["when"][0]
    known = {(each.rule, each.series) for each in seen}
    unseen = (words.named(a["name"], a["series"], course) for a in axes if (a["rule"], a["series"]) not in known)
    return Current(treatment, words.day(began), seen, turns, tuple(unseen))


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
    short, tag = _short({each.direction for each in now.seen})
    return Answer(short % {"day": words.day(_latest(now))}, tuple(_working_sentences(now)), tag)


def _short(ways: set[Direction]) -> tuple[str, str]:
    match sorted(ways):
        case ["better"]:
            return gettext("Yes, as of %(day)s."), "good"
        case ["better", "same"]:
            return gettext("In part, as of %(day)s."), "good"
        case ["same"]:
            return gettext("Not so far, as of %(day)s."), "warn"
        case ["worse"] | ["same", "worse"]:
            return gettext("No, as of %(day)s."), "bad"
        case _:
            return gettext("Not on everything, as of %(day)s."), "bad"


def _working_sentences(now: Current) -> Iterator[str]:
    said = {
        "worse": gettext("Worse since %(treatment)s began, %(began)s: %(what)s."),
        "better": gettext("Better since %(treatment)s began, %(began)s: %(what)s."),
        "same": gettext("Not clearly changed since %(treatment)s began, %(began)s: %(what)s."),
    }
    for way, sentence in said.items():
        names = words.listed(each.name for each in now.seen if each.direction == way)
        if names:
            yield sentence % {"treatment": now.treatment, "began": now.began, "what": names}


def back(document: Json, now: Current | None) -> Answer:
    """Is it coming back?"""
    course = document["response"]
    if course is None or now is None:
        return Answer(
            gettext("Cannot tell."), (gettext("Relapse is counted from the first treatment of the disease."),)
        )
    normal = tuple((document["relapse"] or {}).get("sentences", ()))
    if now.turns:
        return _turned(now.turns, normal)
    if not now.seen:
        return Answer(gettext("Cannot tell."), (gettext("Nothing that can be compared was measured lately."),))
    asking = tuple(alarm_words(each, course) for each in alarms(document))
    if asking:
        return Answer(gettext("Not shown, but a simple rule asks for a second look."), (*asking, *normal), "warn")
    return Answer(gettext("Not shown, up to %(day)s.") % {"day": words.day(_latest(now))}, (*normal, *_earlier(now)))


def _earlier(now: Current) -> Iterator[str]:
    """What was not looked at as late as the rest: of it the latest day tells nothing."""
    what = words.listed(f"{each.name} ({each.day})" for each in now.seen if each.when < _latest(now))
    if what:
        yield gettext("Last looked at on an earlier day: %(what)s.") % {"what": what}


def _turned(turns: tuple[Turn, ...], normal: tuple[str, ...]) -> Answer:
    sure = [turn for turn in turns if turn.confirmed]
    day = {"day": words.day(max(turn.when for turn in sure or turns))}
    sentences = (*(f"{turn_words(turn)} {turn.now}".strip() for turn in turns), *normal)
    if sure:
        return Answer(gettext("The record shows it, last on %(day)s.") % day, sentences, "bad")
    return Answer(gettext("Perhaps, since %(day)s: a second result is missing.") % day, sentences, "warn")


def alarms(document: Json) -> tuple[Json, ...]:
    """The rules that ask for a second look now; of a series the first, which is the simplest."""
    asking = [each for each in (document["response"] or {}).get("alarms", []) if each["state"] in ("on", "unconfirmed")]
    by_series = {each["series"]: each for each in reversed(asking)}
    return tuple(by_series[number] for number in sorted(by_series))


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


def _latest(now: Current) -> str:
    return max(each.when for each in now.seen)


def _because(why: str | None) -> tuple[str, ...]:
    return (why[:1].upper() + why[1:] + ".",) if why else ()


def _on_axis(axis: Json, course: Json) -> Seen:
    definition = axis["definition"] or {}
    checked = str(words.CHECKED[definition["source"]["verified"]]) if definition else ""
    name = words.named(axis["name"], axis["series"], course)
    says = gettext(definition["says"]) if definition else ""
    return Seen(name, axis["rule"], axis["series"], axis["category"], axis["when"] or "", says, checked)


def _in_line(result: Json, course: Json) -> Seen:
    axis = _axis_of(result, course)
    found = [each for each in axis["definitions"] if each["category"] == result["last"]["category"]]
    # Two definitions of one category: which one applied is told by the axis alone.
    only = (
        axis["definition"] if axis["category"] == result["last"]["category"] else found[0] if len(found) == 1 else None
    )
    checked = str(words.CHECKED[only["source"]["verified"]]) if only else ""
    name = words.named(axis["name"], result["series"], course)
    last, says = result["last"], gettext(only["says"]) if only else ""
    return Seen(name, result["rule"], result["series"], last["category"], last["when"], says, checked)


def _turn(turn: Json, result: Json, course: Json, seen: tuple[Seen, ...]) -> Turn:
    name = words.named(_axis_of(result, course)["name"], result["series"], course)
    same = next((each for each in seen if (each.rule, each.series) == (result["rule"], result["series"])), None)
    now = ""
    if same and same.when > turn["when"]:
        now = gettext("On %(day)s: %(says)s, compared with before the treatment.") % {
            "day": same.day,
            "says": same.term,
        }
    return Turn(name, turn["kind"], turn["when"], turn["confirmed"] or "", now)


def _axis_of(result: Json, course: Json) -> Json:
    same = [each for each in course["axes"] if each["rule"] == result["rule"]]
    return next((each for each in same if each["series"] == result["series"]), same[0])
