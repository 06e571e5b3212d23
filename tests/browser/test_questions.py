"""Questions and answers as people meet them: finding one, saying that it is wrong, writing, reviewing, growing old."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from openpoems.knowledge.store import knowledge
from openpoems.web.accounts.models import Membership
from openpoems.web.answers import actions, people
from openpoems.web.answers.actions import bring, let_time_pass
from openpoems.web.answers.models import Answer, Remark
from tests.cast import account


@pytest.fixture
def answers(db):
    bring(at=timezone.now())


def test_somebody_finds_an_answer_by_its_words_and_says_that_it_is_unclear(someone, answers):
    visitor = someone(phone=True, javascript=False)
    visitor.opens("/")
    visitor.is_on("POEMS syndrome: clear answers, each with its sources")
    visitor.keeps_a_picture("front-phone")
    visitor.fills("What would you like to know?", "is it cancer")
    visitor.presses("Search")
    visitor.presses("Is POEMS syndrome cancer?")
    visitor.is_on("Is POEMS syndrome cancer?")
    visitor.sees("Drafted by the project from published sources. Awaiting medical review.")
    visitor.sees("What we do not know")
    visitor.page.get_by_text("Is something not right?").click()
    visitor.ticks("unclear")
    visitor.fills("What is it? (if you like)", "What is a clone?")
    visitor.presses("Tell the editors")
    visitor.is_on("Your remark")
    visitor.sees("The reply will stand on this page")
    assert Remark.objects.get().words == "What is a clone?"


def test_every_page_for_readers_is_accessible_on_a_phone(someone, answers):
    """On a desk `test_every_page.py` looks at them, as at every page."""
    visitor = someone(phone=True)
    for address, name in (
        ("/", "front"),
        ("/answers/", "questions"),
        ("/answers/transplantation/", "question"),
        ("/answers/transplantation/history/", "history"),
        ("/search/?q=wheelchair", "search"),
        ("/library/", "library"),
        ("/library/cohorts/?sort=n&order=down", "library-cohorts"),
        ("/library/cohorts/pumch-asct/", "library-cohort"),
    ):
        visitor.opens(address)
        visitor.finds_it_accessible()
        visitor.keeps_a_picture(f"{name}-phone")


def test_a_word_is_explained_where_it_stands_and_a_source_is_one_press_away(someone, answers):
    visitor = someone()
    visitor.opens("/answers/transplantation/")
    visitor.presses("plasma cells")
    visitor.sees("White blood cells that make antibodies.")
    visitor.hits("Escape")
    visitor.presses("Source 1")
    visitor.is_at("/answers/transplantation/#source-1")


def test_an_answer_is_written_reviewed_published_and_grows_overdue(someone, answers):  # noqa: PLR0915 - one long walk
    staff = {name: account(name, second_factor=True) for name in ("edith", "rhea", "ada")}
    for name, role in (("edith", "editor"), ("rhea", "reviewer"), ("ada", "administrator")):
        Membership.objects.create(user=staff[name], role=role)
    edith, rhea, ada = (someone(staff[name]) for name in ("edith", "rhea", "ada"))
    edith.opens("/desk/")
    edith.finds_it_accessible()
    edith.keeps_a_picture("answers-desk")
    edith.presses("Why should an eye doctor look?")
    edith.presses("Write the next version")
    edith.finds_it_accessible()
    edith.fills("Question:", "Why should an eye doctor look into my eyes?")
    edith.fills("Short answer:", "In 64 % the nerve is swollen.")
    edith.presses("Keep this version")
    edith.sees("types a figure")
    edith.fills(
        "Short answer:",
        "In {often.papilloedema} of people the nerve at the back of the eye is swollen. [papilloedema-what]",
    )
    edith.fills("What did you change?", "shorter")
    edith.presses("Keep this version")
    edith.sees("In 29 to 64 % of people")
    edith.presses("Send for review")
    edith.finds_it_accessible()
    edith.keeps_a_picture("answers-desk-one")

    rhea.opens("/desk/me/")
    rhea.finds_it_accessible()
    rhea.fills("Your name:", "Rhea Roe")
    rhea.fills("Your profession:", "neurologist")
    rhea.fills("Where you work:", "Northtown Clinic")
    rhea.fills("Where can an administrator see that?", "northtown.example/staff")
    rhea.presses("Tell it")
    rhea.sees("waits for an administrator")
    ada.opens("/site/reviewers/")
    ada.finds_it_accessible()
    ada.presses("Verify Rhea Roe")
    ada.sees("End for Rhea Roe")

    rhea.opens("/desk/answers/eyes/")
    rhea.presses("Ask for changes")
    rhea.sees("Say why in a sentence")
    rhea.presses("Approve and publish")
    rhea.sees("Your decision is kept, with your name.")
    visitor = someone()
    visitor.opens("/answers/eyes/")
    visitor.is_on("Why should an eye doctor look into my eyes?")
    visitor.sees("Medically reviewed")
    visitor.sees("by Rhea Roe, neurologist, Northtown Clinic")
    visitor.presses("What changed, and who reviewed it")
    visitor.sees("Approved by Rhea Roe")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("question-history")

    Answer.objects.filter(name="eyes").update(review_due=date(2026, 11, 1))
    let_time_pass(today=date(2026, 11, 1), at=timezone.now())
    visitor.opens("/answers/eyes/")
    visitor.sees("The review of this answer is overdue.")
    visitor.does_not_see("Medically reviewed")
    visitor.finds_it_accessible()
    edith.opens("/desk/")
    edith.sees("Review overdue")


@pytest.fixture
def one_answer(db, monkeypatch):
    known = knowledge()
    monkeypatch.setattr(actions, "knowledge", lambda: replace(known, answers={"eyes": known.answers["eyes"]}))
    monkeypatch.setattr(actions, "enter_the_rest", lambda: None)
    bring(at=timezone.now())


@pytest.fixture
def translating(one_answer, someone):
    """An editor and a verified reviewer, each at a browser."""
    staff = {name: account(name, second_factor=True) for name in ("edith", "rhea", "ada")}
    for name, role in (("edith", "editor"), ("rhea", "reviewer")):
        Membership.objects.create(user=staff[name], role=role)
    told = {"name": "Rhea Roe", "profession": "neuróloga", "organisation": "Valdemora", "proof": "a page"}
    rhea = people.tell_profession(by=staff["rhea"], **told, at=timezone.now())
    people.verify_reviewer(by=staff["ada"], number=rhea.pk, at=timezone.now())
    return someone(staff["edith"]), someone(staff["rhea"])


def translates(editor):
    """Every line said anew, the figures and the sources left as they are."""
    editor.fills("Question:", "¿Por qué debería mirar un oculista?")
    for label in ("Short answer:", "Full answer:", "What we do not know:", "What to ask your team:"):
        lines = editor.page.get_by_label(label, exact=True).input_value().splitlines()
        anew = [
            line.replace("## ", "## De ") if line.startswith("##") else line and f"Dicho así: {line}" for line in lines
        ]
        editor.fills(label, "\n".join(anew))


def test_an_answer_is_translated_sent_back_approved_and_met_in_spanish(someone, translating):  # noqa: PLR0915 - one long walk
    edith, rhea = translating
    edith.opens("/desk/answers/eyes/")
    edith.presses("Translate into Español")
    edith.presses("Send for review")
    edith.sees("still in the words of the original")
    edith.finds_it_accessible()
    translates(edith)
    edith.presses("Send for review")
    edith.sees("The translation waits for its own reviewer.")

    rhea.opens("/desk/")
    rhea.presses("Why should an eye doctor look?", within="Translations wait for a reviewer")
    rhea.is_on("A translation")
    rhea.finds_it_accessible()
    rhea.keeps_a_picture("answers-translation")
    rhea.fills("What should change? (needed for asking for changes)", "Diga «papiledema».")
    rhea.presses("Ask for changes")
    rhea.sees("Sent back on")

    edith.opens("/desk/answers/eyes/translate/es/")
    edith.sees("Diga «papiledema».")
    edith.finds_it_accessible()
    edith.presses("Send for review")
    rhea.opens("/desk/")
    rhea.presses("Why should an eye doctor look?", within="Translations wait for a reviewer")
    rhea.presses("Approve this translation")
    rhea.sees("Approved by Rhea Roe")

    visitor = someone(phone=True, javascript=False)
    visitor.opens("/answers/")
    visitor.presses("Español")
    visitor.presses("¿Por qué debería mirar un oculista?")
    visitor.sees("29 a 64 %")  # the range of papilloedema in findings/minor.toml
    visitor.does_not_see("Esta respuesta aún no está traducida")
    visitor.keeps_a_picture("question-spanish-phone")
