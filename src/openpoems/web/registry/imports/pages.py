"""What the pages of imports show: a page of rows with what stands beside them, the issues, the counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, Value, When

from openpoems.web.registry.imports.words import in_words, says
from openpoems.web.registry.models import Fact, Import, ImportRow
from openpoems.web.registry.presenters import Said

ROWS_ON_A_PAGE = 100
_STATES = ImportRow.State
_MOST_ISSUES = 500


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """One row of a preview; `stranger` counts those whom the centre does not know yet."""

    pk: int
    name: str
    says: str
    on: str
    path: str
    state: str
    label: str
    beside: str
    wanted: bool
    whose: str
    stranger: int


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """A page of an import's rows, and what concerns all of them."""

    rows: list[Shown]
    page: Page[ImportRow]
    new: int
    same: int
    conflict: int
    left_out: int
    newcomers: int
    issues: list[dict[str, str]]
    unshown: int
    told: list[dict[str, str]]


def preview_of(source: Import, number: str) -> Preview:
    """The page of that number; conflicts stand first, what is already in the record last."""
    order = Case(
        When(state=_STATES.CONFLICT, then=Value(0)),
        When(state=_STATES.NEW, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    page = Paginator(source.rows.order_by(order, "pk"), ROWS_ON_A_PAGE).get_page(number)
    counts = source.rows.aggregate(
        new=Count("pk", filter=Q(state=_STATES.NEW)),
        same=Count("pk", filter=Q(state=_STATES.SAME)),
        conflict=Count("pk", filter=Q(state=_STATES.CONFLICT)),
        left_out=Count("pk", filter=Q(wanted=False) & ~Q(state=_STATES.SAME)),
    )
    strangers = {digest: number for number, digest in enumerate(sorted(source.newcomers), start=1)}
    wrong = [issue for issue in source.issues if issue["severity"] != "information"]
    told = [issue for issue in source.issues if issue["severity"] == "information"]
    return Preview(
        rows=[_shown(row, strangers) for row in page.object_list],
        page=page,
        newcomers=len(source.newcomers),
        issues=wrong[:_MOST_ISSUES],
        unshown=max(0, len(wrong) - _MOST_ISSUES),
        told=told[:_MOST_ISSUES],
        **counts,
    )


def kept_in_words(facts: Iterable[Fact]) -> list[tuple[Said, str]]:
    """Each fact in words, and how it stands."""
    return [(in_words(fact.kind, fact.about, fact.document), fact.get_state_display()) for fact in facts]


def _shown(row: ImportRow, strangers: dict[str, int]) -> Shown:
    said = in_words(row.kind, row.about, row.document)
    return Shown(
        pk=row.pk,
        name=said.title,
        says=says(said),
        on=said.when,
        path=row.path,
        state=row.state,
        label=row.get_state_display(),
        beside=_beside(row, row.beside, said) if row.beside else "",
        wanted=row.wanted,
        whose=row.person_id or "",
        stranger=strangers.get(row.local, 0),
    )


def _beside(row: ImportRow, document: dict[str, Any], said: Said) -> str:
    """What the record says, with its day where that is another."""
    other = in_words(row.kind, row.about, document)
    return " · ".join(filter(None, (says(other), other.when if other.when != said.when else "")))
