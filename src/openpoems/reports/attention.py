"""Why somebody should look at a record now: read from its assessment's document, and judged by nothing else.

One thing is ours: by how much the model's risk must have risen between two values (`attention.toml`, "engineering").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

Json = dict[str, Any]
Kind = Literal["undetermined", "lost", "rising", "contested"]
_PERCENT = 100


@dataclass(frozen=True, slots=True, repr=False)
class Reason:
    """One reason. `rule` names what made it, `name` says that in words; `made_by` is by whose right.

    `state` is *relapse* or *progression* of a loss, *on* or *unconfirmed* of an alarm; `when` its day. Of a model's
    risk `rose` holds it in percent when the value before the last came, and when the last came.
    """

    kind: Kind
    rule: str
    name: str
    state: str = ""
    when: str = ""
    confirmed: bool = False
    made_by: str = ""
    verified: str = ""
    rose: tuple[int, int] | None = None

    def __repr__(self) -> str:
        return "<Reason>"


class _Rise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    made_by: Literal["engineering", "literature"]
    points: float
    verified: Literal["primary", "secondary", "none"]


@cache
def model_rise() -> _Rise:
    """The choice of `attention.toml`. Raises `msgspec.ValidationError` for a file that does not say what it must."""
    data = files("openpoems.reports").joinpath("attention.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, _Rise])["model-rise"]


def reasons(document: Json) -> tuple[Reason, ...]:
    """Every reason that the document of an assessment gives, in the order of its parts."""
    return (*_undetermined(document), *_contested(document), *_lost(document), *_rising(document))


def _undetermined(document: Json) -> Iterator[Reason]:
    for head in document["diagnosis"][:1]:
        if head["status"] == "undetermined":
            verified = head["source"]["verified"]
            yield Reason("undetermined", head["criteria"], head["name"], verified=verified)


def _contested(document: Json) -> Iterator[Reason]:
    """Findings of the first edition on which the record contradicts itself, and nobody decided."""
    items = (item for head in document["diagnosis"][:1] for group in head["groups"] for item in group["items"])
    contested = {i["finding"]: i["name"] for i in items if i["status"] == "unknown" and i.get("conflict")}
    yield from (Reason("contested", finding, name) for finding, name in contested.items())


def _lost(document: Json) -> Iterator[Reason]:
    """Relapses and progressions that still stand, each axis once, by its latest on any series."""
    axes = {(axis["rule"], axis["series"]): axis for axis in (document["response"] or {}).get("axes", ())}
    standing = [turn for turn in (document["relapse"] or {}).get("turns", ()) if turn["stands"]]
    for turn in {each["rule"]: each for each in standing}.values():
        axis = axes[turn["rule"], turn["series"]]
        alike = ("when", "kind")
        [definition] = [t for t in axis["turns"] if all(t[name] == turn[name] for name in alike)][:1]
        yield Reason(
            "lost",
            turn["rule"],
            axis["name"],
            state=turn["kind"],
            when=turn["when"],
            confirmed=turn["confirmed"] is not None,
            verified=definition["source"]["verified"],
        )


def _rising(document: Json) -> Iterator[Reason]:
    """The alarms that ask now, and the model's risk where it rose since the value before."""
    for alarm in (document["response"] or {}).get("alarms", ()):
        if alarm["state"] in ("on", "unconfirmed"):
            yield Reason(
                "rising",
                alarm["alarm"],
                alarm["name"],
                state=alarm["state"],
                when=alarm["fitting"][-1] if alarm["fitting"] else "",
                made_by=alarm["kind"],
                verified=alarm["source"]["verified"],
            )
    for series in (document["dynamics"] or {}).get("series", ()):
        yield from _model(series["at_last_values"])


def _model(values: list[Json]) -> Iterator[Reason]:
    rule, pair = model_rise(), 2
    if len(values) < pair:
        return
    before, last = (_PERCENT * value["risk"] for value in values)
    if last - before >= rule.points:
        told = (round(before), round(last))
        yield Reason(
            "rising",
            "model",
            "the model's risk",
            when=values[-1]["when"],
            made_by=rule.made_by,
            verified=rule.verified,
            rose=told,
        )
