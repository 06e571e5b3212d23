"""Cohorts as CSV files: `read_cohort` and `write_cohort`.

Three tables, each with a header, times in years:

- longitudinal: `id,time,value` and, where known, `assay,comparator,lod`; a value of 0 lies below the limit of
  detection, and below the least value of its assay where no limit is told
- events: `id,time,event` and, where known, `entry` (else 0) and any covariates
- treatments: `id,time,treatment`

An empty cell, `NA` and `NaN` say that there is no value. What cannot be used is left out and told as an issue that
names file, line, column and the mend, never a subject.
"""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from openpoems.dynamics.data import Cohort, Comparator, Course, Treatment, Visit, cohort_of
from openpoems.errors import Issue, Severity, UnreadableInput

Reading = tuple[Cohort, tuple[Issue, ...]]
T = TypeVar("T")

_VISIT_COLUMNS = ("id", "time", "value")
_VISIT_EXTRAS = ("assay", "comparator", "lod")
_EVENT_COLUMNS = ("id", "time", "event")
_TREATMENT_COLUMNS = ("id", "time", "treatment")
_TRUTHS = {"0": False, "0.0": False, "false": False, "1": True, "1.0": True, "true": True}
_MISSING = {"", "na", "n/a", "nan", "null", "none", "."}
# Nobody is followed for so many years: the times are in another unit.
_LONGEST_YEARS = 150.0
_COMPARATORS: dict[str, Comparator] = {"": "", "=": "", "<": "<", "<=": "<", ">": ">", ">=": ">"}


