"""What happened: the first symptom, a diagnosis, what it was called before, a stay in hospital, a death."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.record.model import Coding, Concept, Event
from openpoems.web.registry.concepts import FIRST_CONTACT, OWN, disease_concept, words_of
from openpoems.web.registry.forms.fact import FactForm
from openpoems.web.registry.forms.fields import NoteField, WhenField, WordsField

KINDS = {
    "first-symptom": _("the first symptom"),
    "earlier-label": _("what it was first taken for"),
    "diagnosis": _("POEMS (or another disease) was diagnosed"),
    FIRST_CONTACT: _("first visit to a centre that knows POEMS"),
    "hospitalisation": _("a stay in hospital"),
    "death": _("death"),
    "other": _("something else"),
}
_NEEDS_WORDS = ("earlier-label", "diagnosis", "other")


def is_first_contact(fact: Event) -> bool:
    """Whether an event is the first visit to a centre."""
    return fact.kind == "other" and fact.concept == first_contact()


def first_contact() -> Concept:
    """The first visit to a centre that knows POEMS: one of the 16 elements that registries share."""
    return Concept((Coding(OWN + FIRST_CONTACT, "First contact with a specialised centre"),), "First contact")


class EventForm(FactForm):
    """One event; `of` is the kind that the page begins with."""

    makes = Event
    parts = {"kind": ("kind",), "concept": ("kind", "what"), "on": ("on",), "end": ("end",), "note": ("note",)}
    layout = [(_("What happened"), ("kind", "what", "on", "end"))]

    kind = forms.ChoiceField(label=_("What happened?"), choices=[*KINDS.items()], widget=forms.RadioSelect)
    what = WordsField(
        label=_("Which symptom, which disease, or what it was"),
        help_text=_("For example tingling feet, CIDP, or POEMS syndrome."),
        widget=forms.TextInput(attrs={"list": "diseases"}),
    )
    on = WhenField(label=_("When"), required=False)
    end = WhenField(label=_("Until"), required=False, help_text=_("Only for a stay in hospital."))
    note = NoteField()

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """Begin with the kind that was asked for."""
        if self.base is None and self.of:
            self.initial.setdefault("kind", self.of)
            if self.of == "diagnosis":
                self.initial.setdefault("what", "POEMS syndrome")

    @classmethod
    def initial_of(cls, fact: Event) -> dict[str, Any]:
        """An event as its fields."""
        contact = is_first_contact(fact)
        return super().initial_of(fact) | {
            "kind": FIRST_CONTACT if contact else fact.kind,
            "what": "" if contact else words_of(fact.concept),
            "on": str(fact.on or ""),
            "end": str(fact.end or ""),
        }

    def make_kind(self) -> str:
        """The kind as the record has it."""
        kind: str = self.cleaned_data["kind"]
        return "other" if kind == FIRST_CONTACT else kind

    def check(self) -> None:
        """A label and a diagnosis say which disease."""
        given = self.cleaned_data
        untold = not given.get("what") and given.get("kind") in _NEEDS_WORDS
        if untold and not (self.base is not None and not {"kind", "what"} & set(self.changed_data)):
            self.add_error("what", gettext("Write what it was called."))

    def make_concept(self) -> Concept | None:
        """What it was, with its code where the words name one."""
        given = self.cleaned_data
        if given["kind"] == FIRST_CONTACT:
            return first_contact()
        if not given.get("what"):
            return None
        if self.base is not None and "what" not in self.changed_data and not is_first_contact(self.base):
            kept: Concept | None = self.base.concept
            return kept
        return disease_concept(given["what"])
