"""A form shows a fact without losing any of it, and says again what it shows."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import (
    Agent,
    Event,
    Feature,
    Measurement,
    PartialDate,
    Procedure,
    Provenance,
    ReferenceRange,
    Treatment,
)
from openpoems.record.model import Concept
from openpoems.web.registry.concepts import (
    disease_concept,
    drug_concept,
    finding_concept,
    measure_concept,
    procedure_concept,
)
from openpoems.web.registry.forms.event import first_contact
from openpoems.web.registry.forms.feature import category_of
from openpoems.web.registry.guide import guide, units_of
from openpoems.web.registry.scales import scales
from openpoems.web.registry.store import facts_in
from tests.generative.records import records, texts
from tests.unit.web.entry.asked import ASKING, correcting, new, said, sent

WORDS = texts(min_size=1).filter(lambda text: not text.startswith("-"))
DAYS = st.dates(date(1961, 1, 1), ASKING.today).map(PartialDate.of)
WHENS = st.one_of(
    DAYS,
    st.builds(PartialDate, st.integers(1961, 2025)),
    st.builds(PartialDate, st.integers(1961, 2025), st.integers(1, 12)),
)
NUMBERS = st.floats(0.0001, 1e6, allow_nan=False).map(lambda x: float(f"{x:.5g}"))
SAID = Provenance("patient", recorded=PartialDate.of(ASKING.today))


@given(records())
def test_a_fact_that_nobody_touched_stays_as_it_is(record):
    for fact in facts_in(record):
        form = correcting(fact)
        assert form.is_valid(), (form.errors, form.data)
        assert not form.has_changed()
        assert form.fact() == fact


@given(records(), WORDS)
def test_a_field_that_was_touched_changes_its_own_part_alone(record, words):
    for fact in facts_in(record):
        note = f"{fact.note} {words}".strip()
        form = correcting(fact, note=note)
        if not form.is_valid():
            assert set(form.errors) <= {"value", "answer", "unit", "unit_other", "what", "regimen", "drug1"}
            continue
        assert form.fact() == replace(fact, note=note, provenance=replace(SAID, document=fact.provenance.document))


def _agents():
    drugs = st.one_of(
        st.sampled_from([a.name for a in knowledge().agents.values()]).map(drug_concept),
        st.just(Concept(text="dasatinib")),
    )
    doses = st.none() | st.builds(Quantity, NUMBERS, st.sampled_from(["mg", "mg/m2"]))
    return st.lists(st.builds(Agent, drugs, doses, st.just("days 1 to 21"), st.just("by mouth")), max_size=4).map(tuple)


@st.composite
def results(draw):
    measure = draw(st.sampled_from([m for m in guide().results[0].ids + guide().results[1].ids if units_of(m)]))
    unit = draw(st.sampled_from(units_of(measure)))
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    bounds = (Quantity(low, unit), Quantity(high, unit)) if low < high else (None, Quantity(high, unit))
    asked = not knowledge().measures[measure].specimen
    return measure, Measurement(
        measure=measure_concept(measure),
        value=Quantity(draw(NUMBERS), unit),
        comparator=draw(st.sampled_from(["", "<", "<=", ">", ">="])),
        specimen=draw(st.sampled_from(["", "serum", "plasma"])) if asked else "",
        laboratory=draw(st.sampled_from(["", "North Lab"])),
        assay=draw(st.sampled_from(["", "ELISA"])),
        reference=draw(st.sampled_from([None, ReferenceRange(*bounds), ReferenceRange(None, bounds[1], "in words")])),
        flags=draw(st.sampled_from([(), ("H",), ("N",)])),
        on=draw(st.none() | WHENS),
        note=draw(st.just("") | WORDS),
        provenance=SAID,
    )


def _enters_again(kind, of, fact):
    """The fact entered anew from what the form shows of it, all doubts answered."""
    from openpoems.web.registry.forms.register import entry

    page = entry(kind, of)
    data = {
        **sent(page.form(asking=ASKING)),
        **{k: v for k, v in page.form.func.initial_of(fact).items() if v is not None},
    }
    form = page.form(data, asking=ASKING)
    if not form.is_valid() and form.doubts:
        form = page.form({**data, "sure": form.sure_token}, asking=ASKING)
    return said(form)


@given(results())
def test_a_result_is_entered_as_it_is_shown(made):
    measure, fact = made
    assert _enters_again("result", measure, fact) == fact


@given(st.sampled_from(sorted(knowledge().findings)), st.booleans(), WHENS, st.none() | WHENS, WORDS)
def test_a_statement_is_entered_as_it_is_shown(finding, excluded, on, onset, note):
    concept = finding_concept(finding, excluded=excluded)
    fact = Feature(
        concept,
        excluded,
        category_of(finding),
        "clinical",
        on,
        onset,
        site=Concept(text="left"),
        note=note,
        provenance=SAID,
    )
    assert _enters_again("feature", "", fact) == fact


@given(_agents(), st.none() | st.integers(0, 99), st.none() | WHENS, st.sampled_from(["", "first treatment"]))
def test_a_treatment_is_entered_as_it_is_shown(agents, cycles, start, intent):
    fact = Treatment("Rd", agents, cycles, start, None, intent, provenance=SAID)
    assert _enters_again("treatment", "", fact) == fact


@given(_agents(), st.none() | WHENS)
def test_a_transplantation_is_entered_as_it_is_shown(agents, on):
    fact = Procedure(
        procedure_concept("autologous-stem-cell-transplantation"), on, conditioning=agents, provenance=SAID
    )
    assert _enters_again("transplant", "", fact) == fact


@given(NUMBERS, st.integers(0, 60), st.none() | WHENS, WORDS)
def test_radiotherapy_is_entered_as_it_is_shown(dose, fractions, on, site):
    concept = procedure_concept("radiotherapy")
    fact = Procedure(
        concept, on, site=Concept(text=site), dose=Quantity(dose, "Gy"), fractions=fractions, provenance=SAID
    )
    assert _enters_again("radiotherapy", "", fact) == fact


@pytest.mark.parametrize(
    ("of", "fact"),
    [
        ("first-symptom", Event("first-symptom", disease_concept("Paraesthesia"), PartialDate(2019), provenance=SAID)),
        ("death", Event("death", None, PartialDate(2024, 3), provenance=SAID)),
        ("earlier-label", Event("earlier-label", disease_concept("CIDP"), PartialDate(2020), provenance=SAID)),
        ("first-contact", Event("other", first_contact(), PartialDate(2021), provenance=SAID)),
        (
            "hospitalisation",
            Event("hospitalisation", None, PartialDate(2021, 1), PartialDate(2021, 2), provenance=SAID),
        ),
    ],
)
def test_an_event_is_entered_as_it_is_shown(of, fact):
    assert _enters_again("event", of, fact) == fact


@pytest.mark.parametrize("id", sorted(scales()))
@given(data=st.data())
def test_a_score_is_entered_as_it_is_shown_and_its_sum_is_that_of_its_answers(id, data):
    scale = scales()[id]
    answers = {part.id: data.draw(st.sampled_from(part.grades)).value for part in scale.parts}
    fact = said(new("score", id, on="2024-05-06", note="tired", **{k: str(v) for k, v in answers.items()}))
    assert fact.value == Quantity(sum(answers.values()), "{score}")
    assert _enters_again("score", id, fact) == fact
    assert correcting(fact).scale is scale


def test_every_part_of_a_fact_is_in_its_form_or_kept_from_the_fact():
    shown = {
        Measurement: {"measure", "path", "provenance"},
        Feature: {"category", "path", "provenance"},
        Treatment: {"path", "provenance", "agents"},
        Procedure: {"path", "provenance", "conditioning"},
        Event: {"path", "provenance"},
    }
    from openpoems.web.registry.forms.event import EventForm
    from openpoems.web.registry.forms.feature import FeatureForm
    from openpoems.web.registry.forms.measurement import MeasurementForm
    from openpoems.web.registry.forms.procedure import ProcedureForm
    from openpoems.web.registry.forms.treatment import TreatmentForm

    for form in (MeasurementForm, FeatureForm, TreatmentForm, ProcedureForm, EventForm):
        assert {f.name for f in fields(form.makes)} - shown[form.makes] == set(form.parts)
