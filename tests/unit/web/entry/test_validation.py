"""What cannot be is refused with a sentence; what is only strange is asked about."""

from dataclasses import replace

import pytest

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import Measurement, PartialDate, ReferenceRange
from openpoems.web.registry.concepts import finding_concept, measure_concept
from openpoems.web.registry.forms.features import FeaturesForm, nothing_changed
from openpoems.web.registry.forms.register import entry
from openpoems.web.registry.guide import fits, guide, specimen_matters, units_of
from openpoems.web.registry.scales import scales
from tests.unit.web.entry.asked import ASKING, TODAY, correcting, new, said, sent

VEGF = {"value": "1040", "unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15"}


def vegf(**more):
    return new("result", "vegf", **{**VEGF, **more})


def earlier(*values):
    return [Measurement(measure_concept("vegf"), Quantity(value, "pg/mL")) for value in values]


@pytest.mark.parametrize(
    ("field", "written", "why"),
    [
        ("value", "", "Say what the result was"),
        ("value", "high", "in digits"),
        ("value", "1,040", "a thousand or a fraction"),
        ("value", "1e999", "too large"),
        ("value", "3..4", "in digits"),
        ("on", "2027-01", "not come yet"),
        ("on", "1950", "before the year of birth"),
        ("on", "5/4/2021", "5 April 2021 or the 4 May 2021"),
        ("specimen", "", "required"),
        ("specimen", "blood", "not one of the available"),
        ("unit", "", "Choose the unit"),
        ("unit_other", "kg", "not measured in kg"),
        ("high", "<96", "in digits"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, written, why):
    form = vegf(**{field: written})
    assert not form.is_valid()
    assert why in str(form.errors[field if field != "unit_other" else "unit"])


def test_a_range_that_ends_before_it_begins_is_refused():
    assert "above its beginning" in str(vegf(low="96", high="31").errors["high"])


@pytest.mark.parametrize(
    ("written", "value", "sign"),
    [("1040", 1040, ""), ("1040,5", 1040.5, ""), ("<31", 31, "<"), ("≥ 2000", 2000, ">="), (" .5 ", 0.5, "")],
)
def test_a_number_is_read_as_the_report_prints_it(written, value, sign):
    fact = said(vegf(value=written))
    assert (fact.value, fact.comparator) == (Quantity(value, "pg/mL"), sign)


def test_today_is_no_future():
    assert said(vegf(on=str(TODAY))).on == PartialDate.of(TODAY)


def test_what_nobody_knows_of_the_sample_stays_unsaid():
    assert said(vegf(specimen="not-known")).specimen == ""


def test_the_sample_is_asked_for_where_a_cut_off_depends_on_it():
    assert specimen_matters("vegf")
    assert not specimen_matters("platelets")
    assert "specimen" not in new("result", "platelets").fields


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({"value": "1.040"}, "read as 1.04"),
        ({"value": "20000"}, "10 times the highest"),
        ({"value": "9"}, "10th of the lowest"),
        ({"unit": "other", "unit_other": "pmol/L"}, "cannot be converted"),
        ({"unit": "other", "unit_other": "furlong"}, "cannot be converted"),
    ],
)
def test_what_is_strange_is_asked_about_and_taken_when_it_was_said_to_be_right(data, asked):
    page = entry("result", "vegf")
    data = {**VEGF, **data}
    form = page.form(data, asking=ASKING, earlier=earlier(1000, 1200))
    assert not form.is_valid()
    assert any(asked in doubt for doubt in form.doubts), form.doubts
    sure = page.form({**data, "sure": form.sure_token}, asking=ASKING, earlier=earlier(1000, 1200))
    assert said(sure).value.value == float(data["value"])


def test_a_yes_to_one_doubt_is_no_yes_to_another():
    page = entry("result", "vegf")
    first = page.form({**VEGF, "value": "20000"}, asking=ASKING, earlier=earlier(1000))
    assert not first.is_valid()
    second = page.form({**VEGF, "value": "9", "sure": first.sure_token}, asking=ASKING, earlier=earlier(1000))
    assert not second.is_valid()


def test_a_first_value_far_above_the_laboratory_s_limit_is_asked_about():
    form = vegf(value="104000", high="96")
    assert not form.is_valid()
    assert form.doubts == ["This is more than 100 times the upper limit."]


def test_units_are_those_of_the_measure():
    assert units_of("vegf")[0] == "pg/mL"
    assert {"ng/L", "ng/mL"} < set(units_of("vegf"))
    assert "g/L" not in units_of("vegf")
    assert units_of("immunofixation-serum") == ()
    assert [fits(unit, "vegf") for unit in ("ng/mL", "pmol/L", "furlong", "kg")] == ["same", "other", "other", "never"]


