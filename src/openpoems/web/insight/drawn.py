"""The pictures of the page with their tables, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from openpoems.web.insight import words
from openpoems.web.insight.pages import Pages
from openpoems.web.insight.shown import MEASURES, PARTS, Part
from openpoems.web.registry.presenters import specimen_words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One value of a series: when, the value, beside its limit, and what else moves it."""

    when: str
    value: str
    parts: str
    limit: str
    tag: str
    moved: str

    def __repr__(self) -> str:
        return "<Row>"


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """One series: its names, a sentence about its last value, its picture, its latest rows and how many there are."""

    number: int
    name: str
    term: str
    of: str
    measure: str
    better: str
    last: str
    picture: SafeString
    rows: tuple[Row, ...]
    total: int
    has_parts: bool
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Drawn>"


@dataclass(frozen=True, slots=True, repr=False)
class Panel:
    """One part of the page with its series."""

    part: Part
    series: tuple[Drawn, ...]

    def __repr__(self) -> str:
        return "<Panel>"


@dataclass(frozen=True, slots=True, repr=False)
class Bar:
    """A treatment as the list below the picture has it."""

    name: str
    when: str
    note: str

    def __repr__(self) -> str:
        return "<Bar>"


def panels(course: Json | None, made: Pages) -> tuple[Panel, ...]:
    """Every part of the page; one without series says so."""
    series = (course or {}).get("series", [])
    return tuple(
        Panel(
            part,
            tuple(
                _drawn(number, each, made)
                for measure in part.measures
                for number, each in enumerate(series)
                if each["measure"] == measure and (each["points"] or each["left_out"])
            ),
        )
        for part in PARTS
    )


def bars(course: Json | None) -> tuple[Bar, ...]:
    """The treatments in the order of their numbers."""
    return tuple(_bar(each) for each in (course or {}).get("treatments", []))


def _bar(bar: Json) -> Bar:
    start, end = (words.day(" to ".join(dict.fromkeys(each))) if each else "" for each in (bar["start"], bar["end"]))
    told = {"start": start, "end": end}
    if not start:
        when = gettext("without a date")
    elif end == start:
        when = start
    else:
        when = gettext("%(start)s to %(end)s") % told if end else gettext("since %(start)s, no end known") % told
    note = bar["doubt"] or ("" if bar["counts"] else gettext("not counted as treatment of POEMS"))
    return Bar(gettext(bar["name"]), when, note)


def _drawn(number: int, series: Json, made: Pages) -> Drawn:
    shown = MEASURES[series["measure"]]
    parts = made.parts.get(number, [])
    rows = tuple(_rows(series, parts))
    told = (specimen_words(series["specimen"]), series["assay"], series["laboratory"])
    where = ", ".join(part for part in told if part)
    return Drawn(
        number=number,
        name=str(shown.name),
        term=shown.term,
        of=where,
        measure=series["measure"],
        better=gettext("Lower is better.") if series["better"] == "lower" else gettext("Higher is better."),
        last=_last(rows),
        # Made by the package's own builder, whose templates escape every word of a record.
        picture=mark_safe(made.pictures.get(number, "")),  # noqa: S308
        rows=rows,
        total=series["total"],
        has_parts=any(row.parts for row in rows),
        left_out=tuple(_left_out(each) for each in series["left_out"]),
    )


def _rows(series: Json, parts: list[dict[str, str]]) -> Iterator[Row]:
    """The latest first."""
    limits = {"above": (gettext("above the limit"), "warn"), "within": (gettext("within the limit"), "good")}
    for number, point in reversed(list(enumerate(series["points"]))):
        said, tag = limits.get(point["against_limit"], ("", ""))
        yield Row(
            when=words.day(point["when"]),
            value=_value(point, series["unit"]),
            parts=_parts(parts[number]) if number < len(parts) else "",
            limit=f"{said} ({point['limit']:g})" if said and point["limit"] is not None else said,
            tag=tag,
            moved=words.listed(f"{each['name']} ({each['because']})" for each in point["confounders"]),
        )


def _value(point: Json, unit: str) -> str:
    """The value as its source reported it, and in the unit of the picture where that is another."""
    reported = str(point["reported"]).partition(", ")[0]
    plain = "" if unit in {"1", "{score}", "{ratio}"} else unit
    if point["low"] != point["high"] or not plain or reported == f"{point['low']:g} {plain}":
        return reported
    return f"{reported} = {point['low']:.4g} {plain}"


def _parts(answers: dict[str, str]) -> str:
    names = {"arms": gettext("arms"), "legs": gettext("legs")}
    return ", ".join(f"{names.get(part, part)} {grade}" for part, grade in answers.items())


def _last(rows: tuple[Row, ...]) -> str:
    if not rows:
        return ""
    told = {"value": rows[0].value, "when": rows[0].when, "limit": rows[0].limit}
    if rows[0].limit:
        return gettext("Last: %(value)s, %(limit)s, on %(when)s.") % told
    return gettext("Last: %(value)s on %(when)s.") % told


def _left_out(each: Json) -> str:
    told = {"value": each["value"], "when": words.day(each["when"]) or gettext("without a date"), "why": each["why"]}
    return gettext("Not drawn: %(value)s, %(when)s: %(why)s.") % told
