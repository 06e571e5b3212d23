"""Filling in forms as a browser sends them."""

from datetime import date

from openpoems.record.time import PartialDate
from openpoems.web.registry.forms.fact import Asking
from openpoems.web.registry.forms.register import correction, entry

TODAY = date(2026, 11, 24)
ASKING = Asking(TODAY, "patient", PartialDate(1960))


def sent(form) -> dict[str, str]:
    """What a browser sends when nobody touches the form."""
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in shown.items() if value not in (None, False)}


def new(kind: str, of: str = "", **data: str):
    """A new form, filled in over what it shows."""
    page = entry(kind, of)
    return page.form({**sent(page.form(asking=ASKING)), **data}, asking=ASKING)


def correcting(fact, **data: str):
    """The form that corrects a fact, with some fields touched."""
    make = correction(fact)
    return make({**sent(make(asking=ASKING)), **data}, asking=ASKING)


def said(form):
    """The fact of a form that holds."""
    assert form.is_valid(), (form.errors, form.doubts)
    return form.fact()
