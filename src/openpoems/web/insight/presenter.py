"""An assessment's document in the order in which people ask: is it POEMS, is it working, is it coming back, what next.

Nothing is judged here: every line is taken from the document.
"""

from dataclasses import dataclass
from typing import Any

STATUS_WORDS = {"met": "met", "not-met": "not met", "undetermined": "not settled yet"}
STATUS_TAG = {"met": "good", "not-met": "", "undetermined": "warn"}
CATEGORY_WORDS = {
    "CR": "complete response",
    "VGPR": "very good partial response",
    "PR": "partial response",
    "NR": "no response",
    "PD": "progressive disease",
}
CHECKED = {"primary": "", "secondary": "second-hand", "none": "recalled, not checked"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, what is said of it, since when, a word on how sure its source is, and the tag's colour."""

    what: str
    says: str = ""
    when: str = ""
    checked: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """The page in lists of lines."""

    as_of: str
    head: Line
    reason: str
    editions: tuple[Line, ...]
    known: tuple[Line, ...]
    tests: tuple[Line, ...]
    response: tuple[Line, ...]
    silent: tuple[str, ...]
    turns: tuple[Line, ...]
    alarms: tuple[Line, ...]
    sentences: tuple[str, ...]
    model_says: str
    risks: tuple[Line, ...]

    def __repr__(self) -> str:
        return "<Answers>"


def answers(document: dict[str, Any]) -> Answers:
    """The answers of an assessment's document."""
    head, *others = document["diagnosis"]
    course, relapse, model = document["response"] or {}, document["relapse"] or {}, document["dynamics"] or {}
    axes = course.get("axes", [])
    series = course.get("series", [])
    return Answers(
        as_of=document["as_of"],
        head=_edition(head),
        reason=head["reason"] or "",
        editions=tuple(_edition(each) for each in others if each["current"]),
        known=tuple(_item(item) for group in head["groups"] for item in group["items"]),
        tests=tuple(_test(each) for each in head["next_tests"]),
        response=tuple(_axis(each, series) for each in axes if each["category"]),
        silent=tuple(each["name"] for each in axes if not each["category"]),
        turns=tuple(_turn(each, axes, series) for each in relapse.get("turns", [])),
        alarms=tuple(_alarm(each) for each in course.get("alarms", []) if each["state"] in ("on", "unconfirmed")),
        sentences=tuple(relapse.get("sentences", [])),
        model_says=model.get("says", ""),
        risks=tuple(_risk(each, series) for each in model.get("series", [])),
    )


def _edition(each: dict[str, Any]) -> Line:
    level = f" ({each['level']})" if each["level"] else ""
    return Line(
        each["name"],
        STATUS_WORDS[each["status"]] + level,
        checked=CHECKED[each["source"]["verified"]],
        tag=STATUS_TAG[each["status"]],
    )


def _item(item: dict[str, Any]) -> Line:
    words = {"present": ("found", "good"), "excluded": ("looked for, not found", ""), "unknown": ("not known", "warn")}
    says, tag = words[item["status"]]
    # The day is that of the fact that decides; what decides nothing has none.
    first: dict[str, Any] = next((each for each in item["evidence"] if each["says"] == item["status"]), {})
    return Line(item["name"], says, first.get("when") or "", tag=tag)


def _test(each: dict[str, Any]) -> Line:
    return Line(each["name"], ", ".join(answer["name"] for answer in each["for"]))


def _axis(each: dict[str, Any], series: list[dict[str, Any]]) -> Line:
    best = each["best"]
    says = _in_words(each["category"])
    if best and best["category"] != each["category"]:
        says += f"; best: {_in_words(best['category'])}, {best['when']}"
    source = (each["definition"] or {}).get("source") or {"verified": "primary"}
    return Line(_of(each["name"], each["series"], series), says, each["when"] or "", CHECKED[source["verified"]])


def _in_words(category: str) -> str:
    """`complete response (CR)`; a category that is a word stays as it is."""
    return f"{CATEGORY_WORDS[category]} ({category})" if category in CATEGORY_WORDS else category


def _of(name: str, number: int | None, series: list[dict[str, Any]]) -> str:
    """A name with the specimen and laboratory of its series, which tell two of a name apart."""
    if number is None:
        return name
    where = ", ".join(part for part in (series[number]["specimen"], series[number]["laboratory"]) if part)
    return f"{name} ({where})" if where else name


def _turn(each: dict[str, Any], axes: list[dict[str, Any]], series: list[dict[str, Any]]) -> Line:
    name = next((axis["name"] for axis in axes if axis["rule"] == each["rule"]), each["axis"])
    confirmed = f"confirmed {each['confirmed']}" if each["confirmed"] else "not confirmed"
    tag = "bad" if each["confirmed"] else "warn"
    return Line(_of(name, each["series"], series), f"{each['kind']} on {each['when']}, {confirmed}", tag=tag)


def _alarm(each: dict[str, Any]) -> Line:
    state = {"on": "on", "unconfirmed": "not confirmed yet"}[each["state"]]
    return Line(each["name"], f"{state}; rule made by {each['kind']}", "", CHECKED[each["source"]["verified"]], "bad")


def _risk(each: dict[str, Any], series: list[dict[str, Any]]) -> Line:
    name = series[each["series"]]["name"]
    if each["risk"] is None:
        return Line(name, "cannot tell: " + "; ".join(each["cannot_tell"]))
    told = [
        f"{100 * at['risk']:.0f} % within {_years(at['years'])} ({100 * at['lower']:.0f} to {100 * at['upper']:.0f} %)"
        for at in each["risk"]
    ]
    return Line(name, "; ".join(told))


def _years(count: float) -> str:
    return f"{count:g} year" + ("" if count == 1 else "s")
