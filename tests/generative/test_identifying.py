"""What could tell who somebody is: found wherever it stands, and no sign of the text is lost by looking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("django")
from openpoems.web.community.identifying import pieces, suggests_danger
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
    ],
)
@given(before=st.sampled_from(["", "I was ill. ", "then "]), after=st.sampled_from([".", " and it went on", "\n"]))
def test_what_could_tell_is_found_in_any_sentence(told, kind, before, after):
    found = [piece for piece in pieces(before + told + after) if piece.kind == kind]
    assert any(piece.text.split()[-1].strip(".,") in told for piece in found)


@pytest.mark.parametrize(
    "words",
    ["I fell ill in March 2019.", "Then VEGF was high.", "It took 16 months and 3 doctors.", "We had Lenalidomide."],
)
def test_what_tells_nothing_is_left_alone(words):
    assert [piece.kind for piece in pieces(words)] == [""]


@pytest.mark.parametrize(
    ("words", "danger"), [("I wanted to die", True), ("Quería morir.", True), ("It died down", False)]
)
def test_words_of_danger(words, danger):
    assert suggests_danger(words) is danger