class _Unusable(Exception):
    """A cell that cannot be used: the column and the mend."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(slots=True)
class _Table(Generic[T]):
    """One file: its rows turned into things, line by line, its issues collected."""

    path: Path
    issues: list[Issue] = field(default_factory=list)

    def tell(self, severity: Severity, place: str, message: str) -> None:
        self.issues.append(Issue(severity, f"{self.path.name}{place}", message))

    def rows(self, needed: Sequence[str], known: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row with its line; complains of columns that are missing (an error) or not known (for information)."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, restval="")
                header = [(name or "").strip() for name in reader.fieldnames or ()]
                self._check(header, needed, known)
                reader.fieldnames = header
                for row in reader:
                    yield reader.line_num, {name: (row[name] or "").strip() for name in header}
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a CSV file in UTF-8"
            raise UnreadableInput(f"{self.path}: cannot be read: {reason}") from None

    def _check(self, header: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> None:
        for name, times in Counter(header).items():
            if times > 1:
                raise UnreadableInput(f"{self.path}: the column {name!r} is there {times} times; keep one")
        missing = [name for name in needed if name not in header]
        if missing:
            apart = " and its cells stand apart by commas" if len(header) == 1 else ""
            wanted = f"the header must name {','.join(needed)}{apart}"
            raise UnreadableInput(f"{self.path}: no column {', '.join(missing)}; {wanted}")
        extra = [name for name in header if name not in (*needed, *known)]
        if extra:
            self.tell("information", "", f"columns not used: {', '.join(extra)}")

    def things(
        self, needed: Sequence[str], known: Sequence[str], make: Callable[[dict[str, str]], T]
    ) -> Iterator[tuple[int, str, T]]:
        """Line, id and thing of each row that `make` could use."""
        for line, row in self.rows(needed, known):
            try:
                if not row["id"]:
                    raise _Unusable("id", "is empty; name the subject")
                yield line, row["id"], make(row)
            except _Unusable as problem:
                self.tell("error", f", line {line}, column {problem.column}", f"{problem}")


def read_cohort(
    longitudinal: Path, events: Path, treatments: Path | None = None, covariates: Sequence[str] = ()
) -> Reading:
    """The cohort of three CSV files and what was wrong with them.

    A row that cannot be used is an issue of severity *error* and is left out. Values and treatments of subjects
    without a row in `events`, and visits at or after the event, are left out with a *warning*. Raises
    `UnreadableInput` for a file that cannot be read or lacks a column.
    """
    events_table: _Table[Course] = _Table(events)
    courses = _courses(events_table, covariates)
    visit_table: _Table[Visit | None] = _Table(longitudinal)
    visits = _visits(visit_table, courses)
    start_table: _Table[Treatment] = _Table(treatments or Path())
    found = start_table.things(_TREATMENT_COLUMNS, (), _treatment) if treatments else iter(())
    starts = _of_subject(start_table, courses, found)
    _drop_leaks(visit_table, courses, visits)
    _tell_thin(visit_table, courses, visits)
    cohort = cohort_of(
        [
            Course(id, tuple(visits[id]), tuple(starts[id]), each.entry, each.time, each.event, each.covariates)
            for id, each in courses.items()
        ],
        covariates,
    )
    return cohort, (*events_table.issues, *visit_table.issues, *start_table.issues)


def _courses(table: _Table[Course], covariates: Sequence[str]) -> dict[str, Course]:
    courses: dict[str, Course] = {}
    needed = (*_EVENT_COLUMNS, *covariates)
    for line, id, course in table.things(needed, ("entry",), lambda row: _course(row, covariates)):
        if id in courses:
            table.tell("error", f", line {line}, column id", "the subject is there twice; keep one row per subject")
        else:
            courses[id] = course
    if not courses and all(issue.severity != "error" for issue in table.issues):
        table.tell("error", "", "no subject that can be used")
    if any(course.time > _LONGEST_YEARS for course in courses.values()):
        table.tell("error", ", column time", f"above {_LONGEST_YEARS:g}; times are years: divide days by 365.25")
    for place, name in enumerate(covariates):
        unknown = sum(math.isnan(course.covariates[place]) for course in courses.values())
        if unknown:
            says = (
                f"not known of {_counted(unknown, 'subject')}: they teach the model nothing, nor can it tell their risk"
            )
            table.tell("warning", f", column {name}", says)
    return courses


def _visits(table: _Table[Any], courses: dict[str, Course]) -> defaultdict[str, list[Visit]]:
    """The values per subject; those that are missing are counted, those of 0 stand below a limit."""
    found = _of_subject(table, courses, table.things(_VISIT_COLUMNS, _VISIT_EXTRAS, _visit))
    missing = sum(visit is None for mine in found.values() for visit in mine)
    if missing:
        table.tell("warning", ", column value", f"{_counted(missing, 'row')} not used: no value")
    visits = defaultdict(list, {id: [visit for visit in mine if visit is not None] for id, mine in found.items()})
    _settle_zeros(table, visits)
    return visits


def _settle_zeros(table: _Table[Any], visits: dict[str, list[Visit]]) -> None:
    """A value of 0 without a limit of detection is one below the least value of its assay that is above 0."""
    least: dict[str, float] = {}
    for visit in (each for mine in visits.values() for each in mine if each.value):
        least[visit.assay] = min(visit.value, least.get(visit.assay, visit.value))
    zeros = Counter(visit.assay for mine in visits.values() for visit in mine if not visit.value)
    for id, mine in visits.items():
        visits[id] = [
            visit if visit.value else replace(visit, value=least[visit.assay])
            for visit in mine
            if visit.value or visit.assay in least
        ]
    for assay, count in sorted(zeros.items()):
        named = f" of {assay}" if assay else ""
        says = f"taken as below {least[assay]:g}, the least above 0" if assay in least else "not used, none is above 0"
        table.tell("warning", ", column value", f"{_counted(count, 'value')} of 0{named} {says}; lod would say more")


def _counted(count: int, what: str) -> str:
    """So many things, in the singular where it is one."""
    return f"{count} {what}" + ("" if count == 1 else "s")


def _of_subject(
    table: _Table[T], courses: dict[str, Course], found: Iterator[tuple[int, str, T]]
) -> defaultdict[str, list[T]]:
    things: defaultdict[str, list[T]] = defaultdict(list)
    unknown = 0
    for _, id, thing in found:
        if id in courses:
            things[id].append(thing)
        else:
            unknown += 1
    if unknown:
        says = f"{_counted(unknown, 'row')} not used: no row of the subject in the events table"
        table.tell("warning", ", column id", says)
    return things


def _drop_leaks(table: _Table[Any], courses: dict[str, Course], visits: defaultdict[str, list[Visit]]) -> None:
    dropped = 0
    for id, course in courses.items():
        kept = [
            visit
            for visit in visits[id]
            if visit.time < course.time or (visit.time == course.time and not course.event)
        ]
        dropped += len(visits[id]) - len(kept)
        visits[id] = kept
    if dropped:
        says = f"{_counted(dropped, 'row')} not used: at or after the event, or after the follow-up"
        table.tell("warning", ", column time", says)


def _tell_thin(table: _Table[Any], courses: dict[str, Course], visits: defaultdict[str, list[Visit]]) -> None:
    for count, words in ((0, "no value"), (1, "one value only")):
        subjects = sum(len(visits[id]) == count for id in courses)
        if subjects:
            table.tell("information", "", f"{_counted(subjects, 'subject')} with {words}")


def _number(row: dict[str, str], column: str) -> float:
    try:
        number = float(row[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _Unusable(column, "is not a number; write it with a decimal point, or leave the row out")
    return number


def _time(row: dict[str, str], column: str = "time") -> float:
    time = _number(row, column)
    if time < 0:
        raise _Unusable(column, "lies before time 0; count years from the subject's time 0")
    return time


def _positive(row: dict[str, str], column: str) -> float:
    value = _number(row, column)
    if value <= 0:
        raise _Unusable(column, "must be above 0 (the models take its logarithm)")
    return value


def _missing(row: dict[str, str], column: str) -> bool:
    return row.get(column, "").lower() in _MISSING


def _visit(row: dict[str, str]) -> Visit | None:
    """The visit of a row, or None for one without a value; the value is 0 where it is and no limit is told."""
    sign = row.get("comparator", "")
    if sign not in _COMPARATORS:
        raise _Unusable("comparator", "is not one of <, >, = or empty")
    time, assay, comparator = _time(row), row.get("assay", ""), _COMPARATORS[sign]
    lod = None if _missing(row, "lod") else _positive(row, "lod")
    if _missing(row, "value"):
        return Visit(time, lod, assay, comparator, lod) if lod is not None and comparator == "<" else None
    value = _number(row, "value")
    if value == 0 and comparator in {"", "<"}:
        return Visit(time, lod or 0.0, assay, "<", lod)
    return Visit(time, _positive(row, "value"), assay, comparator, lod)


def _treatment(row: dict[str, str]) -> Treatment:
    if not row["treatment"]:
        raise _Unusable("treatment", "is empty; name the treatment")
    return Treatment(_time(row), row["treatment"])


def _course(row: dict[str, str], covariates: Sequence[str]) -> Course:
    entry = 0.0 if _missing(row, "entry") else _time(row, "entry")
    time = _time(row)
    if time < entry:
        raise _Unusable("time", "lies before entry; the follow-up ends after it begins")
    if row["event"].lower() not in _TRUTHS:
        raise _Unusable("event", "is not 0 or 1")
    numbers = tuple(math.nan if _missing(row, name) else _covariate(row, name) for name in covariates)
    return Course(row["id"], (), (), entry, time, _TRUTHS[row["event"].lower()], numbers)


def _covariate(row: dict[str, str], name: str) -> float:
    try:
        return _number(row, name)
    except _Unusable:
        raise _Unusable(name, "is not a number; write a category as 0 and 1") from None


def write_cohort(cohort: Cohort, folder: Path) -> None:
    """Write `longitudinal.csv`, `events.csv` and, where there are any, `treatments.csv` into `folder`.

    `read_cohort` gives the same cohort back. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    courses = cohort.courses
    visits = [
        (each.id, repr(v.time), repr(v.value), v.assay, v.comparator, "" if v.lod is None else repr(v.lod))
        for each in courses
        for v in each.visits
    ]
    _write(folder / "longitudinal.csv", (*_VISIT_COLUMNS, *_VISIT_EXTRAS), visits)
    ends = [
        (each.id, repr(each.entry), repr(each.time), str(int(each.event)), *map(repr, each.covariates))
        for each in courses
    ]
    _write(folder / "events.csv", ("id", "entry", "time", "event", *cohort.covariate_names), ends)
    starts = [(each.id, repr(start.time), start.treatment) for each in courses for start in each.treatments]
    if starts:
        _write(folder / "treatments.csv", _TREATMENT_COLUMNS, starts)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
