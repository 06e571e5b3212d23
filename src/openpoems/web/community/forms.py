"""What members say of themselves."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.web.community.models import Member
from openpoems.web.community.words import cleaned, says_something
from openpoems.web.community.world import world

# Nobody is called like those who keep the site.
_KEEPERS = frozenset(
    [
        "admin",
        "administrador",
        "administradora",
        "administrator",
        "administrators",
        "moderación",
        "moderador",
        "moderadora",
        "moderadores",
        "moderation",
        "moderator",
        "moderators",
        "openpoems",
    ]
)
SHOWABLE = (
    ("role", gettext_lazy("what I am")),
    ("country", gettext_lazy("my country")),
    ("about", gettext_lazy("the words about me")),
)


class CleanField(forms.CharField):
    """Words that a member wrote: kept as they are but for signs that nobody sees or that turn the text around."""

    def to_python(self, value: Any) -> str:
        """The cleaned words."""
        return cleaned(super().to_python(value) or "")


class JoinForm(forms.Form):
    """A name and a role: all that is needed."""

    role = forms.ChoiceField(label=gettext_lazy("I am here as"), choices=Member.Role.choices, widget=forms.RadioSelect)
    name = CleanField(
        label=gettext_lazy("Name that others see"),
        max_length=60,
        min_length=2,
        help_text=gettext_lazy("It need not be your own. Choose one that those who know you would not recognise."),
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )

    def clean_name(self) -> str:
        """No address as a name, and nobody is called like the people who keep the site."""
        name = str(self.cleaned_data["name"]).strip()
        if "@" in name or "://" in name:
            raise ValidationError(_("Choose a name that is no address: everybody in the community sees it."))
        if not says_something(name):
            raise ValidationError(_("Choose a name that others can read."))
        if _KEEPERS & set(unicodedata.normalize("NFKC", name).casefold().split()):
            raise ValidationError(_("Choose a name that does not sound like those who keep this site."))
        return name


class ProfileForm(JoinForm):
    """The whole profile, and which of it others see."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    about = CleanField(
        label=gettext_lazy("About me"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("What you would tell another member. No addresses, no names of doctors or hospitals."),
    )
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Other members see, beside the name"),
        choices=SHOWABLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    stories_after = forms.ChoiceField(
        label=gettext_lazy("When I leave, or my record is erased"),
        choices=Member.Stories.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("not said")), *world().choices()]  # type: ignore[attr-defined]
