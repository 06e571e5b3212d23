"""The forms of a questionnaire's pages: each shows what the record says already, and makes facts of what is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.findings.treatments import made_of
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record.model import Coding, Concept, Event, Measurement, Provenance, Treatment
from openpoems.record.time import PartialDate, days
from openpoems.web.community.questionnaires import Page
from openpoems.web.registry.concepts import OWN, disease_concept, words_of
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.forms.fact import Asking
from openpoems.web.registry.forms.fields import WhenField, WordsField
from openpoems.web.registry.forms.scale import ScaleForm
from openpoems.web.registry.last import latest_result
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.scales import scales
from openpoems.web.registry.store import fact_of

EFFECTS = {
    "helped": _("it helped"),
    "a-little": _("it helped a little"),
    "not": _("it changed nothing"),
    "harmed": _("it did me harm"),
    "cannot-tell": _("I cannot tell"),
}
EFFECT = f"{OWN}effect-of-"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A fact that an answer says; `corrects` is the fact by the same speaker that it takes the place of, if any."""

    fact: RecordFact
    corrects: Fact | None = None


class PageForm(forms.Form):
    """One page. `said` is what its answers say; what the record says already is not said again."""

    def __init__(self, data: Any = None, *, page: Page, person: Person, asking: Asking, kept: Any = None) -> None:
        self.page, self.person, self.asking = page, person, asking
        self.rows: dict[str, Fact] = {}
        self.before = self.said_before()
        super().__init__(data, initial={**self.before, **(kept or {})}, label_suffix="")
        self.build()

    def said_before(self) -> dict[str, str]:
        """What the record says already, as the fields show it."""
        return {}

    def build(self) -> None:
        """Make the fields."""

    def clean(self) -> dict[str, Any]:
        """What the record says already is not taken back by leaving a field empty, nor silently kept."""
        given: dict[str, Any] = super().clean() or {}
        for name in self.fields.keys() & self.before.keys() - self.errors.keys():
            if self.before[name] and not given.get(name) and not self.may_be_left(name):
                self.add_error(name, gettext("This stands in your record. To take it back, open it there."))
        return given

    def may_be_left(self, name: str) -> bool:
        """Whether an answer that was given before may be left empty now."""
        return False

    def said(self) -> Iterator[Said]:
        """What the answers say."""
        raise NotImplementedError

    def provenance(self) -> Provenance:
        """The person says so, in this questionnaire, today."""
        return Provenance(said_by=self.asking.speaker, recorded=PartialDate.of(self.asking.today))


class WayForm(PageForm):
    """First sign, wrong labels with their dates, the diagnosis."""

    def said_before(self) -> dict[str, str]:
        """The earliest of each kind, and the labels in their order."""
        found: dict[str, str] = {}
        labels = 0
        for row, fact in _events(self.person):
            labels += fact.kind == "earlier-label"
            name = {"earlier-label": f"label{labels}", "first-symptom": "first", "diagnosis": "poems"}.get(fact.kind)
            if name and name not in self.rows:
                found |= {name: words_of(fact.concept), f"{name}_on": str(fact.on or "")}
                self.rows[name] = row
        return found

    def build(self) -> None:
        """The fields, as many labels as the page asks for."""
        self.fields["first"] = WordsField(
            label=gettext("What was the first sign?"), help_text=gettext("Such as tingling feet.")
        )
        self.fields["first_on"] = WhenField(label=gettext("When was that?"), required=False)
        for n in range(1, self.page.labels + 1):
            self.fields[f"label{n}"] = WordsField(
                label=gettext("Wrong name %d for it") % n,
                help_text=gettext("What doctors first called it, such as CIDP."),
            )
            self.fields[f"label{n}_on"] = WhenField(label=gettext("When were you told name %d?") % n, required=False)
        self.fields["poems_on"] = WhenField(label=gettext("When did somebody say that it is POEMS?"), required=False)

    def clean(self) -> dict[str, Any]:
        """A date belongs to words, and no day lies ahead."""
        given = super().clean()
        for name in [each for each in given if each.endswith("_on") and given[each]]:
            known = days(given[name], self.asking.birth)
            if known and known[0] > self.asking.today.toordinal():
                self.add_error(name, gettext("This day has not come yet."))
            words = name.removesuffix("_on")
            if words in self.fields and not given.get(words) and words not in self.errors:
                self.add_error(words, gettext("Write what it was called."))
        return given

    def may_be_left(self, name: str) -> bool:
        """A day that nobody is sure of any more; of the diagnosis there is nothing else."""
        return name.endswith("_on") and name != "poems_on"

    def said(self) -> Iterator[Said]:
        """One event for each thing that was changed or added."""
        asked = [("first", "first-symptom"), *((f"label{n}", "earlier-label") for n in range(1, self.page.labels + 1))]
        for name, kind in asked:
            words = self.cleaned_data.get(name)
            if words and {name, f"{name}_on"} & set(self.changed_data):
                yield self._event(name, kind, disease_concept(words))
        if self.cleaned_data.get("poems_on") and "poems_on" in self.changed_data:
            poems = Concept((Coding(f"{OWN}poems-syndrome", "POEMS syndrome"),), "POEMS syndrome")
            yield self._event("poems", "diagnosis", poems)

    def _event(self, name: str, kind: Any, concept: Concept) -> Said:
        """An event; one that the same speaker entered before is corrected, another's stays beside it."""
        event = Event(kind, concept, on=self.cleaned_data.get(f"{name}_on"), provenance=self.provenance())
        row = self.rows.get(name)
        own = row is not None and fact_of(row).provenance.said_by == self.asking.speaker
        return Said(event, row if own else None)


