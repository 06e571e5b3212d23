"""The forms of carers, staff and centres."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts.models import OF_SITE, Centre, Role


class CarerForm(forms.Form):
    """Whom a person invites to act for them."""

    email = forms.EmailField(label=_("E-mail address of your carer"))


class StaffForm(forms.Form):
    """Whom a lead invites to the centre."""

    ROLES: ClassVar = (Role.CLINICIAN, Role.ABSTRACTOR)

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in ROLES])


class MemberForm(forms.Form):
    """Whom the administrator invites, to any role; the roles of a centre need one."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    centre = forms.ModelChoiceField(
        Centre.objects.all(),
        label=_("Centre"),
        required=False,
        to_field_name="slug",
        empty_label=_("none: the whole site"),
        help_text=_("Clinicians, abstractors and leads belong to a centre; all other roles do not."),
    )

    def clean(self) -> dict[str, Any]:
        """A role fits its place."""
        cleaned: dict[str, Any] = super().clean() or {}
        of_site = cleaned.get("role") in OF_SITE
        if "centre" in cleaned and of_site == bool(cleaned["centre"]):
            self.add_error("centre", _("Choose no centre for this role.") if of_site else _("Choose a centre."))
        return cleaned


class CentreForm(forms.ModelForm[Centre]):
    """A centre as the administrator makes it."""

    class Meta:
        model = Centre
        fields = ("name", "city", "country")
        labels: ClassVar = {"name": _("Name"), "city": _("City"), "country": _("Country")}
        help_texts: ClassVar = {"country": _("two letters, such as GB or ES")}

    def clean_country(self) -> str:
        """Two letters."""
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():  # noqa: PLR2004
            raise forms.ValidationError(_("Write the two letters of the country, such as GB or ES."))
        return country
