"""What of a record is drawn for a person, and by which names: VEGF, M-protein, walking and hands."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.reports.course_chart import Size
from openpoems.web.insight import words

LARGE = Size(width=360, plot_height=190, left=52, end=24, bar_height=22, pointed=False, numbered=True)
SMALL = Size(width=360, plot_height=110, left=52, end=24, pointed=False, bars=False)
# Days that lie so near each other are one visit: a choice of this software.
TOGETHER_DAYS = 14
# The table beside a picture has the latest so many values; all of them stand in the record.
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure that is drawn: its plain name, and the term of the glossary behind it."""

    name: Any
    term: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its title, the measures it draws in this order, and how large."""

    id: str
    title: Any
    empty: Any
    measures: tuple[str, ...]
    size: Size


MEASURES = {
    "vegf": Shown(_("VEGF"), "VEGF"),
    "m-protein-serum": Shown(_("M-protein in blood"), "M-protein"),
    "m-protein-urine-24h": Shown(_("M-protein in urine"), "M-protein"),
    "ten-metre-walk": Shown(_("Time to walk 10 metres"), "10-metre walk"),
    "six-minute-walk": Shown(_("Distance walked in 6 minutes"), "6-minute walk"),
    "grip-strength": Shown(_("Grip strength"), "grip strength"),
    "onls": Shown(_("Limits of arms and legs"), "ONLS"),
    "i-rods": Shown(_("Everyday activities"), "I-RODS"),
    "incat-odss": Shown(_("Limits of arms and legs, INCAT"), "INCAT"),
    "mrs": Shown(_("Help needed in daily life"), "mRS"),
}
PARTS = (
    Part("vegf", _("VEGF and the treatments"), _("There is no VEGF with a date in the record."), ("vegf",), LARGE),
    Part(
        "walking",
        _("Walking and hands"),
        _("There is no score, walk or grip strength with a date in the record."),
        ("onls", "ten-metre-walk", "six-minute-walk", "grip-strength", "i-rods", "incat-odss", "mrs"),
        SMALL,
    ),
    Part(
        "m-protein",
        _("M-protein"),
        _("There is no amount of M-protein with a date in the record."),
        ("m-protein-serum", "m-protein-urine-24h"),
        SMALL,
    ),
)


def series_name(number: int, course: dict[str, Any]) -> str:
    """A series by its plain name, with what tells it from its like."""
    series = course["series"][number]
    plain = MEASURES.get(series["measure"])
    return words.named(str(plain.name) if plain else series["name"].partition(",")[0], number, course)
