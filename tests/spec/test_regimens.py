"""What the names of treatments stand for, as a haematologist would write them."""

import json
from datetime import date

import pytest

from openpoems.criteria.assess import assess
from openpoems.findings.treatments import made_of, meaning, read_name
from openpoems.knowledge.store import knowledge
from openpoems.record import Agent, Coding, Concept, PartialDate, Procedure, Treatment
from openpoems.reports.course_text import course_section
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.reports.text import text
from tests.spec.courses import BEGAN, course, drug, only, treated, values
from tests.spec.tables import rows

NAMES = """
Source: fact base 5.3 (Rd, MDex, CyBorD, Dara-Rd, Dara-Vd), else names of daily use, which the data mark as recalled.
name                                   | = parts
Rd                                     | dexamethasone lenalidomide
RD                                     | dexamethasone lenalidomide
len-dex                                | dexamethasone lenalidomide
lenalidomide-dexamethasone             | dexamethasone lenalidomide
lenalidomide 25 mg and dexamethasone 40 mg weekly | dexamethasone lenalidomide
Revlimid                               | lenalidomide
CyBorD                                 | bortezomib cyclophosphamide dexamethasone
cybord x4                              | bortezomib cyclophosphamide dexamethasone
VCD                                    | bortezomib cyclophosphamide dexamethasone
VRd                                    | bortezomib dexamethasone lenalidomide
RVD                                    | bortezomib dexamethasone lenalidomide
Dara-Rd                                | daratumumab dexamethasone lenalidomide
D-Rd                                   | daratumumab dexamethasone lenalidomide
DRd                                    | daratumumab dexamethasone lenalidomide
Dara-CyBorD                            | bortezomib cyclophosphamide daratumumab dexamethasone
daratumumab + Vd                       | bortezomib daratumumab dexamethasone
Vd                                     | bortezomib dexamethasone
MDex                                   | dexamethasone melphalan
Mel-Dex                                | dexamethasone melphalan
TD                                     | dexamethasone thalidomide
Thal/Dex                               | dexamethasone thalidomide
PomDex                                 | dexamethasone pomalidomide
ASCT                                   | autologous-stem-cell-transplantation
Auto-HSCT                              | autologous-stem-cell-transplantation
Mel200 ASCT                            | autologous-stem-cell-transplantation melphalan
melphalan 200 mg/m2 + ASCT             | autologous-stem-cell-transplantation melphalan
RT 50 Gy                               | radiotherapy
BCMA CAR-T                             | car-t-cell-therapy
VAD                                    | dexamethasone doxorubicin vincristine
"""  # fmt: skip


@pytest.mark.parametrize("row", rows(NAMES))
def test_a_name_that_is_understood(row):
    known = read_name(row["name"], knowledge())
    assert " ".join(sorted(known.parts)) == row["= parts"]
    assert known.doubts == ()
    # Written as the name of a regimen or as that of a drug, it is the same.
    for line in (Treatment(row["name"]), Treatment(agents=(Agent(Concept(text=row["name"])),))):
        assert made_of(line, knowledge()) == known


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MP", "melphalan with prednisone, or methylprednisolone"),
        ("VD", "vitamin D"),
        ("PD", "progressive disease"),
        ("SCT", "an autologous or an allogeneic transplantation"),
        ("HSCT", "allogeneic"),
        ("Rd + RTX", "rituximab"),
        ("chemotherapy", "any of several drugs"),
        ("Isa-VD", "vitamin D"),
    ],
)
def test_a_name_that_means_several_things_is_not_read_and_says_so(name, words):
    known = read_name(name, knowledge())
    assert known.parts == frozenset()
    assert words in known.doubts[0]


@pytest.mark.parametrize(
    "name",
    ["XRd", "Rd refused", "no ASCT", "lenalidomide planned", "CHOP", "R-CHOP", "SCIg", "", "25 mg", "Rdx", "VRd?"],
)
def test_a_name_with_a_word_that_is_not_understood_is_nothing(name):
    known = read_name(name, knowledge())
    assert (known.parts, known.doubts) == (frozenset(), ())


