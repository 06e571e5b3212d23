"""What stands in the cell of a result: `450 H`, `120 (0-115)`, `<31 pg/mL`, `2,450`."""

import re

from openpoems.interchange.rows.row import Row
from openpoems.interchange.rows.words import FLAGS
from openpoems.interchange.table.figures import AMBIGUOUS, NUMBER, read_figure, with_points
from openpoems.interchange.table.told import Mark
from openpoems.interchange.values import read_limits
from openpoems.quantities import ucum

_RESULT = re.compile(rf"([<>≤≥]=?|=[<>])?\s*({NUMBER})(?!\d)(?![.,:]\d)\s*(.*)", re.DOTALL)
_FLAG_IN_FRONT = re.compile(r"(HH|LL|H|L|↑|↓)\s+(?=[<>≤≥\d])")
_PART = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")
_ARROWS = {"↑": "H", "↑↑": "HH", "↓": "L", "↓↓": "LL"}
_RATIO = re.compile(r"\s*\d+\s*:\s*\d+\s*|\s*[1-4]\s*\++.*")
# A letter that is a flag and a unit as well.
_LITRE = "L"


def read_cell(row: Row, mark: Mark) -> None:
    """Divide the result of a row into its number, unit, range and flag; refuse the row where that cannot be done."""
    text = row.cells.get("value", "")
    if match := _FLAG_IN_FRONT.match(text):
        _flag(row, match[1])
        text = text[match.end() :]
    match = None if _RATIO.fullmatch(text) else _RESULT.fullmatch(text)
    if match is None:
        return
    figure = read_figure(match[2], mark)
    if not figure.text:
        row.refuse("value", AMBIGUOUS)
        return
    if figure.note:
        row.report("information", "value", figure.note)
    row.cells["value"] = f"{match[1] or ''}{figure.text}"
    rest = match[3].strip()
    if rest and not _whole_unit(row, rest):
        _parts(row, rest, mark)


def _whole_unit(row: Row, rest: str) -> bool:
    if FLAGS.find(rest) or not ucum(rest):
        return False
    return _unit(row, rest)


def _parts(row: Row, rest: str, mark: Mark) -> None:
    for match in _PART.finditer(rest):
        bracketed = match[1] if match[1] is not None else match[2]
        part = (match[3] if bracketed is None else bracketed).strip()
        if part and not (_as_flag(row, part) or _as_unit(row, part) or _as_range(row, part, mark)):
            row.refuse(
                "value",
                "behind the number stands something that is no unit, range or flag, and may change its meaning: put it "
                "into a column of its own; the result was not used",
            )
            return


def _as_flag(row: Row, part: str) -> bool:
    if part == _LITRE and "unit" not in row.cells:
        row.refuse("value", "L may mean low or litres: give the unit in a column of its own; the result was not used")
        return True
    if part.strip("*") == "" or part in _ARROWS or FLAGS.find(part):
        _flag(row, _ARROWS.get(part, part))
        return True
    return False


def _as_unit(row: Row, part: str) -> bool:
    return bool(ucum(part)) and _unit(row, part)


def _unit(row: Row, part: str) -> bool:
    given = row.cells.get("unit", "")
    if given and ucum(given) != ucum(part):
        row.refuse("value", "beside the number stands another unit than in the table's own: correct one of them")
    row.cells["unit"] = given or part
    return True


def _as_range(row: Row, part: str, mark: Mark) -> bool:
    said = with_points(re.sub(r"^(ref(erence)?|normal|range)\W*(range)?\W*", "", part, flags=re.IGNORECASE), mark)
    unit = row.cells.get("unit", "")
    if read_limits(said, ucum(unit) or unit) is None:
        return False
    row.cells.setdefault("reference_high", said)
    return True


def _flag(row: Row, flag: str) -> None:
    given = row.cells.get("flag", "")
    if FLAGS.find(given) != FLAGS.find(flag) or not given:
        row.cells["flag"] = f"{given},{flag}" if given else flag
