"""What could tell who somebody is: found wherever it stands, and no sign of the text is lost by looking."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("django")
from openpoems.web.community.danger import help_for, suggests_danger
from openpoems.web.community.identifying import pieces
from openpoems.web.community.words import cleaned

texts = st.text(max_size=300)


@given(texts)
def test_the_pieces_are_the_text(text):
    assert "".join(piece.text for piece in pieces(text)) == text


@given(texts)
def test_cleaning_twice_is_cleaning_once(text):
    assert cleaned(cleaned(text)) == cleaned(text)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("anna.m@example.org", "address"),
        ("https://example.org/me", "address"),
        ("+44 20 7946 0958", "phone"),
        ("(020) 7946-0958", "phone"),
        ("2021-04-03", "date"),
        ("3 April 2021", "date"),
        ("el 3 de abril de 2021", "date"),
        ("April 3rd, 2021", "date"),
        ("Dr. Müller", "name"),
        ("my wife Karen", "name"),
        ("me llamo Lucía", "name"),
        ("Queen Mary Hospital", "place"),
        ("in Leeds", "place"),
        ("Portugal", "place"),
        ("612 34 56 78", "phone"),
        ("942-20-25-20", "phone"),
        ("0034 612 34 56 78", "phone"),
        ("(212) 555-0187", "phone"),
        ("030/901820", "phone"),
        ("555-0142", "phone"),
        ("begona (arroba) correo punto es", "address"),
        ("@bego_poems", "address"),
        ("X1234567", "number"),
        ("12345678Z", "number"),
        ("12 Mar 2020", "date"),
        ("Sept 4", "date"),
        ("cinco de abril de 2020", "date"),
        ("the fifth of June", "date"),
        ("14-7-58", "date"),
        ("la doctora Pérez de la Fuente", "name"),
        ("Dr. J. R. R. Patel-Singh", "name"),
        ("dr smith", "name"),
        ("Nurse O'Sullivan", "name"),
        ("en la calle Alcalá, 45", "place"),
        ("at 14 Elm Grove", "place"),
        ("at St. Jude's", "place"),
        ("S10 2TN", "place"),
        ("vino desde Zaragoza", "place"),
    ],
)
@given(before=st.sampled_from(["", "I was ill. ", "then "]), after=st.sampled_from([".", " and it went on", "\n"]))
def test_what_could_tell_is_found_in_any_sentence(told, kind, before, after):
    found = [piece for piece in pieces(before + told + after) if piece.kind == kind]
    assert any(piece.text.split()[-1].strip(".,") in told for piece in found)


@pytest.mark.parametrize(
    "words",
    [
        "I fell ill in March 2019.",
        "Then VEGF was high.",
        "It took 16 months and 3 doctors.",
        "We had Lenalidomide.",
        "VEGF was 1040 pg/mL; platelets 450 000; 4 cycles of 25 mg on days 1-21.",
        "My GP sent me to the ICU. The EMG, the PET-CT and the M-protein came later.",
        "They said Guillain-Barré, then Charcot-Marie-Tooth. My Mum cried.",
        "Un lunes de abril me dijeron POEMS. El EMG y el TAC eran raros. Gracias a Dios.",
    ],
)
def test_what_tells_nothing_is_left_alone(words):
    assert [piece.kind for piece in pieces(words)] == [""]


def test_a_name_that_was_found_is_found_wherever_it_stands():
    found = [piece.text for piece in pieces("My wife Rosalind drove. Rosalind never complained.") if piece.kind]
    assert found == ["Rosalind", "Rosalind"]


@pytest.mark.parametrize("hard", ["a", "A ", "Aa-", "1 ", "Dr. A. ", "x@", "Anna de la ", "Karen ", "x (at) y ", "@a."])
def test_no_text_takes_long_to_look_at(hard):
    began = process_time()
    pieces((hard * 20_000)[:20_000])
    assert process_time() - began < 5  # about 0.3 s where it was written


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("I wanted to die", True),
        ("I don’t want to live", True),
        ("Quería morir.", True),
        ("No quiero seguir viviendo", True),
        ("pensé en suicidarme", True),
        ("It died down", False),
        ("El dolor me mataba", False),
    ],
)
def test_words_of_danger(words, danger):
    assert suggests_danger(words) is danger


def test_every_number_of_a_help_line_says_where_and_when_it_was_read():
    found = help_for("ES")
    assert found.lines[0].country == "ES"  # that of the reader's country comes first
    for line in found.lines:
        assert line.place
        assert line.number.replace(" ", "").isdigit()
        assert line.source.startswith("https://")
        assert line.verified in ("primary", "secondary", "none")
    assert {line.country for line in help_for().lines} == {line.country for line in found.lines}
