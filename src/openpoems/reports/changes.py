"""What changed between two assessments of one record, by their documents: new values, and what moved by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Key = tuple[str, ...]
QUIET = frozenset(("off", "cannot-tell"))


@dataclass(frozen=True, slots=True, repr=False)
class NewValue:
    """A value that was not there before, in the series of this number in the later document; `last` came before it."""

    series: int
    when: str
    reported: str
    last_when: str = ""
    last_reported: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Moved:
    """Something that has another state now: an axis (`id` is its rule), an alarm, an edition or a finding.

    `before` and `now` are "" where nothing was, or is, told.
    """

    id: str
    name: str
    before: str
    now: str
    when: str = ""
    series: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Turned:
    """A relapse or progression that was not told before, or was not confirmed before."""

    rule: str
    kind: str
    when: str
    confirmed: str
    series: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Changes:
    """Everything that changed since the day `since`."""

    since: str
    values: tuple[NewValue, ...] = ()
    axes: tuple[Moved, ...] = ()
    turns: tuple[Turned, ...] = ()
    alarms: tuple[Moved, ...] = ()
    criteria: tuple[Moved, ...] = ()
    findings: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any((self.values, self.axes, self.turns, self.alarms, self.criteria, self.findings))

    def __repr__(self) -> str:
        return "<Changes>"


def changes(before: Json, now: Json) -> Changes:
    """Compare the document of an earlier day with that of a later one, of the same record by the same version."""
    old, new = before["response"] or {}, now["response"] or {}
    return Changes(
        since=before["as_of"],
        values=tuple(_values(old, new)),
        axes=tuple(_axes(old, new)),
        turns=tuple(_turns(before, now)),
        alarms=tuple(_alarms(old, new)),
        criteria=tuple(_criteria(before, now)),
        findings=tuple(_findings(before, now)),
    )


def _values(old: Json, new: Json) -> Iterator[NewValue]:
    known = {_key(series): {_point(each) for each in series["points"]} for series in old.get("series", [])}
    for number, series in enumerate(new.get("series", [])):
        seen, last = known.get(_key(series), set()), None
        for point in series["points"]:
            if _point(point) in seen:
                last = point
                continue
            came = (last["when"], last["reported"]) if last else ()
            yield NewValue(number, point["when"], point["reported"], *came)
            last = point


def _axes(old: Json, new: Json) -> Iterator[Moved]:
    known = {_rule(each, old): each["category"] or "" for each in old.get("axes", [])}
    for each in new.get("axes", []):
        before, now = known.get(_rule(each, new), ""), each["category"] or ""
        if before != now:
            yield Moved(each["rule"], each["name"], before, now, each["when"] or "", each["series"])


def _turns(before: Json, now: Json) -> Iterator[Turned]:
    old, new = before["relapse"] or {}, now["relapse"] or {}
    known = {
        (_rule(each, before["response"]), each["kind"], each["when"]): each["confirmed"]
        for each in old.get("turns", [])
    }
    for each in new.get("turns", []):
        key = (_rule(each, now["response"]), each["kind"], each["when"])
        if key not in known or known[key] != each["confirmed"]:
            yield Turned(each["rule"], each["kind"], each["when"], each["confirmed"] or "", each["series"])


def _alarms(old: Json, new: Json) -> Iterator[Moved]:
    known = {_alarm(each, old): each["state"] for each in old.get("alarms", [])}
    for each in new.get("alarms", []):
        before, now = known.get(_alarm(each, new), "off"), each["state"]
        if before != now and not QUIET.issuperset((before, now)):
            yield Moved(each["alarm"], each["name"], before, now, series=each["series"])


def _criteria(before: Json, now: Json) -> Iterator[Moved]:
    known = {each["criteria"]: _verdict(each) for each in before["diagnosis"]}
    for each in now["diagnosis"]:
        verdict = _verdict(each)
        if each["current"] and known.get(each["criteria"], verdict) != verdict:
            yield Moved(each["criteria"], each["name"], known[each["criteria"]], verdict)


def _findings(before: Json, now: Json) -> Iterator[Moved]:
    """The findings of the first edition: what was looked for since, and what it showed."""
    known = {item["finding"]: item["status"] for item in _items(before)}
    told = set()
    for item in _items(now):
        earlier = known.get(item["finding"], "unknown")
        if item["status"] != earlier and item["finding"] not in told:
            told.add(item["finding"])
            yield Moved(item["finding"], item["name"], earlier, item["status"])


def _items(document: Json) -> Iterator[Json]:
    for group in document["diagnosis"][0]["groups"] if document["diagnosis"] else []:
        yield from group["items"]


def _verdict(edition: Json) -> str:
    return " ".join(filter(None, (edition["status"], edition["level"])))


def _key(series: Json) -> Key:
    return tuple(series[name] for name in ("measure", "specimen", "assay", "laboratory", "unit"))


def _point(point: Json) -> Key:
    return (point["when"], point["reported"])


def _rule(each: Json, course: Json) -> Key:
    return (each["rule"], *(() if each["series"] is None else _key(course["series"][each["series"]])))


def _alarm(each: Json, course: Json) -> Key:
    return (each["alarm"], *_key(course["series"][each["series"]]))
