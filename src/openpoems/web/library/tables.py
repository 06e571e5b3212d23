"""The shelves of the library: each a table of what the knowledge holds of one kind, every row with its source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.knowledge.evidence import Fact
from openpoems.knowledge.figures import phrase
from openpoems.knowledge.model import Citation
from openpoems.knowledge.store import knowledge

Cell: TypeAlias = str | float | None
# A row is as well checked as what is least of what it prints.
_DOUBT = {"primary": 0, "secondary": 1, "none": 2}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its title; `numeric` sorts by amount."""

    key: str
    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its permanent name, what it is called, its cells by column, and its source."""

    id: str
    name: str
    cells: dict[str, Cell]
    cite: Citation
    note: str = ""

    @property
    def source(self) -> str:
        """Who published it, and when, in a few words."""
        source = knowledge().references[self.cite.ref]
        return ", ".join(part for part in (source.authors or source.title, str(source.year or "")) if part)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of evidence."""

    kind: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def sorted(self, by: str, *, down: bool) -> tuple[Row, ...]:
        """The rows by a column, those without a value at the end; as they stand where there is no such column."""
        if by not in {column.key for column in self.columns}:
            return self.rows
        told = [row for row in self.rows if row.cells[by] not in (None, "")]
        numeric = next(column.numeric for column in self.columns if column.key == by)

        def key(row: Row) -> tuple[float, str]:
            value = row.cells[by]
            return (float(value or 0), "") if numeric else (0, str(value).casefold())

        return (*sorted(told, key=key, reverse=down), *(row for row in self.rows if row.cells[by] in (None, "")))


def _cohorts() -> Shelf:
    columns = (
        Column("name", _("Cohort")),
        Column("place", _("Where")),
        Column("period", _("When")),
        Column("treatment", _("Treated with")),
        Column("n", _("People"), numeric=True),
        Column("pfs", _("Alive without relapse, %"), numeric=True),
        Column("os", _("Alive, %"), numeric=True),
        Column("years", _("After years"), numeric=True),
    )
    rows = []
    for id, each in knowledge().evidence.cohorts.items():
        years = max(outcome.years for outcome in each.outcome)
        last = [outcome for outcome in each.outcome if outcome.years == years]
        at = {outcome.endpoint: outcome.percent for outcome in last}
        cells: dict[str, Cell] = {"name": each.name, "place": each.place, "period": each.period, "n": each.n}
        cells |= {"treatment": each.treatment, "os": at.get("OS"), "pfs": at.get("PFS", at.get("EFS")), "years": years}
        cite = max((outcome.cite or each.cite for outcome in last), key=lambda one: _DOUBT[one.verified])
        rows.append(Row(id, each.name, cells, cite, each.note))
    lead = _("People who were followed together. Groups differ from the start: no difference between rows is a proof.")
    return Shelf("cohorts", _("Cohorts"), lead, columns, tuple(rows))


def _regimens() -> Shelf:
    columns = (
        Column("name", _("Treatment")),
        Column("design", _("How it was studied")),
        Column("dose", _("Dose")),
        Column("n", _("People"), numeric=True),
        Column("results", _("What came of it")),
        Column("harm", _("Harm")),
    )
    known, rows = knowledge(), []
    for id, each in known.evidence.studies.items():
        results = "; ".join(_result(id, result.id, result.says) for result in each.result)
        cells: dict[str, Cell] = {"name": each.name, "design": each.design, "dose": each.dose, "n": each.n}
        rows.append(Row(id, each.name, cells | {"results": results, "harm": each.harm}, each.cite))
    lead = _("What was published of each treatment, study by study. Most groups are small and had nobody to compare.")
    return Shelf("regimens", _("Treatments"), lead, columns, tuple(rows))


def _result(study: str, result: str, says: str) -> str:
    fact = knowledge().figures[f"{study}.{result}"]
    figure, interval = phrase(fact), phrase(fact, "interval") if fact.value is not None else ""
    return f"{says}{': ' if figure else ''}{figure}{f' ({interval})' if interval else ''}"


def _editions() -> Shelf:
    columns = (
        Column("name", _("Edition")),
        Column("edition", _("Year"), numeric=True),
        Column("status", _("In use")),
        Column("findings", _("Findings counted"), numeric=True),
        Column("levels", _("Degrees of certainty")),
        Column("adopts", _("Takes its rule from")),
    )
    rows = []
    for each in knowledge().criteria.values():
        levels = ", ".join(level.name for level in each.levels if level.name)
        status = _("in use") if each.status == "current" else _("superseded")
        cells: dict[str, Cell] = {"name": each.name, "edition": int(each.edition), "status": status}
        cells |= {"findings": len(each.findings), "levels": levels, "adopts": each.adopts}
        rows.append(Row(f"{each.id}-{each.edition}", each.name, cells, each.cite))
    lead = _("Every published edition of the diagnostic criteria that openpoems can apply, old ones too.")
    return Shelf("editions", _("Diagnostic criteria"), lead, columns, tuple(rows))


