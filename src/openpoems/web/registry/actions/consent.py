"""Giving and withdrawing consent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpoems.web.registry.actions.people import describe
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


@transaction.atomic
def opt_out(*, by: Any, person: Person) -> None:
    """Withdraw from every purpose and leave the registry; what is stored stays until it is erased."""
    decide(by=by, person=person, choices=dict.fromkeys(PURPOSES, False))
    describe(by=by, person=person, status=Person.Status.WITHDRAWN)


@transaction.atomic
def answer(*, by: Any, person: Person, choices: Mapping[str, bool], language: str = "en") -> list[Consent]:
    """Decide as the person oneself: whoever had opted out and agrees to have the record kept is back."""
    added = decide(by=by, person=person, choices=choices, language=language)
    if person.status == Person.Status.WITHDRAWN and choices.get("care"):
        describe(by=by, person=person, status=Person.Status.ALIVE)
    return added
