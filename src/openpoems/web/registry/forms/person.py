"""What a record says of the person as such."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.record.time import days
from openpoems.web.registry.forms.fact import Asking
from openpoems.web.registry.forms.fields import CountField, WhenField
from openpoems.web.registry.models import Person

OLDEST_YEARS = 120


class PersonForm(forms.Form):
    """Sex, year of birth, status, last seen. Opting out altogether is a matter of consent, and not offered here."""

    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[("female", _("female")), ("male", _("male")), ("other", _("other")), ("unknown", _("not said"))],
        widget=forms.RadioSelect,
    )
    birth_year = CountField(
        label=_("Year of birth"), required=False, help_text=_("Serves ages; leave empty if not known.")
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("alive", _("alive")), ("dead", _("dead")), ("lost", _("lost to follow-up"))],
        widget=forms.RadioSelect,
    )
    last_seen = WhenField(label=_("Last seen by a doctor"), required=False)

    def __init__(self, data: Any = None, *, person: Person, asking: Asking, initial: Any = None) -> None:
        self.asking = asking
        shown = {
            "sex": person.sex,
            "birth_year": str(person.birth_year or ""),
            "status": person.status,
            "last_seen": person.last_seen,
        }
        super().__init__(data, initial={**shown, **(initial or {})})
        if person.status == Person.Status.WITHDRAWN:
            del self.fields["status"]

    def clean_birth_year(self) -> int | None:
        """A year in which a person who lives can have been born."""
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not self.asking.today.year - OLDEST_YEARS <= year <= self.asking.today.year:
            raise forms.ValidationError(gettext("Write the year of birth with four digits, such as 1961."))
        return year

    def clean_last_seen(self) -> str:
        """No day that has not come."""
        when = self.cleaned_data["last_seen"]
        known = days(when, None)
        if when is not None and (known is None or ".." in str(when)):
            raise forms.ValidationError(gettext("Write a date."))
        if known and known[0] > self.asking.today.toordinal():
            raise forms.ValidationError(gettext("This day has not come yet."))
        return str(when or "")
