"""One sign or disease, or what imaging or pathology says of it: found, or looked for and not found."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.record.model import Concept, Feature
from openpoems.web.registry.concepts import finding_concept, finding_of, words_of
from openpoems.web.registry.forms.fact import FactForm
from openpoems.web.registry.forms.fields import NoteField, WhenField, WordsField
from openpoems.web.registry.guide import guide

AS_IT_STANDS = "as-it-stands"
PRESENT, EXCLUDED = "present", "excluded"
BASES = {
    "clinical": _("an examination"), "patient": _("what the person tells"), "imaging": _("imaging"),
    "pathology": _("pathology (a biopsy)"), "laboratory": _("the laboratory"),
    "neurophysiology": _("nerve conduction studies"), "": _("not said"),
}  # fmt: skip


class FeatureForm(FactForm):
    """One statement; `basis` offers the findings that are stated from imaging, pathology or nerve conduction."""

    makes = Feature
    parts = {
        "concept": ("finding", "truth"),
        "excluded": ("truth",),
        "basis": ("basis",),
        "on": ("on",),
        "onset": ("onset",),
        "resolved": ("resolved",),
        "site": ("site",),
        "severity": ("severity",),
        "note": ("note",),
    }
    layout = [
        (_("What was found"), ("finding", "truth", "on", "basis", "site", "severity")),
        (_("Since when"), ("onset", "resolved")),
    ]

    finding = forms.ChoiceField(label=_("Sign or disease"))
    truth = forms.ChoiceField(
        label=_("Is it there?"),
        choices=[(PRESENT, _("yes, it was found")), (EXCLUDED, _("no, it was looked for and not found"))],
        widget=forms.RadioSelect,
    )
    on = WhenField(label=_("Day of the examination"), required=False)
    basis = forms.ChoiceField(label=_("How is it known?"), choices=list(BASES.items()), required=False)
    site = WordsField(label=_("Where in the body"), help_text=_("For example left pelvis."))
    severity = WordsField(label=_("How severe"))
    onset = WhenField(label=_("It began"), required=False)
    resolved = WhenField(label=_("It ended"), required=False)
    note = NoteField()

    def __init__(self, *args: Any, basis: str = "", **kwargs: Any) -> None:
        self.stated_by = basis
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """Offer the findings of this basis, and the base's own words where they are none of ours."""
        field: Any = self.fields["finding"]
        field.choices = self._choices()
        if self.base is None and self.stated_by:
            self.initial.setdefault("basis", self.stated_by)
            self.fields["basis"].widget = forms.HiddenInput()
        if self.base is None:
            self.parts = {**self.parts, "category": ("finding",)}

    @classmethod
    def initial_of(cls, fact: Feature) -> dict[str, Any]:
        """A statement as its fields."""
        return super().initial_of(fact) | {
            "finding": finding_of(fact.concept) or AS_IT_STANDS,
            "truth": EXCLUDED if fact.excluded else PRESENT,
            "on": str(fact.on or ""),
            "onset": str(fact.onset or ""),
            "resolved": str(fact.resolved or ""),
            "basis": fact.basis,
            "site": words_of(fact.site),
            "severity": words_of(fact.severity),
        }

    def make_concept(self) -> Concept:
        """The finding, with the codes that say it."""
        given = self.cleaned_data
        if given["finding"] == AS_IT_STANDS:
            kept: Concept = self.base.concept
            return kept
        return finding_concept(given["finding"], excluded=self.make_excluded())

    def make_excluded(self) -> bool:
        """Whether it was looked for and not found."""
        return bool(self.cleaned_data["truth"] == EXCLUDED)

    def make_category(self) -> str:
        """Whether it is a disease by name."""
        return category_of(self.cleaned_data["finding"])

    def make_site(self) -> Concept | None:
        """Where in the body."""
        return _worded(self.cleaned_data["site"])

    def make_severity(self) -> Concept | None:
        """How severe."""
        return _worded(self.cleaned_data["severity"])

    def _choices(self) -> list[tuple[str, Any]]:
        known = knowledge().findings
        stated = guide().statements.get(self.stated_by) or tuple(known)
        found: list[tuple[str, Any]] = [(id, f"{gettext(known[id].name)}: {gettext(known[id].plain)}") for id in stated]
        if not guide().statements.get(self.stated_by):
            found.sort(key=lambda choice: choice[1].lower())
        if self.base is None:
            return [("", _("choose")), *found]
        shown = finding_of(self.base.concept)
        return found if shown in dict(found) else [(AS_IT_STANDS, words_of(self.base.concept)), *found]


def _worded(text: str) -> Concept | None:
    return Concept(text=text) if text else None


def category_of(finding: str) -> str:
    """Whether a finding is a disease by name or something seen."""
    diseases = {f for each in knowledge().look_alikes.values() for f in each.stated_as} | {"poems-syndrome"}
    return "disease" if finding in diseases else "phenotype"
