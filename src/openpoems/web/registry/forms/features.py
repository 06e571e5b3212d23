"""The signs of POEMS on one page: each found, looked for and not found, or not looked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.record.model import Feature, Provenance
from openpoems.record.time import PartialDate, days
from openpoems.web.registry.concepts import finding_concept
from openpoems.web.registry.forms.fact import Asking
from openpoems.web.registry.forms.feature import BASES, EXCLUDED, PRESENT, category_of
from openpoems.web.registry.forms.fields import WhenField
from openpoems.web.registry.guide import guide

NOT_LOOKED = ""
_TRUTHS = [(PRESENT, _("yes")), (EXCLUDED, _("no")), (NOT_LOOKED, _("not looked for"))]


@dataclass(frozen=True, slots=True)
class Question:
    """One sign: its name, its name in plain words, and its two fields."""

    name: str
    plain: str
    truth: forms.BoundField
    onset: forms.BoundField


class FeaturesForm(forms.Form):
    """Every sign of the guide. `last` are the latest statements by finding; only what differs from them is said anew.

    With `rest`, what was said before and not touched is said again of this day: nothing has changed.
    """

    on = WhenField(label=_("Day of the examination"))
    basis = forms.ChoiceField(label=_("How is it known?"), choices=[(k, v) for k, v in BASES.items() if k])
    rest = forms.BooleanField(label=_("Everything else is as it was before, on this day too"), required=False)

    def __init__(self, data: Any = None, *, asking: Asking, last: Mapping[str, Feature], initial: Any = None) -> None:
        self.asking, self.last = asking, last
        spoken = "patient" if asking.speaker in ("patient", "carer") else "clinical"
        shown: dict[str, Any] = {"on": str(asking.today), "basis": spoken}
        for id, feature in last.items():
            shown[f"is-{id}"] = EXCLUDED if feature.excluded else PRESENT
            shown[f"since-{id}"] = str(feature.onset or "")
        super().__init__(data, initial={**shown, **(initial or {})})
        for id in self.ids:
            name = gettext(knowledge().findings[id].name)
            self.fields[f"is-{id}"] = forms.ChoiceField(
                label=name, choices=_TRUTHS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"since-{id}"] = WhenField(label=gettext("Since when"), required=False, help_text="")

    @property
    def ids(self) -> tuple[str, ...]:
        """The findings asked for, in order."""
        return tuple(dict.fromkeys(id for group in guide().signs for id in group.ids))

    def groups(self) -> list[tuple[str, list[Question]]]:
        """The questions as the page shows them."""
        return [(gettext(group.title), [self._question(id) for id in group.ids]) for group in guide().signs]

    def facts(self) -> list[Feature]:
        """What is said anew."""
        return list(self._facts())

    def clean(self) -> dict[str, Any]:
        """No day that has not come."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("on", *(f"since-{id}" for id in self.ids)):
            known = days(found.get(name), self.asking.birth)
            if known and known[0] > self.asking.today.toordinal():
                self.add_error(name, gettext("This day has not come yet."))
        return found

    def _question(self, id: str) -> Question:
        finding = knowledge().findings[id]
        return Question(gettext(finding.name), gettext(finding.plain), self[f"is-{id}"], self[f"since-{id}"])

    def _facts(self) -> Iterator[Feature]:
        given, changed = self.cleaned_data, set(self.changed_data)
        for id in self.ids:
            truth = given.get(f"is-{id}")
            touched = {f"is-{id}", f"since-{id}"} & changed
            if truth and (touched or (given.get("rest") and id in self.last)):
                yield self._fact(id, excluded=truth == EXCLUDED)

    def _fact(self, id: str, *, excluded: bool) -> Feature:
        given = self.cleaned_data
        new = Feature(
            concept=finding_concept(id, excluded=excluded),
            excluded=excluded,
            category=category_of(id),  # type: ignore[arg-type]  # one of the two words
            basis=given["basis"],
            on=given["on"],
            onset=None if excluded else given.get(f"since-{id}"),
            provenance=Provenance(self.asking.speaker, recorded=PartialDate.of(self.asking.today)),
        )
        before = self.last.get(id)
        if before is None or before.excluded is not excluded:
            return new
        return replace(new, site=before.site, severity=before.severity)


def nothing_changed(form: FeaturesForm) -> dict[str, Any]:
    """What a browser would send to say that everything is as before."""
    shown = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    return {**shown, "rest": "on"}
