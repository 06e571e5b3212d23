"""Giving and withdrawing consent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpoems.web.registry.consent import PURPOSES, current_document, decisions
from openpoems.web.registry.models import Consent, Person


@transaction.atomic
def decide(
    *, by: Any, person: Person, choices: Mapping[str, bool], language: str = "en", method: str = Consent.Method.SCREEN
) -> list[Consent]:
    """Write down decisions on purposes, as the current document puts them; what stays as it was adds nothing."""
    document, stands = current_document(), decisions(person)
    added = []
    for purpose in PURPOSES:
        if purpose not in choices:
            continue
        latest = stands.get(purpose)
        if latest and latest.given == choices[purpose] and latest.document == document.version:
            continue
        added.append(
            Consent.objects.create(
                person=person,
                purpose=purpose,
                given=choices[purpose],
                document=document.version,
                language=language,
                method=method,
                by=by,
                at=timezone.now(),
            )
        )
    return added
