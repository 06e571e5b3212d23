"""The letter of a record as a FHIR document, named for whoever may know."""

from typing import Any

from django.http import HttpRequest

from openpoems.language import ENGLISH, speaking
from openpoems.web.api.gate import may
from openpoems.web.insight.assessments import summary_of
from openpoems.web.registry.identity import named_in_letter
from openpoems.web.registry.models import Person


def named_for(request: HttpRequest, person: Person) -> dict[str, str]:
    """What names the person in a letter to this reader; only what was given."""
    if not may(request, "view-identity", person):
        return {}
    return named_in_letter(person)


def summary(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The patient summary of a record, in English: it is data that programs read."""
    with speaking(ENGLISH):
        return summary_of(person, named_for(request, person))
