"""The moment the data leave: consent is asked again, in the transaction that writes down who takes whose data."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from openpoems.web.accounts.models import Centre
from openpoems.web.audit import log
from openpoems.web.clinic.export.build import allowed
from openpoems.web.clinic.models import Export
from openpoems.web.clinic.people import of_centre
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.models import Person

# How long a prepared export may be taken: older data would miss what has changed since.
KEPT = timedelta(days=1)
WITHDRAWN = "Somebody in it withdrew since it was prepared. It was thrown away; prepare it again."
OLD = "It was prepared more than a day ago and was thrown away; prepare it again."


def release(*, by: Any, centre: Centre, number: int) -> bytes:
    """Hand over a prepared export, writing down for each person that it was taken.

    Raises `Refused` where there is none to take, and throws it away where it is old or somebody in it no longer agrees.
    """
    why = ""
    with transaction.atomic():
        export = Export.objects.select_for_update().filter(job__centre=centre, pk=number).first()
        if export is None or not export.archive:
            raise Refused(gettext("There is no such export to take; prepare one."))
        why = _why_not(export, centre)
        if not why:
            _write_down(export)
            return bytes(export.archive)
        throw_away(Export.objects.filter(pk=export.pk), why)
    raise Refused(why)


def _why_not(export: Export, centre: Centre) -> str:
    if timezone.now() - export.job.asked > KEPT:
        return OLD
    # The people's rows are held until this transaction ends: on PostgreSQL a withdrawal that is being stored waits (its
    # reference to the person cannot be committed); on SQLite one writes at a time.
    held = list(
        Person.objects.select_for_update().filter(pk__in=export.people).order_by("pk").values_list("pk", flat=True)
    )
    agree = set(allowed(of_centre(centre).filter(pk__in=held)).values_list("pk", flat=True))
    return "" if agree == set(export.people) else WITHDRAWN


def _write_down(export: Export) -> None:
    for pseudonym in export.people:
        log.record("export", person=pseudonym, place="clinic_export", row_id=str(export.pk))
    export.released = timezone.now()
    export.save(update_fields=["released"])


def throw_away(exports: Any, why: str) -> None:
    """Delete the content of prepared exports."""
    exports.exclude(archive=b"").update(archive=b"", people=[], thrown_away=why)
