import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.errors import UnreadableInput
from openpoems.interchange.redcap import Entry, Mapping, read, read_dictionary, read_entry

HEADING = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number"\n'
)
DICTIONARY = HEADING + (
    "record_id,demographics,,text,Record ID,,,\n"
    'sex,demographics,,radio,Sex,"1, Female | 2, Male",,\n'
    "dob,demographics,,text,Date of birth,,,date_ymd\n"
    "lab_date,labs,,text,Date of sample,,,date_ymd\n"
    "vegf,labs,,text,VEGF (pg/mL),,,number\n"
    'ife,labs,,dropdown,Immunofixation of serum,"0, negative | 1, positive",,\n'
    "neuropathy,exam,,yesno,<b>Polyneuropathy</b>,,,\n"
    'signs,exam,,checkbox,Signs,"1, Papilledema | -2, Edema",,\n'
    "photo,exam,,file,Photo,,,\n"
    'regimen,care,,dropdown,Treatment,"1, Lenalidomide | 2, Bortezomib",,\n'
    "start,care,,text,Start,,,date_ymd\n"
    "death,care,,text,Date of death,,,date_ymd\n"
)
FIELDS = read_dictionary(DICTIONARY)
MAPPING = Mapping(
    {
        "record_id": Entry("patient"),
        "sex": Entry("sex", answers={"1": "female", "2": "male"}),
        "dob": Entry("birth"),
        "vegf": Entry("lab", "vegf", unit="pg/mL", specimen="plasma", date="lab_date"),
        "ife": Entry("lab", "immunofixation-serum", date="lab_date", answers={"0": "negative", "1": "positive"}),
        "neuropathy": Entry("sign", "polyneuropathy", answers={"1": "present", "0": "absent"}),
        "signs___1": Entry("sign", "papilloedema", answers={"1": "present", "0": "unknown"}),
        "regimen": Entry("treatment", date="start"),
        "death": Entry("event", "death"),
    },
    frozenset({"-99"}),
)
EXPORT = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,dob,lab_date,vegf,ife,neuropathy,"
    "signs___1,signs____2,regimen,start,death,labs_complete\n"
    "7,base,,,1,1961-04,2021-04-03,1200,1,1,1,0,1,2021-05-01,,2\n"
    "7,later,labs,2,,,2021-09-03,<31,-99,,0,1,,,2024-02-01,2\n"
    "8,base,,,Male,1950,2021-04-03,2450,,No,0,0,,,,0\n"
)


def test_a_dictionary_s_choices_and_boxes():
    by_name = {field.name: field for field in FIELDS}
    assert by_name["sex"].choices == (("1", "Female"), ("2", "Male"))
    assert by_name["neuropathy"].choices == (("1", "Yes"), ("0", "No"))
    assert by_name["neuropathy"].label == "Polyneuropathy"
    assert by_name["signs____2"].label == "Signs: Edema"
    assert "photo" not in by_name
    assert by_name["lab_date"].is_date


def test_lines_of_events_and_repeats_are_one_person():
    (seven, issues), (eight, _) = read(EXPORT, FIELDS, MAPPING)
    assert (seven.patient, seven.sex, str(seven.birth)) == ("7", "female", "1961-04")
    assert [(m.comparator, m.value and m.value.value, str(m.on), m.specimen) for m in seven.measurements] == [
        ("", 1200, "2021-04-03", "plasma"),
        ("", None, "2021-04-03", ""),
        ("<", 31, "2021-09-03", "plasma"),
    ]
    assert seven.measurements[1].result.text == "positive"
    assert [(f.concept.text, f.excluded) for f in seven.features] == [
        ("polyneuropathy", False),
        ("papilloedema", False),
    ]
    assert (seven.treatments[0].regimen, str(seven.treatments[0].start)) == ("Lenalidomide", "2021-05-01")
    assert (seven.events[0].kind, str(seven.events[0].on)) == ("death", "2024-02-01")
    assert (eight.sex, [(f.concept.text, f.excluded) for f in eight.features]) == ("male", [("polyneuropathy", True)])
    assert {issue.path for issue in issues if issue.severity == "information"} >= {"column signs____2"}


def test_a_box_that_is_not_ticked_is_unknown_and_never_no():
    (_, (eight, issues)) = read(EXPORT, FIELDS, MAPPING)
    assert all(feature.concept.text != "papilloedema" for feature in eight.features)
    assert any(issue.path == "line 4, column signs___1" for issue in issues)


def test_what_is_not_mapped_is_said_and_not_read():
    record, issues = read("record_id,vegf,weight\n7,1200,70\n", FIELDS, Mapping({"record_id": Entry("patient")}))[0]
    assert record.measurements == ()
    assert [(i.severity, i.path) for i in issues] == [("information", "column vegf"), ("warning", "column weight")]


def test_an_answer_without_a_meaning_is_not_guessed():
    mapping = Mapping({**MAPPING.entries, "neuropathy": Entry("sign", "polyneuropathy", answers={"1": "present"})})
    record, issues = read("record_id,neuropathy\n7,0\n", FIELDS, mapping)[0]
    assert record.features == ()
    assert [(i.severity, i.path) for i in issues] == [("error", "line 2, column neuropathy")]


def test_a_code_that_is_no_choice_is_no_result():
    record, issues = read("record_id,ife\n7,-88\n7,positive\n", FIELDS, MAPPING)[0]
    assert [m.result.text for m in record.measurements] == ["positive"]
    assert [(i.severity, i.path) for i in issues] == [("error", "line 2, column ife")]


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("", MAPPING),
        ("vegf\n12\n", MAPPING),
        ("record_id\n", MAPPING),
        (EXPORT, Mapping({})),
    ],
)
def test_an_export_that_cannot_be_read_is_refused(text, mapping):
    with pytest.raises(UnreadableInput):
        read(text, FIELDS, mapping)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEADING, HEADING + "Bad Name,f,,text,l,,,\n"])
def test_what_is_no_dictionary_is_refused(text):
    with pytest.raises(UnreadableInput):
        read_dictionary(text)


@pytest.mark.parametrize(
    "document",
    [
        {"to": "wish"},
        {"to": "lab"},
        {"to": "sign", "what": "x"},
        {"to": "sign", "what": "x", "answers": {"1": "maybe so"}},
        {"to": "sex", "answers": {"1": "blue"}},
        {"surprise": 1},
    ],
)
def test_an_entry_that_says_nothing_sure_is_refused(document):
    with pytest.raises(UnreadableInput, match=r"^vegf: "):
        read_entry("vegf", document)


CELLS = st.lists(st.text(alphabet='0123456789,"\n=-<x', max_size=6), min_size=1, max_size=6)


@given(st.lists(CELLS, max_size=6))
def test_any_lines_end_as_facts_or_issues(lines):
    text = "record_id,vegf,sex\n" + "\n".join(",".join(line) for line in lines)
    try:
        readings = read(text, FIELDS, MAPPING)
    except UnreadableInput:
        return
    assert all(issue.path for _, issues in readings for issue in issues)
