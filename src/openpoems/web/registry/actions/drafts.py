"""Keeping a form that was begun, and throwing it away."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from openpoems.web.registry.actions import Refused
from openpoems.web.registry.models import Draft, Person

# The forms that may be begun, by their address behind the record's.
FORM = re.compile(r"(add/[a-z0-9-]+(/[a-z0-9-]+)?|facts/\d+/correct|signs|about)")
_LONGEST = 30_000


@transaction.atomic
def keep(*, by: Any, person: Person, form: str, fields: Mapping[str, str]) -> Draft:
    """Keep what stands in a form; the last one kept counts. Raises `Refused`."""
    if not FORM.fullmatch(form):
        raise Refused(gettext("There is no such form."))
    if len(json.dumps(fields)) > _LONGEST:
        raise Refused(gettext("This is too long to be kept: shorten the notes, or save the form."))
    draft, _new = Draft.objects.update_or_create(
        user=by, person=person, form=form, defaults={"fields": dict(fields), "saved": timezone.now()}
    )
    return draft


@transaction.atomic
def forget(*, by: Any, person: Person, form: str) -> None:
    """Throw away what was begun; nothing happens where nothing was."""
    Draft.objects.filter(user=by, person=person, form=form).delete()