def test_immunofixation_is_answered_and_not_measured():
    form = new("result", "immunofixation-serum", answer="other", answer_words="IgA lambda")
    assert "value" not in form.fields
    assert said(form).result.text == "IgA lambda"


def test_the_next_result_begins_as_the_last_one_was():
    from openpoems.web.registry.forms.measurement import MeasurementForm

    last = said(vegf(laboratory="North Lab", assay="ELISA", low="31", high="86"))
    form = entry("result", "vegf").form(asking=ASKING, initial=MeasurementForm.like(last))
    shown = sent(form)
    assert (shown["laboratory"], shown["assay"], shown["unit"], shown["specimen"]) == (
        "North Lab",
        "ELISA",
        "pg/mL",
        "plasma",
    )
    assert (shown["low"], shown["high"], shown.get("value", "")) == ("31", "86", "")


def test_a_unit_that_is_corrected_takes_the_range_with_it():
    fact = said(vegf(low="31", high="86"))
    new = said(correcting(fact, unit="ng/L"))
    assert new.value == Quantity(1040, "ng/L")
    assert new.reference == ReferenceRange(Quantity(31, "ng/L"), Quantity(86, "ng/L"))


def test_a_correction_is_said_by_whoever_corrects():
    fact = said(vegf())
    other = replace(
        fact, provenance=replace(fact.provenance, said_by="laboratory", document="letter", verified_by="clinician")
    )
    new = said(correcting(other, value="104"))
    assert (new.provenance.said_by, new.provenance.document, new.provenance.verified_by) == ("patient", "letter", "")


def test_a_score_with_a_missing_answer_is_no_score():
    form = new("score", "onls", arms="2")
    assert not form.is_valid()
    assert list(form.errors) == ["legs"]


def test_the_scales_are_as_wide_as_their_sources_say():
    # ONLS: arms 0 to 5, legs 0 to 7 (Graham and Hughes 2006). I-RODS: 24 activities, raw sum 0 to 48 (recalled).
    onls, rods = scales()["onls"], scales()["i-rods"]
    assert [len(part.grades) - 1 for part in onls.parts] == [5, 7]
    assert (onls.most, len(rods.parts), rods.most) == (12, 24, 48)
    assert {onls.wording.verified, rods.wording.verified} == {"none"}


def test_the_raw_sum_of_i_rods_meets_no_threshold_of_the_centile_metric():
    measure = scales()["i-rods"].measure
    assert measure == "i-rods-raw"
    assert all(rule.measure != measure for rule in knowledge().response.rule.values())


def signs(last=None, **data):
    shown = {"on": "2024-05-06", "basis": "clinical"}
    return FeaturesForm({**shown, **data}, asking=ASKING, last=last or {})


def test_only_what_was_answered_is_said():
    form = signs(**{"is-ascites": "excluded", "is-papilloedema": "present", "since-papilloedema": "2023"})
    assert form.is_valid(), form.errors
    told = {f.concept.text: (f.excluded, f.on, f.onset) for f in form.facts()}
    day = PartialDate(2024, 5, 6)
    assert told == {"Ascites": (True, day, None), "Papilloedema": (False, day, PartialDate(2023))}


def test_nothing_changed_says_everything_again_for_today():
    form = signs(**{"is-ascites": "excluded", "is-papilloedema": "present", "since-papilloedema": "2023"})
    assert form.is_valid()
    last = {"ascites": form.facts()[0], "papilloedema": form.facts()[1]}
    if last["ascites"].concept.text != "Ascites":
        last = {"ascites": form.facts()[1], "papilloedema": form.facts()[0]}
    again = FeaturesForm(nothing_changed(FeaturesForm(asking=ASKING, last=last)), asking=ASKING, last=last)
    assert again.is_valid(), again.errors
    assert {(f.concept.text, f.excluded, f.on) for f in again.facts()} == {
        ("Ascites", True, PartialDate.of(TODAY)),
        ("Papilloedema", False, PartialDate.of(TODAY)),
    }
    untouched = signs(last, **{"is-ascites": "excluded", "is-papilloedema": "present", "since-papilloedema": "2023"})
    assert untouched.is_valid()
    assert untouched.facts() == []


def test_every_finding_of_the_guide_is_asked_for_once():
    ids = [id for group in guide().signs for id in group.ids]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("excluded", [False, True])
def test_a_code_says_no_more_than_the_finding_itself(excluded):
    index = knowledge().index
    for id in knowledge().findings:
        table = index.excludes if excluded else index.shows
        for coding in finding_concept(id, excluded=excluded).codings:
            assert table[coding.id] == (id,)
