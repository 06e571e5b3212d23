"""Making a centre."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from openpoems.web.accounts.models import Centre


@transaction.atomic
def make_centre(*, by: Any, name: str, country: str, city: str = "") -> Centre:
    """A new centre; its address is its name in small letters, numbered where another has it."""
    stem = slugify(name)[:40] or "centre"
    slug, number = stem, 1
    while Centre.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return Centre.objects.create(slug=slug, name=name, country=country.upper(), city=city)
