"""What was done: transplantation with its conditioning, radiotherapy with dose and field, a biopsy."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record.model import Agent, Concept, Procedure
from openpoems.web.registry.concepts import OWN, procedure_concept, words_of
from openpoems.web.registry.forms.fact import FactForm, Section
from openpoems.web.registry.forms.fields import CountField, NoteField, NumberField, WhenField, WordsField, written
from openpoems.web.registry.forms.treatment import Drugs

TRANSPLANT, RADIOTHERAPY = "autologous-stem-cell-transplantation", "radiotherapy"
OTHER, AS_IT_STANDS = "other", "as-it-stands"
_DOSE = {"Gy": "Gy", "cGy": "cGy"}


def kind_of(concept: Concept) -> str:
    """The kind of procedure a concept names by openpoems' own code; "" where it does not."""
    ids = (coding.id.removeprefix(OWN) for coding in concept.codings if coding.id.startswith(OWN))
    return next((id for id in ids if id in knowledge().procedures), "")


class ProcedureForm(FactForm):
    """One procedure; `of` names its kind where the page is for one kind alone."""

    makes = Procedure
    parts = {
        "concept": ("what", "what_words"),
        "on": ("on",),
        "end": ("end",),
        "site": ("site",),
        "dose": ("dose", "dose_unit"),
        "fractions": ("fractions",),
        "note": ("note",),
    }
    layout = [(_("What was done"), ("what", "what_words", "on", "end", "site", "dose", "dose_unit", "fractions"))]

    what = forms.ChoiceField(label=_("Procedure"))
    what_words = WordsField(label=_("Its name, if it is another one"))
    on = WhenField(label=_("Date"), required=False)
    end = WhenField(label=_("Last day"), required=False)
    site = WordsField(label=_("Where in the body"))
    dose = NumberField(label=_("Total dose"), required=False)
    dose_unit = forms.ChoiceField(label=_("Unit of the dose"), required=False)
    fractions = CountField(label=_("Number of sessions (fractions)"), required=False)
    note = NoteField()

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """Fields for this kind; a fact that has more shows more."""
        self.of = kind_of(self.base.concept) if self.base else self.of
        base, choice = self.base, self.fields["what"]
        choice.choices = self._choices()  # type: ignore[attr-defined]
        if self.of:
            self._drop("what_words")
            choice.initial, choice.widget = self.of, forms.HiddenInput()
            self.initial["what"] = self.of
        if self.of != RADIOTHERAPY and not (base and (base.dose or base.fractions)):
            self._drop("dose", "dose_unit", "fractions")
        if self.of == TRANSPLANT and not (base and (base.site or base.end)):
            self._drop("site", "end")
        self._choose_dose_unit()
        self.drugs = None
        if self.of == TRANSPLANT or (base and base.conditioning):
            self.drugs = Drugs(self, base.conditioning if base else (), part="conditioning")

    @classmethod
    def initial_of(cls, fact: Procedure) -> dict[str, Any]:
        """A procedure as its fields."""
        return (
            super().initial_of(fact)
            | Drugs.shown(fact.conditioning)
            | {
                "what": kind_of(fact.concept) or AS_IT_STANDS,
                "what_words": "",
                "on": str(fact.on or ""),
                "end": str(fact.end or ""),
                "site": words_of(fact.site),
                "dose": written(fact.dose.value) if fact.dose else "",
                "dose_unit": fact.dose.unit if fact.dose else "",
                "fractions": "" if fact.fractions is None else str(fact.fractions),
            }
        )

    def make_concept(self) -> Concept:
        """The kind of procedure, or its name."""
        given = self.cleaned_data
        if given["what"] == AS_IT_STANDS:
            kept: Concept = self.base.concept
            return kept
        return Concept(text=given["what_words"]) if given["what"] == OTHER else procedure_concept(given["what"])

    def make_site(self) -> Concept | None:
        """Where in the body."""
        return Concept(text=self.cleaned_data["site"]) if self.cleaned_data["site"] else None

    def make_dose(self) -> Quantity | None:
        """The total dose."""
        given = self.cleaned_data
        return Quantity(given["dose"].value, given.get("dose_unit", "")) if given.get("dose") else None

    def make_conditioning(self) -> tuple[Agent, ...]:
        """The drugs given for it."""
        return self.drugs.made() if self.drugs else ()

    def check(self) -> None:
        """Another procedure has a name."""
        given = self.cleaned_data
        if given.get("what") == OTHER and not given.get("what_words"):
            self.add_error("what_words", gettext("Write what was done."))
        if self.drugs:
            self.drugs.check()

    def sections(self) -> list[Section]:
        """The procedure, then the drugs given for it."""
        first, *rest = super().sections()
        return [first, *(self.drugs.sections() if self.drugs else ()), *rest]

    def _choices(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [(id, gettext(kind.name)) for id, kind in knowledge().procedures.items()]
        found.append((OTHER, _("another one (write it below)")))
        if self.base is not None and not self.of:
            return [(AS_IT_STANDS, words_of(self.base.concept)), *found]
        return found if self.of else [("", _("choose")), *found]

    def _choose_dose_unit(self) -> None:
        if "dose_unit" in self.fields:
            field: Any = self.fields["dose_unit"]
            shown = self.initial.get("dose_unit") or "Gy"
            if self.base is None:
                self.initial["dose_unit"] = shown
            kept = self.base.dose.unit if self.base and self.base.dose else ""
            field.choices = [*({kept: kept or _("not said")} | _DOSE).items()]

    def _drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)
        self.parts = {part: fields for part, fields in self.parts.items() if set(fields) & set(self.fields)}
