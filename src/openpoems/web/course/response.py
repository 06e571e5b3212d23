"""The response panel: each axis with its evidence, the definition that decided it, and the order in which axes moved.

Nothing is judged here: every line is taken from the assessment's document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.web.course.sources import Cited, Sources
from openpoems.web.registry.presenters import specimen_words

Json = Mapping[str, Any]
CATEGORIES = {
    "CR": _("complete response"), "VGPR": _("very good partial response"), "PR": _("partial response"),
    "NR": _("no response"), "PD": _("progressive disease"),
}  # fmt: skip
TAGS = {"CR": "good", "VGPR": "good", "PR": "good", "NR": "warn", "PD": "bad"}
KINDS = {"relapse": _("Relapse"), "progression": _("Progression")}


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """A relapse or a progression, when it was seen, whether confirmed, and by which rule."""

    kind: Any
    when: str
    confirmed: str
    value: str
    against: str
    says: str
    cited: Cited | None

    def __repr__(self) -> str:
        return "<Turn>"


@dataclass(frozen=True, slots=True, repr=False)
class Axis:
    """One rule on one series, or on statements.

    `category` is what it came to ("" where that cannot be told: `why` says so), `words` the same in full.
    """

    name: str
    term: str
    series: str
    specimen: str
    category: str
    words: Any
    tag: str
    when: str
    value: str
    baseline: str
    definition: str
    cited: Cited | None
    best: str
    why: str
    undecided: tuple[str, ...]
    turns: tuple[Turn, ...]
    remarks: tuple[tuple[str, Cited | None], ...]
    evidence: tuple[tuple[str, str], ...]
    note: str
    steps: int

    def __repr__(self) -> str:
        return "<Axis>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """The panel; `silent` are the axes on which the record holds nothing."""

    began: str
    why: str
    doubts: tuple[tuple[str, str], ...]
    axes: tuple[Axis, ...]
    silent: tuple[str, ...]
    moves: tuple[tuple[str, Any, str, str], ...]
    unmoved: tuple[str, ...]
    unseen: tuple[str, ...]
    disagree: bool
    published: tuple[tuple[str, Cited | None], ...]
    sentences: tuple[tuple[str, Cited | None], ...]

    def __repr__(self) -> str:
        return "<Response>"


def response(document: Json, sources: Sources) -> Response | None:
    """The panel of an assessment's document; None where there is no course."""
    told = document["response"]
    if told is None:
        return None
    names = _Names(told)
    moves, order = told["order"]["moves"], told["order"]
    axes = [each for each in told["axes"] if _holds(each)]
    return Response(
        began=_days(told["first_treatment"]["when"]),
        why=told["first_treatment"]["why"] or "",
        doubts=tuple((gettext(each["name"]), each["doubt"]) for each in told["treatments"] if each["doubt"]),
        axes=tuple(_axis(each, names, sources) for each in axes),
        silent=tuple(dict.fromkeys(gettext(each["name"]) for each in told["axes"] if not _holds(each))),
        moves=tuple((names.of(each), KINDS[each["kind"]], each["when"], _after(each)) for each in moves),
        unmoved=tuple(names.of(each) for each in order["not_moved"]),
        unseen=tuple(names.of(each) for each in order["not_seen_since"]),
        disagree=order["disagree"],
        published=tuple((each["says"], sources.cite(each["source"])) for each in told["published_order"]),
        sentences=tuple((each["says"], sources.cite(each["source"])) for each in told["sentences"]),
    )


class _Names:
    """The names of axes with the series they are told on, which tells two of a name apart."""

    def __init__(self, told: Json) -> None:
        self._series: Sequence[Json] = told["series"]
        self._rules = {each["rule"]: gettext(each["name"]) for each in told["axes"]}

    def series(self, number: int | None) -> str:
        """Specimen, assay and laboratory."""
        if number is None:
            return ""
        each = self._series[number]
        return " · ".join(
            part for part in (specimen_words(each["specimen"]), each["assay"], each["laboratory"]) if part
        )

    def specimen(self, number: int | None) -> str:
        """The specimen of a series."""
        return "" if number is None else specimen_words(self._series[number]["specimen"])

    def of(self, each: Json) -> str:
        """The rule's name and its series."""
        where = self.series(each["series"])
        return f"{self._rules[each['rule']]} ({where})" if where else self._rules[each["rule"]]


def _holds(each: Json) -> bool:
    return each["series"] is not None or bool(each["history"])


def _axis(each: Json, names: _Names, sources: Sources) -> Axis:
    definition, category = each["definition"] or {}, each["category"] or ""
    best = each["best"]
    return Axis(
        name=gettext(each["name"]),
        term=knowledge().response.rule[each["rule"]].name,
        series=names.series(each["series"]),
        specimen=names.specimen(each["series"]),
        category=category,
        words=CATEGORIES.get(category, category),
        tag=TAGS.get(category, ""),
        when=each["when"] or "",
        value=_value(each["value"]),
        baseline=_value(each["baseline"]),
        definition=gettext(definition["says"]) if definition else "",
        cited=sources.cite(definition.get("source")),
        best=f"{best['category']}, {best['when']}" if best and best["category"] != category else "",
        why=each["why"] or "",
        undecided=tuple(each["undecided"]),
        turns=tuple(turn(one, sources) for one in each["turns"]),
        remarks=tuple((one["says"], sources.cite(one["source"])) for one in each["remarks"]),
        evidence=tuple((one["says"], one["path"] or "") for one in each["evidence"]),
        note=each["note"] or "",
        steps=len(each["history"]),
    )


def turn(each: Json, sources: Sources) -> Turn:
    """A turn of the document."""
    return Turn(
        kind=KINDS[each["kind"]],
        when=each["when"],
        confirmed=each["confirmed"] or "",
        value=_value(each["value"]),
        against=_value(each["against"]),
        says=each["says"],
        cited=sources.cite(each["source"]),
    )


def _value(each: Json | None) -> str:
    return f"{each['reported']}, {each['when']}" if each else ""


def _after(each: Json) -> str:
    """How long after the first one an axis moved."""
    least, most = each["days_after_first"]
    if most == 0:
        return gettext("the first")
    if each["together_with_previous"]:
        return gettext("together with the one before")
    if least == most:
        return str(ngettext("%d day later", "%d days later", least) % least)
    return gettext("%(least)d to %(most)d days later") % {"least": least, "most": most}


def _days(span: Sequence[str] | None) -> str:
    if not span:
        return ""
    first, last = span
    return first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
