"""The prognosis panel: published factors in this record, how many are there, and that no survival follows.

Nothing is judged here: every line is taken from the assessment's document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from openpoems.web.course.criteria import FOUND
from openpoems.web.course.sources import Cited, Sources

Json = Mapping[str, Any]
# Every factor is one of a shorter life: to find it is no good news.
_TAG = {"present": "bad", "excluded": "good", "unknown": "warn"}


@dataclass(frozen=True, slots=True, repr=False)
class Factor:
    """One factor: what is known of it, by which fact (`path` is its row), and its published hazard ratio."""

    name: str
    status: Any
    tag: str
    fact: str
    path: str
    says: str
    ratio: str
    low: str
    high: str

    def __repr__(self) -> str:
        return "<Factor>"


@dataclass(frozen=True, slots=True, repr=False)
class Prognosis:
    """One published model in this record; the counts and the sums go from the least to the most."""

    name: str
    predicts: str
    population: str
    n: int
    counted: str
    baseline: str
    factors: tuple[Factor, ...]
    fewest: int
    most: int
    least_sum: str
    most_sum: str
    not_told: str
    cited: Cited | None

    def __repr__(self) -> str:
        return "<Prognosis>"


def prognosis(document: Json, sources: Sources) -> list[Prognosis]:
    """Every model the document tells; none where neither the criteria are met nor the disease was diagnosed."""
    return [_model(each, sources) for each in document["prognosis"] or ()]


def _model(each: Json, sources: Sources) -> Prognosis:
    (fewest, most), (least, greatest) = each["count"], each["linear_predictor"]
    return Prognosis(
        name=each["name"],
        predicts=each["predicts"],
        population=each["population"],
        n=each["n"],
        counted=each["counted"],
        baseline=each["baseline"] or "",
        factors=tuple(map(_factor, each["factors"])),
        fewest=fewest,
        most=most,
        least_sum=f"{least:.2f}",
        most_sum=f"{greatest:.2f}",
        not_told=each["not_told"],
        cited=sources.cite(each["source"]),
    )


def _factor(each: Json) -> Factor:
    first: Json = next(iter(each["evidence"]), {})
    ratio = each["hazard_ratio"]
    return Factor(
        name=gettext(each["name"]),
        status=FOUND[each["status"]],
        tag=_TAG[each["status"]],
        fact=", ".join(str(first[name]) for name in ("what", "when") if first.get(name)),
        path=_row(first),
        says=each["says"] or "",
        ratio=f"{ratio['value']:g}",
        low=f"{ratio['low']:g}",
        high=f"{ratio['high']:g}",
    )


def _row(evidence: Json) -> str:
    """The fact's row: the last part of where it stands."""
    last = (evidence.get("source") or "").rpartition(", ")[2]
    return last if last.isdecimal() else ""
