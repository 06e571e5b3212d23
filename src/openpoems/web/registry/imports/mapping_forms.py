"""The page on which a person says what the fields of a REDCap project mean."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openpoems.interchange.redcap import Entry, Field
from openpoems.interchange.redcap.mapping import TARGETS

_WORDS: dict[str, Any] = {
    "nothing": _("not read"),
    "patient": _("number of the person"),
    "sex": _("sex"),
    "birth": _("date of birth"),
    "last-seen": _("last seen"),
    "sign": _("sign or symptom"),
    "disease": _("disease"),
    "lab": _("laboratory result"),
    "score": _("functional score"),
    "treatment": _("treatment"),
    "procedure": _("procedure"),
    "event": _("event"),
}


class DictionaryForm(forms.Form):
    """A new mapping: its name and the project's data dictionary."""

    name = forms.CharField(label=_("Name of this mapping"), max_length=120)
    file = forms.FileField(
        label=_("Data dictionary"),
        help_text=_("The CSV that REDCap offers under Project setup, Data dictionary, Download."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class EntryForm(forms.Form):
    """What one field means."""

    to = forms.ChoiceField(label=_("Means"), choices=[(target, _WORDS[target]) for target in TARGETS])
    what = forms.CharField(label=_("Called"), max_length=120, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=30, required=False)
    specimen = forms.CharField(label=_("Specimen"), max_length=30, required=False)
    date = forms.CharField(label=_("Field with its date"), max_length=100, required=False)
    end = forms.CharField(label=_("Field with its end"), max_length=100, required=False)
    answers = forms.CharField(
        label=_("Answers"),
        help_text=_("For example: 1 = present; 0 = absent"),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_answers(self) -> dict[str, str]:
        """The meaning of each code."""
        parts = [part.partition("=") for part in self.cleaned_data["answers"].split(";") if part.strip()]
        if any(not sign for _code, sign, _meaning in parts):
            raise forms.ValidationError(_("Write each answer as code = meaning, with a semicolon between two."))
        return {code.strip(): meaning.strip() for code, _sign, meaning in parts}

    def entry(self) -> Entry:
        """The entry as it was filled in."""
        return Entry(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the project with its form; `decided` by somebody, or only suggested."""

    field: Field
    form: EntryForm
    decided: bool


def asked(field: Field, entry: Entry, *, decided: bool, data: Any = None) -> Asked:
    """The form of a field, filled with its entry."""
    initial = {part: getattr(entry, part) for part in ("to", "what", "unit", "specimen", "date", "end")}
    initial["answers"] = "; ".join(f"{code} = {meaning}" for code, meaning in entry.answers.items())
    return Asked(field, EntryForm(data, prefix=field.name, initial=initial), decided)
