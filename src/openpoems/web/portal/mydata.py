"""All the data of one record, to be taken away: each form by the package's own writer, and a zip of them all."""

import codecs
import csv
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openpoems import __version__
from openpoems.errors import Issue
from openpoems.interchange import csv as table
from openpoems.reports.full import full_pdf
from openpoems.web.accounts.models import User
from openpoems.web.api.exports import exported
from openpoems.web.audit import log
from openpoems.web.audit.triggers import audited
from openpoems.web.clinic.export.build import cell
from openpoems.web.insight.assessments import full_of
from openpoems.web.registry.accesses import accesses
from openpoems.web.registry.identity import named_in_letter, who
from openpoems.web.registry.models import Fact, Identity, Person
from openpoems.web.registry.store import record_of

# Whoever opened the record in so many days on which anybody did: more than any page shows.
_DAYS = 10_000


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the data: the end of its file's name, its type, its name, and what it is good for."""

    id: str
    suffix: str
    type: str
    title: Any
    says: Any


FORMS = {
    form.id: form
    for form in (
        Form(
            "zip",
            "zip",
            "application/zip",
            _("Everything (zip)"),
            _("All files below, who you are, what you agreed to, and who opened the record."),
        ),
        Form(
            "pdf",
            "pdf",
            "application/pdf",
            _("To read or print (PDF)"),
            _("The whole record and what it answers, for people."),
        ),
        Form(
            "csv",
            "csv",
            "text/csv",
            _("Table (CSV)"),
            _("One row for each entry, for any spreadsheet. It can be imported here again."),
        ),
        Form(
            "fhir",
            "fhir.json",
            "application/fhir+json",
            _("For hospitals (FHIR)"),
            _("HL7 FHIR R4, which the systems of hospitals read. It can be imported here again."),
        ),
        Form(
            "phenopacket",
            "phenopacket.json",
            "application/json",
            _("For research (Phenopacket)"),
            _("GA4GH Phenopacket 2, made for rare diseases. It can be imported here again."),
        ),
    )
}


@transaction.atomic
def take(*, by: Any, person: Person, form: Form) -> tuple[str, bytes]:
    """The name and the content of the file; that it was taken is written down."""
    log.record("export", person=person.pk, place="my-data", row_id=form.id)
    return file_name(person, form), _made(by, person, form.id)


def file_name(person: Person, form: Form) -> str:
    """The name of a file: it says the pseudonym and not the person."""
    return f"poems-{person.pk}.{form.suffix}"


def left_out(person: Person) -> tuple[Issue, ...]:
    """What the table cannot hold exactly; the other forms hold it."""
    return table.write(record_of(person))[1]


def _made(by: Any, person: Person, id: str) -> bytes:
    if id == "zip":
        return _zip(by, person)
    if id == "pdf":
        return full_pdf(full_of(person, named_in_letter(person)))
    content = exported(person, id)
    # The mark at the beginning tells spreadsheets that it is UTF-8; the other forms are for people to look into, too.
    return codecs.BOM_UTF8 + content if id == "csv" else msgspec.json.format(content, indent=1)


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False, default=str).encode()


def _zip(by: Any, person: Person) -> bytes:
    files = {file_name(person, form): _made(by, person, id) for id, form in FORMS.items() if id != "zip"}
    files["about-me.json"] = _json(_about(person))
    files["history.json"] = _json(_history(person))
    files["everything-else.json"] = _json(_else(person))
    files["who-opened.csv"] = _opened(by, person)
    told = {"person": person, "forms": FORMS.values(), "left_out": left_out(person), "version": __version__}
    files["README.txt"] = render_to_string("portal/mydata.txt", told | {"made": timezone.localdate()}).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _about(person: Person) -> dict[str, Any]:
    """Who it is, and every decision on consent."""
    decided = person.consents.order_by("pk").values("purpose", "given", "document", "method", "at")
    return {
        "record": person.pk,
        "identity": asdict(who(person)),
        "centre": person.centre.name if person.centre else None,
        "status": person.status,
        "began": person.created,
        "consent": list(decided),
    }


def _history(person: Person) -> list[dict[str, Any]]:
    """Every entry that was ever made, with what became of it: a correction keeps what it corrected."""
    names = ("pk", "kind", "state", "entered", "verified", "why", "replaces", "document")
    return list(person.facts.order_by("pk").values(*names))


def _else(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What every other table holds of the person: a table that is logged for a person is in here, whoever adds it."""
    found = {}
    for model in audited():
        of_person = model.audit_person  # type: ignore[attr-defined]
        if of_person and model not in (Fact, Identity):
            names = [field.attname for field in model._meta.local_concrete_fields if _told(field)]
            found[model._meta.label] = list(model._base_manager.filter(**{of_person: person.pk}).values(*names))
    return {label: rows for label, rows in sorted(found.items()) if rows}


def _told(field: models.Field[Any, Any]) -> bool:
    """Not what only the site can read, and not the numbers of accounts."""
    secret = isinstance(field, models.BinaryField) or "digest" in field.name
    return not secret and field.related_model is not User


def _opened(by: Any, person: Person) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("day", "who", "role", "first (UTC)", "last (UTC)", "read", "changed"))
    for each in accesses(person, by, days=_DAYS):
        times = (each.first.strftime("%H:%M"), each.last.strftime("%H:%M"))
        cells = (each.day, each.who, each.role, *times, "; ".join(each.read), "; ".join(each.changed))
        writer.writerow(map(cell, cells))
    return file.getvalue().encode("utf-8-sig")
