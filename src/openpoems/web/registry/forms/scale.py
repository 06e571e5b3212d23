"""A guided scale: every question answered, the sum computed. A missing answer is asked for, never counted as 0."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.quantities import Quantity
from openpoems.record.model import Concept, Measurement
from openpoems.web.registry.concepts import measure_concept
from openpoems.web.registry.forms.fact import FactForm, Section
from openpoems.web.registry.forms.fields import NoteField, WhenField
from openpoems.web.registry.scales import Scale, scales

_ANSWER = re.compile(r"([a-z-]+) (\d)")


class ScaleForm(FactForm):
    """The answers of one scale on one day. They are kept in the first line of the note: `arms 2, legs 3`."""

    makes = Measurement
    on = WhenField(label=_("Day"))
    note = NoteField()

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        self.scale = scale
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """One question for each part of the scale."""
        self.initial = {"on": str(self.asking.today), **self.initial}
        asked = tuple(part.id for part in self.scale.parts)
        for part in self.scale.parts:
            self.fields[part.id] = forms.ChoiceField(
                label=gettext(part.title),
                help_text=gettext(part.help) if part.help else "",
                choices=[(str(grade.value), gettext(grade.says)) for grade in part.grades],
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Please answer this one too: the sum needs every answer.")},
            )
        self.parts = {"value": asked, "note": (*asked, "note"), "on": ("on",)}
        if self.base is None:
            self.parts = {**self.parts, "measure": ()}

    @classmethod
    def initial_of(cls, fact: Measurement) -> dict[str, Any]:
        """The answers of a score."""
        answers, note = _told(fact.note)
        return super().initial_of(fact) | answers | {"note": note, "on": str(fact.on or "")}

    def make_measure(self) -> Concept:
        """The scale's measure."""
        return measure_concept(self.scale.measure)

    def make_value(self) -> Quantity:
        """The sum of the answers."""
        return Quantity(float(sum(int(self.cleaned_data[part.id]) for part in self.scale.parts)), "{score}")

    def make_note(self) -> str:
        """The answers, and the note below them."""
        given = self.cleaned_data
        answers = ", ".join(f"{part.id} {given[part.id]}" for part in self.scale.parts)
        return f"{answers}\n{given['note']}" if given.get("note") else answers

    def sections(self) -> list[Section]:
        """The questions, then the day."""
        questions = tuple(self[part.id] for part in self.scale.parts)
        return [
            Section(gettext("Questions"), questions),
            Section(gettext("More"), tuple(self[name] for name in ("on", "note", "document"))),
        ]


def scale_of(fact: Measurement, measure: str) -> Scale | None:
    """The guided scale whose answers this score holds; None for a score that was entered as a number."""
    scale = next((each for each in scales().values() if each.measure == measure), None)
    answers, _note = _told(fact.note)
    whole = scale is not None and list(answers) == [part.id for part in scale.parts]
    return scale if whole else None


def answers_in(note: str) -> dict[str, str]:
    """The answers of a guided scale that a note holds, by the part they answer: `{"arms": "2", "legs": "3"}`."""
    return _told(note)[0]


def _told(note: str) -> tuple[dict[str, str], str]:
    first, _line, rest = note.partition("\n")
    pairs = [_ANSWER.fullmatch(each) for each in first.split(", ")]
    if not note or None in pairs:
        return {}, note
    return {match[1]: match[2] for match in pairs if match}, rest
