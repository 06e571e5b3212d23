"""A result: its value as the report prints it, with what makes it comparable."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.interchange.values import range_in_words
from openpoems.knowledge.store import knowledge
from openpoems.quantities import IncomparableUnits, Quantity, ucum
from openpoems.record.model import Comparator, Concept, Measurement, ReferenceRange
from openpoems.web.registry.concepts import measure_concept, measure_of, words_of
from openpoems.web.registry.forms.fact import FactForm
from openpoems.web.registry.forms.fields import NoteField, NumberField, WhenField, WordsField, written
from openpoems.web.registry.guide import fits, guide, specimen_matters, units_of
from openpoems.web.registry.units import unit_words

OTHER = "other"
NOT_KNOWN = "not-known"
_SPECIMENS = {
    "serum": _("Serum"), "plasma": _("Plasma"), "blood": _("Whole blood"), "urine": _("Urine"),
    "csf": _("Spinal fluid"), "marrow": _("Bone marrow"),
}  # fmt: skip
_ANSWERS = {"positive": _("positive (something was found)"), "negative": _("negative (nothing was found)")}
_FLAGS = {"": _("no mark"), "H": _("high"), "N": _("normal"), "L": _("low")}
Choices = list[tuple[str, Any]]


class MeasurementForm(FactForm):
    """One result of one measure; `earlier` are results of the same measure, for what is asked about."""

    makes = Measurement
    parts = {
        "value": ("value", "unit", "unit_other"),
        "comparator": ("value",),
        "result": ("answer", "answer_words"),
        "absent": ("value", "answer", "answer_words"),
        "on": ("on",),
        "specimen": ("specimen",),
        "laboratory": ("laboratory",),
        "assay": ("assay",),
        "reference": ("low", "high", "range_words", "unit", "unit_other"),
        "flags": ("flag",),
        "note": ("note",),
    }
    layout = [
        (_("The result"), ("value", "unit", "unit_other", "answer", "answer_words", "on", "specimen")),
        (_("The laboratory"), ("laboratory", "assay", "low", "high", "range_words", "flag")),
    ]

    value = NumberField(
        label=_("Value"), compared=True, required=False, help_text=_("As the report prints it: 1040, 0,9 or <31.")
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    unit_other = WordsField(label=_("Other unit, as printed"), max_length=40)
    answer = forms.ChoiceField(label=_("Result"), required=False, widget=forms.RadioSelect)
    answer_words = WordsField(
        label=_("In the report's words"), help_text=_("For example IgA lambda. Leave empty if there are none.")
    )
    on = WhenField(label=_("Date of the sample or test"), required=False)
    specimen = forms.ChoiceField(label=_("What was the sample?"), required=False, widget=forms.RadioSelect)
    laboratory = WordsField(label=_("Laboratory"), help_text=_("Only values of one laboratory can be compared."))
    assay = WordsField(label=_("Method or kit"))
    low = NumberField(label=_("Normal from"), required=False)
    high = NumberField(label=_("Normal up to"), required=False)
    range_words = WordsField(label=_("Normal range in words"), help_text=_("Only if it is not two numbers."))
    flag = forms.ChoiceField(label=_("The laboratory's mark"), required=False, choices=list(_FLAGS.items()))
    note = NoteField()

    def __init__(self, *args: Any, measure: str = "", earlier: Sequence[Measurement] = (), **kwargs: Any) -> None:
        self.measure, self.earlier = measure, earlier
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """Ask only what this measure has: units of its kind, a specimen, a laboratory where it comes from one."""
        self.parts = {**self.parts}
        if self.base is not None:
            self.measure = measure_of(self.base.measure)
        else:
            self.parts["measure"] = ()
        answered, measured = self._forms()
        if not measured:
            self._without("value", "unit", "unit_other", "low", "high", "range_words")
        if not answered:
            self._without("answer", "answer_words")
        if self.measure and guide().bedside(self.measure) and self.base is None:
            self._without("specimen", "laboratory", "assay", "low", "high", "range_words", "flag")
        self._choose_unit()
        self._choose_specimen()
        self._choose_words()

    @classmethod
    def initial_of(cls, fact: Measurement) -> dict[str, Any]:
        """A result as its report would print it."""
        value, reference = fact.value, fact.reference or ReferenceRange()
        numbers = [q for q in (reference.low, reference.high) if q]
        plain = value is not None and all(q.unit == value.unit for q in numbers)
        answer = words_of(fact.result)
        return super().initial_of(fact) | {
            "value": fact.comparator + written(value.value) if value else "",
            "unit": value.unit if value else "",
            "unit_other": "",
            "answer": answer if answer in _ANSWERS else (OTHER if answer else ""),
            "answer_words": "" if answer in _ANSWERS else answer,
            "on": str(fact.on or ""),
            "specimen": fact.specimen or NOT_KNOWN,
            "laboratory": fact.laboratory,
            "assay": fact.assay,
            "low": written(reference.low.value) if plain and reference.low else "",
            "high": written(reference.high.value) if plain and reference.high else "",
            "range_words": reference.text if plain else range_in_words(reference),
            "flag": ", ".join(fact.flags),
        }

    @classmethod
    def like(cls, last: Measurement) -> dict[str, Any]:
        """What the next result of the same measure most likely shares with the last one."""
        shown = cls.initial_of(last)
        return {name: shown[name] for name in ("unit", "specimen", "laboratory", "assay", "low", "high", "range_words")}

    def make_measure(self) -> Concept:
        """The measure of the page."""
        return measure_concept(self.measure)

    def make_value(self) -> Quantity | None:
        """The number with its unit."""
        given = self.cleaned_data.get("value")
        return Quantity(given.value, self._unit()) if given else None

    def make_comparator(self) -> Comparator:
        """The sign before the number."""
        given = self.cleaned_data.get("value")
        return given.comparator if given else ""

    def make_result(self) -> Concept | None:
        """The answer in words."""
        words = self._words()
        return Concept(text=words) if words else None

    def make_absent(self) -> str:
        """There is a result now."""
        return ""

    def make_specimen(self) -> str:
        """The sample; what nobody knows stays unsaid."""
        given: str = self.cleaned_data.get("specimen", "")
        return "" if given == NOT_KNOWN else given

    def make_reference(self) -> ReferenceRange | None:
        """The laboratory's range, in the unit of the value."""
        given, unit = self.cleaned_data, self._unit()
        low, high = (Quantity(n.value, unit) if n else None for n in (given.get("low"), given.get("high")))
        text = given.get("range_words", "")
        return ReferenceRange(low, high, text) if low or high or text else None

    def make_flags(self) -> tuple[str, ...]:
        """The laboratory's marks."""
        return tuple(filter(None, self.cleaned_data.get("flag", "").split(", ")))

    def check(self) -> None:
        """There is a value with a unit that can be the measure's, or an answer."""
        given = self.cleaned_data
        untold = not {"value", "answer"} & set(self.errors) and not given.get("value") and not self._words()
        if untold and not (self.base and self.base.absent):
            self.add_error("value" if "value" in self.fields else "answer", gettext("Say what the result was."))
        if given.get("value"):
            self._check_unit()
        low, high = given.get("low"), given.get("high")
        if low and high and high.value <= low.value:
            self.add_error("high", gettext("The normal range must end above its beginning."))

    def find_doubts(self) -> Iterator[str]:
        """A unit that converts into no other, a point that may mean thousands, a value unlike all others."""
        value = self.cleaned_data.get("value")
        if not value or not set(self.parts["value"]) & set(self.changed_data):
            return
        unit = self._unit()
        if value.unsure:
            yield gettext("The value was read as %(number)s, with a decimal point.") % {"number": written(value.value)}
        if self.measure and unit and fits(unit, self.measure) != "same":
            own = unit_words(knowledge().measures[self.measure].unit)
            yield gettext("%(unit)s cannot be converted into %(own)s: the value is kept, and compared with values in %(unit)s only.") % {"unit": unit_words(unit), "own": own}  # fmt: skip # noqa: E501
        yield from self._unlike_the_others(Quantity(value.value, unit))

    def _unlike_the_others(self, value: Quantity) -> Iterator[str]:
        others = sorted(filter(None, (_in(each.value, value.unit) for each in self.earlier)))
        times = guide().times_the_series
        if others and value.value > times * others[-1]:
            yield gettext("This is more than %(times)d times the highest value so far (%(other)s).") % {
                "times": times, "other": written(others[-1])}  # fmt: skip
        if others and 0 <= value.value < others[0] / times:
            yield gettext("This is less than a %(times)dth of the lowest value so far (%(other)s).") % {
                "times": times, "other": written(others[0])}  # fmt: skip
        high = self.cleaned_data.get("high")
        if not others and high and value.value > guide().times_the_limit * high.value > 0:
            yield gettext("This is more than %d times the upper limit.") % guide().times_the_limit

    def _forms(self) -> tuple[bool, bool]:
        """Whether this measure is answered in words, and whether it has a number."""
        base = self.base
        own = knowledge().measures[self.measure].unit if self.measure else None
        answered = own == "" or own is None or (base is not None and base.result is not None)
        return answered, own != "" or (base is not None and base.value is not None)

    def _unit(self) -> str:
        given = self.cleaned_data
        other = given.get("unit_other", "")
        chosen = ucum(other) or other if given.get("unit") == OTHER or other else given.get("unit", "")
        return str(chosen)

    def _check_unit(self) -> None:
        unit, given = self._unit(), self.cleaned_data
        if not unit and not (self.base and self.base.value and not self.base.value.unit):
            self.add_error("unit_other" if given.get("unit") == OTHER else "unit", gettext("Choose the unit."))
        elif self.measure and fits(unit, self.measure) == "never":
            name = gettext(knowledge().measures[self.measure].name)
            self.add_error("unit", gettext("%(name)s is not measured in %(unit)s.") % {"name": name, "unit": unit_words(unit)})  # fmt: skip # noqa: E501

    def _words(self) -> str:
        given = self.cleaned_data
        return given.get("answer_words", "") or ("" if given.get("answer") == OTHER else given.get("answer", ""))

    def _without(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)
        self.parts = {
            part: fields for part, fields in self.parts.items() if not fields or set(fields) & set(self.fields)
        }

    def _choose_unit(self) -> None:
        if "unit" not in self.fields:
            return
        offered = list(units_of(self.measure)) if self.measure else []
        if (shown := self.initial.get("unit", "")) and shown not in offered:
            offered.insert(0, shown)
        if self.base is None and offered:
            self.initial.setdefault("unit", offered[0])
        named: Choices = [(unit, unit_words(unit)) for unit in offered]
        if not (self.measure and guide().bedside(self.measure)):
            named = [*named, (OTHER, _("another unit (write it below)"))]
        else:
            self.fields.pop("unit_other", None)
        none: Choices = [] if self.initial.get("unit") else [("", _("not said"))]
        self.fields["unit"].choices = [*none, *named]  # type: ignore[attr-defined]

    def _choose_specimen(self) -> None:
        if "specimen" not in self.fields:
            return
        implied = knowledge().measures[self.measure].specimen if self.measure else ""
        shown = self.initial.get("specimen", NOT_KNOWN)
        if (implied and shown == NOT_KNOWN) or (self.measure and guide().bedside(self.measure)):
            self._without("specimen")
            return
        field: Any = self.fields["specimen"]
        words: dict[str, Any] = (
            {name: _SPECIMENS[name] for name in ("serum", "plasma")} if self.measure else {**_SPECIMENS}
        )
        if shown not in (NOT_KNOWN, *words):
            words[shown] = _SPECIMENS.get(shown, shown)
        field.choices = [*words.items(), (NOT_KNOWN, _("I do not know"))]
        if self.measure and specimen_matters(self.measure):
            field.required = True
            field.help_text = _("The report names it. Serum and plasma values are never compared.")
        elif self.base is None:
            self.initial.setdefault("specimen", NOT_KNOWN)

    def _choose_words(self) -> None:
        if "answer" in self.fields:
            field: Any = self.fields["answer"]
            more: Choices = [(OTHER, _("only in words"))]
            field.choices = [*_ANSWERS.items(), *more]
        shown = self.initial.get("flag", "")
        if "flag" in self.fields and shown not in _FLAGS:
            flag: Any = self.fields["flag"]
            flag.choices = [*_FLAGS.items(), (shown, shown)]


def _in(value: Quantity | None, unit: str) -> float | None:
    try:
        return value.to(unit).value if value else None
    except IncomparableUnits:
        return None
