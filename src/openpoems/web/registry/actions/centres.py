"""Making centres."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from openpoems.web.accounts.models import Centre
from openpoems.web.registry.actions import Refused

_LONGEST_STEM = 40


@transaction.atomic
def make_centre(*, by: Any, name: str, country: str, city: str = "", slug: str = "") -> Centre:
    """A new centre; `country` is its ISO 3166-1 code of two letters.

    Without a `slug` its address is its name in small letters, numbered where another has it. Raises `Refused` for what
    cannot be a centre.
    """
    centre = Centre(slug=slug or _free_slug(name), name=name, city=city, country=country.upper())
    try:
        centre.full_clean()
    except ValidationError as error:
        said = "; ".join(f"{field}: {' '.join(words)}" for field, words in error.message_dict.items())
        raise Refused(said) from None
    if len(centre.country) != len("GB") or not centre.country.isalpha():
        raise Refused("country: write the two letters of ISO 3166-1, such as GB")
    centre.save()
    return centre


def _free_slug(name: str) -> str:
    stem = slugify(name)[:_LONGEST_STEM] or "centre"
    slug, number = stem, 1
    while Centre.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