class EffectsForm(PageForm):
    """For each treatment: whether it helped."""

    def said_before(self) -> dict[str, str]:
        """The last answer on each."""
        rows = self.person.facts.filter(state=Fact.State.CURRENT, about__startswith="effect-of-").order_by(
            "entered", "pk"
        )
        return {row.about.removeprefix("effect-of-"): answer for row in rows if (answer := effect_of(fact_of(row)))}

    def build(self) -> None:
        """One question for each treatment."""
        had = self._had()
        for id, name in self._asked():
            self.fields[id] = forms.ChoiceField(
                label=gettext(name),
                required=False,
                choices=[("", gettext("I did not have it")), *EFFECTS.items()],
                help_text=gettext("It stands in your record.") if id in had else "",
            )

    def said(self) -> Iterator[Said]:
        """One answer for each treatment whose answer is new."""
        for id, name in self._asked():
            answer = self.cleaned_data.get(id)
            if answer and id in self.changed_data:
                measure = Concept((Coding(f"{EFFECT}{id}"),), f"Whether it helped: {name}")
                result = Concept((Coding(f"{OWN}{answer}"),), str(EFFECTS[answer]))
                today = PartialDate.of(self.asking.today)
                yield Said(Measurement(measure, result=result, on=today, provenance=self.provenance()))

    def _had(self) -> set[str]:
        """The drugs and procedures that the record's treatments are made of."""
        rows = self.person.facts.filter(state=Fact.State.CURRENT)
        given = [fact_of(row) for row in rows.filter(kind=Fact.Kind.TREATMENT)]
        drugs = {part for each in given if isinstance(each, Treatment) for part in made_of(each, knowledge()).parts}
        return drugs | set(rows.filter(kind=Fact.Kind.PROCEDURE).values_list("about", flat=True))

    def _asked(self) -> list[tuple[str, str]]:
        known = knowledge()
        agents = [(id, known.agents[id].name) for id in self.page.agents]
        return [*((id, known.procedures[id].name) for id in self.page.procedures), *agents]


class GradesForm(PageForm):
    """Numbers from 0 to 10, and choices."""

    def said_before(self) -> dict[str, str]:
        """The last answer on each."""
        found = {}
        for ask in self.page.asks:
            row = _last(self.person, ask.id)
            if isinstance(row, Measurement):
                codings = row.result.codings if row.result else ()
                found[ask.id] = (
                    str(int(row.value.value)) if row.value else codings[0].id.removeprefix(OWN) if codings else ""
                )
        return found

    def build(self) -> None:
        """One question each; numbers as a row of radio buttons."""
        for ask in self.page.asks:
            numbers = [(str(n), str(n)) for n in range(ask.low, ask.high + 1)]
            ends = (
                f"{ask.low}: {gettext(ask.low_says)}; {ask.high}: {gettext(ask.high_says)}" if not ask.choices else ""
            )
            self.fields[ask.id] = forms.ChoiceField(
                label=gettext(ask.title),
                required=False,
                choices=[(id, gettext(says)) for id, says in ask.choices.items()] or numbers,
                widget=forms.RadioSelect,
                help_text=ends,
            )

    def said(self) -> Iterator[Said]:
        """One result for each question that was answered, of today."""
        today = PartialDate.of(self.asking.today)
        for ask in self.page.asks:
            if answer := self.cleaned_data.get(ask.id):
                measure = Concept((Coding(f"{OWN}asked-{ask.id}"),), ask.measure)
                value = Quantity(float(answer), "{score}") if not ask.choices else None
                chosen = Concept((Coding(f"{OWN}{answer}"),), ask.choices[answer]) if ask.choices else None
                yield Said(Measurement(measure, value, result=chosen, on=today, provenance=self.provenance()))


def form_of(page: Page, person: Person, asking: Asking, data: Any = None, kept: Any = None) -> Any:
    """The form of a page; a scale's is the registry's own."""
    if page.kind == "scale":
        scale = scales()[page.id]
        before = latest_result(person, scale.measure)
        shown = ScaleForm.initial_of(before) if isinstance(before, Measurement) else {}
        shown = {**shown, "on": str(asking.today), "document": "", **(kept or {})}
        return ScaleForm(data, scale=scale, asking=asking, initial=shown)
    made = {"way": WayForm, "effects": EffectsForm, "grades": GradesForm}[page.kind]
    return made(data, page=page, person=person, asking=asking, kept=kept)


def said_on(form: Any) -> list[Said]:
    """What a filled-in page says."""
    return [Said(form.fact())] if isinstance(form, ScaleForm) else list(form.said())


def effect_of(fact: RecordFact) -> str:
    """Whether a treatment helped, as an answer says; "" for another fact."""
    if not isinstance(fact, Measurement) or fact.result is None or not fact.result.codings:
        return ""
    answer = fact.result.codings[0].id.removeprefix(OWN)
    return answer if answer in EFFECTS else ""


def _events(person: Person) -> Iterator[tuple[Fact, Event]]:
    rows = person.facts.filter(state=Fact.State.CURRENT, kind=Fact.Kind.EVENT).order_by("first_day", "pk")
    for row in rows:
        fact = fact_of(row)
        if isinstance(fact, Event):
            yield row, fact


def _last(person: Person, ask: str) -> RecordFact | None:
    row = person.facts.filter(state=Fact.State.CURRENT, about=f"asked-{ask}").order_by("last_day", "pk").last()
    return fact_of(row) if row else None
