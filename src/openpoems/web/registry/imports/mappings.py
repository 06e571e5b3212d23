"""A centre's mappings of REDCap projects: kept as they were decided, read strictly."""

from collections.abc import Mapping as Given
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpoems.interchange.redcap import Entry, Field, Mapping, read_entry
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.imports.suggestions import suggest
from openpoems.web.registry.models import FieldMapping

TAKEN = "Your centre has a mapping of this name already: choose another name."


@transaction.atomic
def begin(*, by: Any, centre: Centre, name: str, fields: tuple[Field, ...]) -> FieldMapping:
    """A mapping in which nothing is decided yet. Raises `Refused` where the name is taken."""
    try:
        with transaction.atomic():
            return FieldMapping.objects.create(
                by=by, centre=centre, name=name, dictionary=[asdict(field) for field in fields], at=timezone.now()
            )
    except IntegrityError:
        raise Refused(TAKEN) from None


@transaction.atomic
def decide(*, by: Any, mapping: FieldMapping, entries: Given[str, Entry], missing: str) -> None:
    """Keep what these fields mean; what other fields mean stays. Raises `UnreadableInput` where an entry is none."""
    held = FieldMapping.objects.select_for_update(of=("self",)).get(pk=mapping.pk)
    for name, entry in entries.items():
        document = {part: value for part, value in asdict(entry).items() if value}
        read_entry(name, document)
        held.entries[name] = document
    held.missing, held.by, held.at = missing, by, timezone.now()
    held.save(update_fields=["entries", "missing", "by", "at"])


def fields_of(mapping: FieldMapping) -> tuple[Field, ...]:
    """The fields of the project's dictionary."""
    return tuple(
        Field(**{**row, "choices": tuple((code, label) for code, label in row["choices"])})
        for row in mapping.dictionary
    )


def decided(mapping: FieldMapping) -> Mapping:
    """What was decided, and nothing that was only suggested. Raises `UnreadableInput`."""
    missing = frozenset(filter(None, (code.strip() for code in mapping.missing.split(","))))
    return Mapping({name: read_entry(name, document) for name, document in mapping.entries.items()}, missing)


def proposed(mapping: FieldMapping) -> dict[str, tuple[Entry, bool]]:
    """For each field its entry, and whether somebody decided it; what nobody decided is a suggestion."""
    known = decided(mapping).entries
    found = suggest(fields_of(mapping))
    return {name: (known[name], True) if name in known else (entry, False) for name, entry in found.items()}
