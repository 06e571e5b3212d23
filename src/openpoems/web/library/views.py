"""The library's pages: the shelves, one shelf as a table that sorts, one row with everything behind it, CSV."""

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from openpoems.knowledge.store import knowledge
from openpoems.reports.wording import CHECKED, reference
from openpoems.web.accounts.gate import public
from openpoems.web.answers.presenter import link_to
from openpoems.web.library import pictures
from openpoems.web.library.tables import SHELVES, TITLES, Row, Shelf, answers_resting_on, shelf_in


@public
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every shelf, and the two pictures people look for."""
    shelves = [(kind, TITLES[kind], _shelf(kind).lead, len(_shelf(kind).rows)) for kind in SHELVES]
    return render(request, "library/library.html", {"shelves": shelves})


@public
def shelf(request: HttpRequest, kind: str) -> HttpResponse:
    """One shelf as a table, sorted as asked, with its picture where there is one."""
    found = _shelf(kind)
    by, down = request.GET.get("sort", ""), request.GET.get("order") == "down"
    rows = [
        (row, [(column.title, _cell(row, column.key)) for column in found.columns])
        for row in found.sorted(by, down=down)
    ]
    shown = {"shelf": found, "title": TITLES[kind], "rows": rows, "by": by, "down": down, "pictures": _pictures(kind)}
    return render(request, "library/shelf.html", shown)


@public
def one(request: HttpRequest, kind: str, row: str) -> HttpResponse:
    """One row at its permanent address: all that is told of it, its source, the answers that rest on it."""
    found = _shelf(kind)
    told = next((each for each in found.rows if each.id == row), None)
    if told is None:
        raise Http404
    source = knowledge().references[told.cite.ref]
    shown = {
        "shelf": found,
        "title": TITLES[kind],
        "row": told,
        "cells": [(column.title, _cell(told, column.key)) for column in found.columns if column.key != "name"],
        "outcomes": _outcomes(kind, row),
        "source": reference(source),
        "link": link_to(source),
        "checked": CHECKED[told.cite.verified],
        "answers": [(slug, knowledge().answers[slug].question) for slug in answers_resting_on(row)],
    }
    return render(request, "library/one.html", shown)


@public
def as_csv(request: HttpRequest, kind: str) -> HttpResponse:
    """One shelf as CSV: every column, the source, the place in it, and how far it was checked."""
    found = _shelf(kind)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", *(column.key for column in found.columns if column.key != "id"), *_SOURCE_COLUMNS])
    for row in found.rows:
        cells = [row.cells[column.key] for column in found.columns if column.key != "id"]
        source = knowledge().references[row.cite.ref]
        doi = "" if source.identifiers == "none" else source.doi  # one that is only recalled may be another paper's
        writer.writerow([row.id, *cells, row.note, reference(source), doi, row.cite.where, row.cite.verified])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="openpoems-{kind}.csv"'
    return response


_SOURCE_COLUMNS = ("note", "source", "doi", "where", "verified")


def _shelf(kind: str) -> Shelf:
    if kind not in SHELVES:
        raise Http404
    return shelf_in(kind, get_language() or "en")


def _cell(row: Row, key: str) -> str:
    value = row.cells[key]
    if value is None or value == "":
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _outcomes(kind: str, row: str) -> list[tuple[str, float, float, float | None, float | None]]:
    if kind != "cohorts":
        return []
    told = knowledge().evidence.cohorts[row].outcome
    return [(each.endpoint, each.years, each.percent, each.low, each.high) for each in told]


def _pictures(kind: str) -> list[tuple[str, list[pictures.Mark]]]:
    if kind == "cohorts":
        return [("OS", pictures.survival("OS")), ("PFS", pictures.survival("PFS"))]
    return [("features", pictures.features())] if kind == "features" else []
