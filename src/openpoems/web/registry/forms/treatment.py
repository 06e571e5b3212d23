"""Drug treatment: a regimen or its drugs, with cycles, start, end and intent."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity, ucum
from openpoems.record.model import Agent, Concept, Treatment
from openpoems.web.registry.concepts import drug_concept, words_of
from openpoems.web.registry.forms.fact import FactForm, Section
from openpoems.web.registry.forms.fields import CountField, NoteField, NumberField, WhenField, WordsField, written

_ROWS, _MOST_ROWS = 3, 12
_DOSE_UNITS = ("mg", "mg/m2", "mg/kg", "ug", "g", "[IU]")
_INTENTS = ["", "first treatment", "after relapse", "maintenance", "to collect stem cells", "supportive"]


class Drugs:
    """The rows of a form that name drugs with dose, schedule and route; a row left empty is no drug."""

    def __init__(self, form: FactForm, agents: tuple[Agent, ...], *, part: str) -> None:
        self.form, self.agents = form, agents
        told = [int(match[1]) for key in (form.data or {}) if (match := re.fullmatch(r"drug(\d{1,2})", key))]
        self.rows = min(max(_ROWS, len(agents) + 1, *told), _MOST_ROWS) if told else max(_ROWS, len(agents) + 1)
        for number in range(1, self.rows + 1):
            self._add(number)
        form.parts = {**form.parts, part: tuple(name for n in range(1, self.rows + 1) for name in self._names(n))}

    @staticmethod
    def shown(agents: tuple[Agent, ...]) -> dict[str, Any]:
        """What the rows show of some drugs."""
        found: dict[str, Any] = {}
        for n, agent in enumerate(agents, 1):
            found |= {f"drug{n}": words_of(agent.drug), f"schedule{n}": agent.schedule, f"route{n}": agent.route}
            found |= {f"dose{n}": written(agent.dose.value) if agent.dose else ""}
            found |= {f"dose_unit{n}": agent.dose.unit if agent.dose else ""}
        return found

    def made(self) -> tuple[Agent, ...]:
        """The drugs of the rows; a row that nobody touched stays the drug it was."""
        return tuple(agent for n in range(1, self.rows + 1) if (agent := self._made(n)))

    def check(self) -> None:
        """A dose has its unit and its drug."""
        given = self.form.cleaned_data
        for n in range(1, self.rows + 1):
            before = self.agents[n - 1].dose if n <= len(self.agents) else None
            if given.get(f"dose{n}") and not given.get(f"dose_unit{n}") and not (before and not before.unit):
                self.form.add_error(f"dose_unit{n}", gettext("Write the unit of the dose."))
            if given.get(f"dose{n}") and not given.get(f"drug{n}") and n > len(self.agents):
                self.form.add_error(f"drug{n}", gettext("Write which drug this dose is of."))

    def sections(self) -> list[Section]:
        """One section for each row."""
        return [
            Section(gettext("Drug %d") % n, tuple(self.form[name] for name in self._names(n)))
            for n in range(1, self.rows + 1)
        ]

    def _made(self, n: int) -> Agent | None:
        given, names = self.form.cleaned_data, self._names(n)
        if n <= len(self.agents) and not set(names) & set(self.form.changed_data):
            return self.agents[n - 1]
        if not given.get(f"drug{n}"):
            return None
        drug: Concept = drug_concept(given[f"drug{n}"])
        if n <= len(self.agents) and f"drug{n}" not in self.form.changed_data:
            drug = self.agents[n - 1].drug
        unit = given.get(f"dose_unit{n}", "")
        dose = Quantity(given[f"dose{n}"].value, ucum(unit) or unit) if given.get(f"dose{n}") else None
        return Agent(drug, dose, given.get(f"schedule{n}", ""), given.get(f"route{n}", ""))

    def _add(self, n: int) -> None:
        fields = self.form.fields
        fields[f"drug{n}"] = WordsField(label=gettext("Drug"), widget=forms.TextInput(attrs={"list": "drugs"}))
        fields[f"dose{n}"] = NumberField(label=gettext("Dose"), required=False)
        fields[f"dose_unit{n}"] = WordsField(
            label=gettext("Unit of the dose"), widget=forms.TextInput(attrs={"list": "dose-units"}), max_length=40
        )
        fields[f"schedule{n}"] = WordsField(label=gettext("How often"), help_text=gettext("For example days 1 to 21."))
        fields[f"route{n}"] = WordsField(label=gettext("How it is taken"), help_text=gettext("For example by mouth."))

    @staticmethod
    def _names(n: int) -> tuple[str, ...]:
        return tuple(f"{name}{n}" for name in ("drug", "dose", "dose_unit", "schedule", "route"))


def lists() -> dict[str, tuple[str, ...]]:
    """What a browser offers while one writes: drugs, and units of a dose."""
    return {
        "drugs": tuple(sorted(agent.name for agent in knowledge().agents.values())),
        "dose-units": _DOSE_UNITS,
        "intents": tuple(filter(None, _INTENTS)),
    }


class TreatmentForm(FactForm):
    """A line of drug treatment."""

    makes = Treatment
    parts = {
        "regimen": ("regimen",),
        "cycles": ("cycles",),
        "start": ("start",),
        "end": ("end",),
        "intent": ("intent",),
        "note": ("note",),
    }
    layout = [(_("The treatment"), ("regimen", "intent", "start", "end", "cycles"))]

    regimen = WordsField(
        label=_("Name of the treatment"),
        help_text=_("For example Rd. Leave empty if it has no name, and name its drugs."),
    )
    intent = WordsField(label=_("What it was for"), widget=forms.TextInput(attrs={"list": "intents"}))
    start = WhenField(label=_("It began"), required=False)
    end = WhenField(label=_("It ended"), required=False, help_text=_("Leave empty if it goes on."))
    cycles = CountField(label=_("Number of cycles"), required=False)
    note = NoteField()

    def build(self) -> None:
        """Rows for the drugs."""
        self.drugs = Drugs(self, self.base.agents if self.base else (), part="agents")

    @classmethod
    def initial_of(cls, fact: Treatment) -> dict[str, Any]:
        """A treatment as its fields."""
        return (
            super().initial_of(fact)
            | Drugs.shown(fact.agents)
            | {
                "regimen": fact.regimen,
                "intent": fact.intent,
                "start": str(fact.start or ""),
                "end": str(fact.end or ""),
                "cycles": "" if fact.cycles is None else str(fact.cycles),
            }
        )

    def make_agents(self) -> tuple[Agent, ...]:
        """The drugs."""
        return self.drugs.made()

    def check(self) -> None:
        """It has a name or a drug."""
        given = self.cleaned_data
        self.drugs.check()
        if not self.errors and not given.get("regimen") and not self.drugs.made():
            self.add_error("regimen", gettext("Write the treatment's name, or at least one drug."))

    def sections(self) -> list[Section]:
        """The treatment, then its drugs."""
        first, *rest = super().sections()
        return [first, *self.drugs.sections(), *rest]
