"""What is pasted or uploaded, and what is said beside it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openpoems.interchange.table import Told
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.imports.sources import PASTED, Source, read, read_export
from openpoems.web.registry.models import FieldMapping

_SPECIMENS = [
    ("", _("as each line says")),
    ("serum", _("serum")),
    ("plasma", _("plasma")),
    ("blood", _("blood")),
    ("urine", _("urine")),
]
_ORDERS = [
    ("", _("ask me where it matters")),
    ("day", _("3 April: the day first")),
    ("month", _("4 March: the month first")),
]
_MARKS = [
    ("", _("ask me where it matters")),
    (".", _("two thousand four hundred and fifty")),
    (",", _("two point four five")),
]
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class SourceForm(forms.Form):
    """A text or a file; the rest only helps to read a table."""

    text = forms.CharField(
        label=_("Paste the table here"),
        help_text=_("Copy the cells, with the line of headings, from a spreadsheet or a portal."),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "wrap": "off"}),
        required=False,
        strip=False,
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        help_text=_("A table (CSV or text), a Phenopacket, or FHIR R4 as JSON. At most 12 MB."),
        required=False,
    )
    date = forms.CharField(
        label=_("Date of all results, if the table has no dates"),
        help_text=_("Year, month, day: 2026-04-03."),
        max_length=10,
        required=False,
    )
    specimen = forms.ChoiceField(label=_("Taken from"), choices=_SPECIMENS, required=False)
    laboratory = forms.CharField(label=_("Laboratory"), max_length=80, required=False)
    order = forms.ChoiceField(label=_("03/04/2026 in this table means"), choices=_ORDERS, required=False)
    decimal = forms.ChoiceField(label=_("2,450 in this table means"), choices=_MARKS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_date(self) -> str:
        """A date as the record writes it."""
        text: str = self.cleaned_data["date"].strip()
        if text and not _DAY.fullmatch(text):
            raise forms.ValidationError(_("Write the date as year, month, day: 2026-04-03."))
        return text

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two ways."""
        said = super().clean() or {}
        given = [bool(said.get("text", "").strip()), bool(said.get("file"))]
        if not self.errors and sum(given) != 1:
            message = (
                _("Paste a table or choose a file.")
                if not any(given)
                else _("Paste a table or choose a file, not both.")
            )
            raise forms.ValidationError(message)
        return said

    def source(self) -> tuple[str, bytes]:
        """The name and the bytes of what was given."""
        file = self.cleaned_data["file"]
        if file:
            return str(file.name), bytes(file.read())
        return PASTED, self.cleaned_data["text"].encode("utf-8", "replace")

    def read(self) -> Source:
        """The source, read. Raises `UnreadableInput`."""
        return read(*self.source(), self.told())

    def told(self) -> Told:
        """What was said beside the table."""
        said = self.cleaned_data
        return Told(
            order=said["order"],
            decimal=said["decimal"],
            date=said["date"],
            specimen=said["specimen"],
            laboratory=said["laboratory"].strip(),
        )


class CentreSourceForm(SourceForm):
    """A source of many people, which may be a REDCap export."""

    mapping = forms.ModelChoiceField(
        label=_("REDCap mapping, if this is an export of REDCap"),
        queryset=FieldMapping.objects.none(),
        required=False,
        empty_label=_("this is no export of REDCap"),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].queryset = centre.mappings.all()  # type: ignore[attr-defined]  # of a ModelChoiceField

    def read(self) -> Source:
        """The source, read through the mapping where one was chosen. Raises `UnreadableInput`."""
        mapping = self.cleaned_data["mapping"]
        return read_export(*self.source(), mapping) if mapping else super().read()
