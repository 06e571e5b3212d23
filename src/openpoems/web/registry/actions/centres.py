"""Making centres."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from openpoems.web.accounts.models import Centre
from openpoems.web.registry.actions import Refused


@transaction.atomic
def make_centre(*, by: Any, slug: str, name: str, city: str = "", country: str) -> Centre:
    """A new centre; `country` is its ISO 3166-1 code of two letters. Raises `Refused` for what cannot be one."""
    centre = Centre(slug=slug, name=name, city=city, country=country.upper())
    try:
        centre.full_clean()
    except ValidationError as error:
        said = "; ".join(f"{field}: {' '.join(words)}" for field, words in error.message_dict.items())
        raise Refused(said) from None
    if len(centre.country) != len("GB") or not centre.country.isalpha():
        raise Refused("country: write the two letters of ISO 3166-1, such as GB")
    centre.save()
    return centre