def _assays() -> Shelf:
    columns = (
        Column("name", _("Laboratory")),
        Column("specimen", _("Specimen")),
        Column("method", _("Method")),
        Column("limit", _("Upper limit, pg/mL"), numeric=True),
        Column("handling", _("Handling")),
    )
    rows = []
    for id, each in knowledge().evidence.assays.items():
        cells: dict[str, Cell] = {"name": each.laboratory, "specimen": each.specimen, "method": each.method}
        rows.append(Row(id, each.laboratory, cells | {"limit": each.limit, "handling": each.handling}, each.cite))
    lead = _("How laboratories measure VEGF. A limit belongs to its laboratory, specimen and method alone.")
    return Shelf("assays", _("VEGF tests"), lead, columns, tuple(rows))


def _trials() -> Shelf:
    columns = (
        Column("number", _("Number")),
        Column("name", _("Study")),
        Column("phase", _("Phase")),
        Column("tries", _("What is tried")),
        Column("n", _("People"), numeric=True),
        Column("status", _("Status as read")),
        Column("status_on", _("Read for")),
        Column("found", _("What came of it")),
    )
    rows = []
    for id, each in knowledge().evidence.trials.items():
        planned = _("planned") if each.planned else ""
        cells: dict[str, Cell] = {"number": each.number, "name": each.name, "phase": each.phase, "tries": each.tries}
        cells |= {"n": each.n, "status": each.status, "status_on": each.status_on, "found": each.found or planned}
        rows.append(Row(id, each.name, cells, each.cite, each.who))
    lead = _("Registered studies as they were read on the day named. Whether one takes people now, its registry tells.")
    return Shelf("trials", _("Trials"), lead, columns, tuple(rows))


def _features() -> Shelf:
    columns = (
        Column("finding", _("Sign")),
        Column("series", _("Series")),
        Column("n", _("People"), numeric=True),
        Column("percent", _("In how many, %"), numeric=True),
    )
    known, rows = knowledge(), []
    for id, series in known.evidence.series.items():
        for each in series.occurrence:
            finding = known.findings[each.finding]
            cells: dict[str, Cell] = {"finding": finding.name, "series": series.name, "n": series.n}
            name = f"{finding.name}, {series.name}"
            rows.append(Row(f"{id}-{each.finding}", name, cells | {"percent": each.percent}, each.cite, each.note))
    lead = _("How often each sign was seen, series by series. Series looked for signs in different ways.")
    return Shelf("features", _("Signs, how often"), lead, columns, tuple(rows))


def _facts() -> Shelf:
    columns = (
        Column("id", _("Name")),
        Column("says", _("What it says")),
        Column("figure", _("Figure")),
        Column("n", _("People"), numeric=True),
    )
    known = knowledge()
    rows = [
        Row(id, fact.says, {"id": id, "says": fact.says, "figure": _figure(fact), "n": fact.n}, fact.cite)
        for id, fact in known.figures.items()
    ]
    lead = _("Every fact that an answer may rest on, by the name under which it draws it.")
    return Shelf("facts", _("Facts"), lead, columns, tuple(rows))


def _figure(fact: Fact) -> str:
    figure, after = phrase(fact), phrase(fact, "after")
    return _("%(figure)s after %(time)s") % {"figure": figure, "time": after} if after else figure


SHELVES: dict[str, Callable[[], Shelf]] = {
    "cohorts": _cohorts,
    "regimens": _regimens,
    "trials": _trials,
    "editions": _editions,
    "assays": _assays,
    "features": _features,
    "facts": _facts,
}
TITLES = {
    "cohorts": gettext_lazy("Cohorts: how people fared"),
    "regimens": gettext_lazy("Treatments: what was published"),
    "trials": gettext_lazy("Trials: what is registered"),
    "editions": gettext_lazy("Diagnostic criteria, every edition"),
    "assays": gettext_lazy("VEGF tests and their limits"),
    "features": gettext_lazy("Signs, and how often they are seen"),
    "facts": gettext_lazy("Facts, one by one"),
}


@cache
def shelf_in(kind: str, language: str) -> Shelf:
    """A shelf in the language that is active, kept for the next reader of that language."""
    return SHELVES[kind]()


def answers_resting_on(name: str) -> Iterable[str]:
    """The answers of the project that rest on a row of the library, by the figures drawn from it."""
    for slug, answer in knowledge().answers.items():
        if any(fact == name or fact.startswith(f"{name}.") or fact == f"edition.{name}" for fact in answer.facts):
            yield slug