def test_a_drug_that_is_only_named_counts_for_nothing_but_can_disturb():
    known = read_name("bevacizumab, third infusion given elsewhere", knowledge())
    assert (known.parts, known.mentions) == (frozenset(), {"bevacizumab"})


def test_a_code_settles_what_its_words_leave_in_doubt():
    coded = Concept((Coding("ATC:L04AX04", "Len"),), "LD")
    assert meaning(coded, knowledge()).parts == {"lenalidomide"}
    named = Treatment("MP", agents=(Agent(Concept(text="melphalan")), Agent(Concept(text="prednisone"))))
    assert made_of(named, knowledge()).parts == {"melphalan", "prednisone"}
    assert made_of(named, knowledge()).doubts == ()


VEGF = values("vegf", "1000 pg/mL", "400 pg/mL", specimen="plasma", limit="96 pg/mL")


def test_response_is_counted_from_a_regimen_known_by_its_short_name():
    for name in ("Rd", "CyBorD", "Dara-Rd", "MDex", "ASCT", "TD", "VRd"):
        record = treated(*VEGF, treatments=(Treatment(name, start=BEGAN),))
        assert only("vegf", record).category == "PR", name


def test_a_transplantation_named_as_a_procedure_by_its_short_name_counts_too():
    record = treated(*VEGF, treatments=(), procedures=(Procedure(Concept(text="Auto-SCT"), on=BEGAN),))
    assert only("vegf", record).category == "PR"


def test_an_ambiguous_treatment_before_the_first_one_leaves_the_start_open():
    doubtful = Treatment("MP", start=PartialDate(2019, 12, 1))
    told = course(treated(*VEGF, treatments=(doubtful, drug("lenalidomide", BEGAN))))
    assert told.start.days is None
    assert "melphalan with prednisone, or methylprednisolone: name the drugs" in told.start.why
    alone = course(treated(*VEGF, treatments=(doubtful,)))
    assert alone.start.why.startswith("no treatment of the disease is known for certain: MP may be")
    assert alone.tells


def test_an_ambiguous_treatment_after_the_first_one_is_told_and_not_counted():
    later = Treatment("SCT", start=PartialDate(2021, 1, 1))
    told = course(treated(*VEGF, treatments=(drug("lenalidomide", BEGAN), later)), date(2022, 1, 1))
    assert told.start.days == BEGAN.days()
    [bar] = [bar for bar in told.bars if bar.doubt]
    assert (bar.name, bar.counts) == ("SCT", False)


def test_a_treatment_of_an_unknown_name_is_told_in_every_form_and_starts_nothing():
    unknown = Treatment("Frobnicin", start=PartialDate(2019, 12, 1))
    alone = treated(*VEGF, treatments=(unknown,))
    assert (
        course(alone).start.why == "no treatment of the disease is known for certain: the name Frobnicin is not known"
    )
    both = treated(*VEGF, treatments=(unknown, drug("lenalidomide", BEGAN)))
    assert course(both).start.days == BEGAN.days()
    for record in (alone, both):
        told = assess(record, knowledge(), date(2021, 1, 1), today=date(2021, 1, 1))
        for words in (text(told, knowledge()), html(told, knowledge())):
            assert "Frobnicin (2019-12-01)" in words
        [bar] = [
            bar for bar in json.loads(encode(told, knowledge()))["response"]["treatments"] if bar["name"] == "Frobnicin"
        ]
        assert (bar["known"], bar["counts"]) == (False, False)


def test_what_is_known_and_treats_another_disease_is_told_quietly():
    beside = Treatment("IVIg", start=PartialDate(2019, 12, 1))
    told = course(treated(*VEGF, treatments=(beside, drug("lenalidomide", BEGAN))))
    assert told.unread == ()
    assert [bar.name for bar in told.beside] == ["IVIg"]
    assert "  given too, no treatment of the disease: IVIg (2019-12-01)" in course_section(told)
    assert "no treatment of the disease is recorded" in course(treated(*VEGF, treatments=(beside,))).start.why
