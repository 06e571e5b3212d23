"""Results that a program sends: laid beside the record as an import, which a person looks at before it counts."""

from typing import Any

from django.http import HttpRequest

from openpoems.errors import OpenpoemsError
from openpoems.interchange.table import Told
from openpoems.web.api.gate import Refusal
from openpoems.web.registry.imports import previews, sources
from openpoems.web.registry.imports.limits import takes_turn
from openpoems.web.registry.imports.views import address_of
from openpoems.web.registry.imports.whose import who_says
from openpoems.web.registry.models import Import, Person
from openpoems.web.registry.people import roles_on


def lay_beside(request: HttpRequest, person: Person, name: str, data: bytes) -> Import:
    """Make the preview of what was sent; nothing of it counts yet. Raises `Refusal` with what is wrong and the mend."""
    user: Any = request.user
    if not takes_turn(user):
        says = "That were many imports within an hour. Wait a while, then send the next."
        raise Refusal(429, "throttled", says, {"Retry-After": "3600"})
    try:
        source = sources.read(name, data, Told())
        return previews.preview_for_person(
            by=user, person=person, source=source, said_by=who_says(roles_on(user, person))
        )
    except OpenpoemsError as error:
        raise Refusal(422, "processing", str(error)) from None


def page_of(request: HttpRequest, made: Import) -> str:
    """The whole address of the page on which a person looks at an import."""
    return request.build_absolute_uri(address_of(made))
