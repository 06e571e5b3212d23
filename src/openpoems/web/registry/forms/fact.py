"""What the forms of facts share: a fact is shown in a form, and the form says a fact.

A form shows some parts of a fact. Correcting a fact changes the parts whose fields were touched and keeps all others as
they are, those the form does not show included: what nobody touched says what it said.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.record.model import Provenance
from openpoems.record.time import PartialDate, days
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.forms.fields import WhenField, WordsField

_LONGEST_TOKEN = 16


@dataclass(frozen=True, slots=True, repr=False)
class Asking:
    """Who is asked and when: `speaker` is who says so (`patient`, `clinician`, ...), `birth` the person's own."""

    today: date
    speaker: str = ""
    birth: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under one heading."""

    title: str
    fields: tuple[forms.BoundField, ...]


class FactForm(forms.Form):
    """A form that shows and says one fact.

    `parts` names, for each field of the fact, the fields of the form it is made of; `layout` the order on the page.
    """

    makes: ClassVar[type[Any]]
    parts: Mapping[str, tuple[str, ...]] = {}
    layout: Sequence[tuple[str | Promise, tuple[str, ...]]] = ()
    ordered: Sequence[tuple[str, str]] = (("on", "end"), ("start", "end"), ("onset", "resolved"))

    def __init__(self, data: Any = None, *, asking: Asking, base: Any = None, initial: Any = None) -> None:
        self.asking, self.base = asking, base
        self.doubts: list[str] = []
        shown = {**(initial or {}), **(self.initial_of(base) if base is not None else {})}
        super().__init__(data, initial=shown)
        self.fields["document"] = WordsField(
            label=_("Which letter or report says so"), help_text=_("Leave empty if none does.")
        )
        self.build()

    def build(self) -> None:
        """Fit the fields to the fact and to the person."""

    @classmethod
    def initial_of(cls, fact: Any) -> dict[str, Any]:
        """What the fields show of a fact."""
        return {"document": fact.provenance.document, "note": fact.note}

    def made(self, part: str) -> Any:
        """One part of the fact: what the form's `make_<part>` makes of its fields, else the field of that name."""
        maker = getattr(self, f"make_{part}", None)
        return maker() if maker else self.cleaned_data.get(part)

    def fact(self) -> RecordFact:
        """The fact that the form says; the one it began with where nothing was touched."""
        touched = {part for part, fields in self.parts.items() if set(fields) & set(self.changed_data)}
        document = "document" in self.changed_data
        if self.base is not None and not touched and not document:
            said: RecordFact = self.base
            return said
        wanted = touched if self.base is not None else set(self.parts)
        changes = {part: self.made(part) for part in self.parts if part in wanted}
        changes["provenance"] = self._provenance()
        new: RecordFact = replace(self.base, **changes) if self.base is not None else self.makes(**changes)
        return new

    def find_doubts(self) -> Iterator[str]:
        """What is asked about before it is believed."""
        yield from ()

    def clean(self) -> dict[str, Any]:
        """Look at the dates; ask about what is doubtful, unless it was said to be right."""
        found: dict[str, Any] = super().clean() or {}
        if self.base is not None and not self.has_changed():
            return found
        self._look_at_dates(found)
        self.check()
        if not self.errors:
            self.doubts = list(self.find_doubts())
            if self.doubts and self.data.get("sure") != self.sure_token:
                self.add_error(None, ValidationError(gettext("Please look at this again."), code="doubt"))
        return found

    def check(self) -> None:
        """Refuse what cannot be."""

    @property
    def sure_token(self) -> str:
        """Stands for these very doubts: to say yes to one of them is no yes to another."""
        return hashlib.sha256("\n".join(self.doubts).encode()).hexdigest()[:_LONGEST_TOKEN]

    def sections(self) -> list[Section]:
        """The fields as the page shows them."""
        found = []
        for title, names in (*self.layout, (_("More"), ("note", "document"))):
            fields = tuple(self[name] for name in names if name in self.fields)
            if fields:
                found.append(Section(str(title), fields))
        return found

    def _provenance(self) -> Provenance:
        return Provenance(
            said_by=self.asking.speaker,
            document=self.cleaned_data.get("document", ""),
            recorded=PartialDate.of(self.asking.today),
        )

    def _look_at_dates(self, found: dict[str, Any]) -> None:
        birth, today = self.asking.birth, self.asking.today.toordinal()
        touched = set(self.changed_data) if self.base is not None else set(self.fields)
        span = {name: days(found.get(name), birth) for name, f in self.fields.items() if isinstance(f, WhenField)}
        for name, known in span.items():
            if name not in touched:
                continue
            if known and known[0] > today:
                self.add_error(name, gettext("This day has not come yet."))
            elif known and birth and known[1] < birth.days()[0]:
                self.add_error(name, gettext("This is before the year of birth."))
        for first, last in self.ordered:
            began, ended = span.get(first), span.get(last)
            if began and ended and ended[1] < began[0] and touched & {first, last}:
                self.add_error(last, gettext("This is before it began."))
