from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import Agent, Coding, Concept, Measurement, PartialDate, ReferenceRange, Treatment
from openpoems.web.audit.models import Entry
from openpoems.web.insight import words
from openpoems.web.insight.actions import DAYS, make_link, open_link, revoke_link
from openpoems.web.insight.assessments import assessed, letter_of, report_of
from openpoems.web.insight.models import Assessed
from openpoems.web.insight.open import answers_of
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import retract
from openpoems.web.registry.models import Fact, Identity, Person
from openpoems.web.registry.store import facts_in, row_of

pytestmark = pytest.mark.django_db
COURSE = Path(__file__).resolve().parents[3] / "examples" / "course.csv"
VEGF = Concept((Coding("OPENPOEMS:vegf", "VEGF"),), "VEGF")


def fill(person, by, facts):
    """Facts as the record of a person, stored at once."""
    rows = [row_of(person, fact, by=by, at=timezone.now()) for fact in facts]
    Fact.objects.bulk_create({row.digest: row for row in rows}.values())
    Person.objects.filter(pk=person.pk).update(revision=person.revision + 1)
    person.refresh_from_db()


@pytest.fixture
def with_course(cast):
    """Alice with the invented course of `examples/course.csv` as her record."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    fill(cast.people.alice, cast.users.alice, facts_in(record))
    return cast


def vegf(value, on, limit=96.2, specimen="plasma"):
    high = ReferenceRange(high=Quantity(limit, "pg/mL"))
    return Measurement(VEGF, Quantity(value, "pg/mL"), specimen=specimen, laboratory="Lab", reference=high, on=on)


# --- the answers


def test_the_answer_stands_first_and_counts_from_the_latest_treatment(with_course):
    """VEGF, oedema and ONLS are what examples/course.csv holds after the treatment of May 2024."""
    it = answers_of(with_course.people.alice)
    assert it.working.short == "Yes, on all that was looked at, as of 11 November 2024."
    (sentence,) = it.working.sentences
    assert sentence.startswith("Better since daratumumab + lenalidomide + dexamethasone began, 6 May 2024: ")
    assert sentence.endswith(": VEGF (plasma, Laboratory B), Peripheral oedema, ONLS.")
    assert it.unseen == (
        "VEGF (serum, Laboratory A)",
        "M-protein (serum, Laboratory A)",
        "FDG-PET",
        "Papilloedema",
        "Grip strength",
    )
    assert (it.seen[0].name, it.seen[0].term) == ("VEGF (plasma, Laboratory B)", "complete response (CR)")


def test_a_relapse_before_the_latest_treatment_is_told_as_earlier(with_course):
    it = answers_of(with_course.people.alice)
    assert it.back.short == "Not shown by what was looked at, up to 11 November 2024."
    assert "does not exclude relapse" in it.back.sentences[0]
    assert it.back.sentences[-1] == "Last looked at on an earlier day: ONLS (5 August 2024)."
    assert it.earlier[0] == ("VEGF (plasma, Laboratory B): relapse on 10 July 2023, confirmed on 4 September 2023.")
    assert "FDG-PET: relapse on 20 February 2024, not confirmed by a second result." in it.earlier


def test_the_diagnosis_and_the_model_are_answered_too(with_course):
    it = answers_of(with_course.people.alice)
    assert it.poems.sentences == ("The record meets the criteria of Mayo Clinic 2023.",)
    assert it.model_says.startswith("illustrative")
    assert all(line.says.startswith("cannot tell") for line in it.risks)


def test_what_changed_is_told_since_the_visit_before_the_last(with_course):
    it = answers_of(with_course.people.alice)
    assert it.since == "5 August 2024"
    assert "VEGF (plasma, Laboratory B): from partial response (PR) to complete response (CR)." in it.news
    assert it.news[-1] == (
        "VEGF (plasma, Laboratory B): 92 pg/mL on 11 November 2024; before: 180 pg/mL on 5 August 2024."
    )


def test_a_relapse_that_waits_for_its_confirmation_is_a_question(cast):
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    early = [fact for fact in facts_in(record) if str(getattr(fact, "on", None) or fact.start) <= "2023-07-10"]
    fill(cast.people.alice, cast.users.alice, early)
    it = answers_of(cast.people.alice)
    assert it.working.short == "Not on everything, as of 10 July 2023."
    assert it.back.short == "Perhaps, since 10 July 2023: a second result is missing."
    assert it.asks[0] == (
        "VEGF (plasma, Laboratory B) showed a relapse on 10 July 2023. When is it measured again, to confirm it?"
    )


def test_what_turned_is_told_with_its_day_and_what_came_after(cast):
    """ONLS 6 before treatment, 2, then 4 twice (a confirmed progression from 2), then 1: better than before treatment."""
    onls = Concept((Coding("OPENPOEMS:onls", "ONLS"),), "ONLS")
    drug = Agent(Concept((Coding("OPENPOEMS:lenalidomide"),)))
    days = ((6.0, 2020, 1, 1), (2.0, 2020, 6, 1), (4.0, 2021, 1, 1), (4.0, 2021, 6, 1), (1.0, 2022, 1, 1))
    scores = [Measurement(onls, Quantity(v, "{score}"), on=PartialDate(*day)) for v, *day in days]
    line = Treatment("lenalidomide", (drug,), start=PartialDate(2020, 1, 10))
    fill(cast.people.alice, cast.users.alice, [line, *scores])
    it = answers_of(cast.people.alice)
    assert it.back.short == "The record shows it, last on 1 January 2021."
    (sentence,) = it.back.sentences
    assert sentence.startswith("ONLS: progression on 1 January 2021, confirmed on 1 June 2021. ")
    assert sentence.endswith(". On 1 January 2022: improved, compared with before the treatment.")


def test_what_is_due_and_unverified_is_asked(with_course):
    """The rule of followup.toml: VEGF every 6 months; nothing of the file was verified by a clinician."""
    it = answers_of(with_course.people.alice)
    assert it.asks[0].startswith("VEGF was last measured on 11 November 2024; once in 6 months is proposed.")
    entries = with_course.people.alice.facts.count()
    assert it.asks[-1] == f"{entries} entries were not yet looked at by a clinician. Can they be checked?"


def test_every_category_of_the_knowledge_has_words():
    used = {category.name for rule in knowledge().response.rule.values() for category in rule.category}
    assert used <= set(words.CATEGORIES)


def test_a_score_is_told_with_its_parts(cast):
    onls = Concept((Coding("OPENPOEMS:onls", "ONLS"),), "ONLS")
    score = Measurement(onls, Quantity(5.0, "{score}"), on=PartialDate(2024, 3, 1), note="arms 2, legs 3\ntired")
    fill(cast.people.alice, cast.users.alice, [score])
    (walking,) = (panel for panel in answers_of(cast.people.alice).panels if panel.part.id == "walking")
    assert [row.parts for row in walking.series[0].rows] == ["arms 2, legs 3"]


# --- records that are hard


def test_an_empty_record_says_so_and_what_has_not_been_tested(client, cast):
    it = answers_of(cast.people.alice)
    assert (it.working.short, it.back.short, it.poems.short) == ("Cannot tell yet.", "Cannot tell.", "Not settled yet.")
    assert it.tests
    assert it.seen == it.news == ()
    client.force_login(cast.users.alice)
    assert (
        "There is nothing in the record yet" in client.get(f"/people/{cast.people.alice.pk}/answers/").content.decode()
    )


def test_one_value_is_drawn_and_compared_with_nothing(cast):
    fill(cast.people.alice, cast.users.alice, [vegf(500.0, PartialDate(2024, 3, 1))])
    it = answers_of(cast.people.alice)
    assert it.since == ""
    assert it.working.short == "Cannot tell yet."
    assert it.panels[0].series[0].last == "Last: 500 pg/mL, above the limit (96.2), on 1 March 2024."
    assert it.panels[0].series[0].picture.startswith("<svg")


def test_contradictory_values_are_not_drawn_and_named(cast):
    day = PartialDate(2024, 3, 1)
    values = [vegf(500.0, day), vegf(700.0, day), vegf(90.0, PartialDate(2024, 9, 2))]
    fill(cast.people.alice, cast.users.alice, values)
    it = answers_of(cast.people.alice)
    left_out = it.panels[0].series[0].left_out
    assert [said.partition(",")[0] for said in left_out] == ["Not drawn: 500 pg/mL", "Not drawn: 700 pg/mL"]
    assert all("1 March 2024: another result of the same series and day says otherwise" in said for said in left_out)


def test_many_values_are_one_page_of_the_same_questions(client, cast):
    """The number of queries is that of a short record, and the page stays light."""
    alice = cast.people.alice
    address = f"/people/{alice.pk}/answers/"
    client.force_login(cast.users.alice)

    def asked():
        client.get(address)  # assessed and kept
        with CaptureQueriesContext(connection) as few:
            response = client.get(address)
        return len(few), response.content.decode()

    first = date(2000, 1, 1).toordinal()
    fill(
        alice,
        cast.users.alice,
        [vegf(100.0 + n % 7, PartialDate.of(date.fromordinal(first + 3 * n))) for n in range(40)],
    )
    few, _ = asked()
    more = [vegf(200.0 + n % 7, PartialDate.of(date.fromordinal(first + 3 * n))) for n in range(40, 600)]
    fill(alice, cast.users.alice, more)
    many, text = asked()
    assert few == many <= 24  # PostgreSQL counts its savepoints too
    assert "All 600 values are in the record" in text
    assert text.count("<tr>") < 200


# --- kept


def test_an_assessment_is_computed_once_per_change_also_for_the_letter(client, with_course, monkeypatch):
    alice = with_course.people.alice
    first = assessed(alice)
    monkeypatch.setattr("openpoems.web.insight.assessments.assess", lambda *args, **more: pytest.fail("computed again"))
    assert assessed(alice).document == first.document
    assert letter_of(alice, {"Name": "Alice"}).who[0].says == "Alice"
    client.force_login(with_course.users.alice)
    for address in ("answers/", "report/", "letter.pdf"):
        assert client.get(f"/people/{alice.pk}/{address}").status_code == 200
    monkeypatch.undo()
    lesion = alice.facts.filter(about="sclerotic-bone-lesion").first()
    retract(by=with_course.users.alice, row=lesion, why="a mistake")
    alice.refresh_from_db()
    again = assessed(alice)
    assert again.revision > first.revision
    assert Assessed.objects.count() == 1


def test_the_kept_letter_names_nobody(with_course):
    letter = letter_of(with_course.people.alice, {})
    assert [row.what for row in letter.who][:1] == ["Record"]


def test_a_clinician_reads_the_same_words(client, with_course):
    said = []
    for user in (with_course.users.alice, with_course.users.nora):
        client.force_login(user)
        text = client.get(f"/people/{with_course.people.alice.pk}/answers/").content.decode()
        said.append(text[text.index('<div class="answers">') : text.index('aria-labelledby="take"')])
    assert said[0] == said[1]


def test_the_pages_open_and_name_the_person_to_nobody_who_may_not_know(client, with_course):
    alice = with_course.people.alice
    client.force_login(with_course.users.nora)
    for page in ("answers", "report", "letter/links"):
        assert client.get(f"/people/{alice.pk}/{page}/").status_code == 200
    assert client.get(f"/people/{alice.pk}/letter.pdf")["Content-Type"] == "application/pdf"
    client.force_login(with_course.users.saul)
    assert client.get(f"/people/{alice.pk}/answers/").status_code == 404


def test_words_of_a_record_are_escaped_in_the_page_and_its_pictures(client, cast):
    named = vegf(500.0, PartialDate(2024, 3, 1))
    evil = Measurement(
        named.measure, named.value, specimen="plasma", laboratory="<script>alert(1)</script>", on=named.on
    )
    fill(cast.people.alice, cast.users.alice, [evil])
    client.force_login(cast.users.alice)
    text = client.get(f"/people/{cast.people.alice.pk}/answers/").content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_the_report_runs_no_script(client, with_course):
    client.force_login(with_course.users.alice)
    response = client.get(f"/people/{with_course.people.alice.pk}/report/")
    assert "<script" not in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response.content.decode() == report_of(Assessed.objects.get())


# --- the letter by link


def test_a_link_opens_the_letter_until_it_is_closed(client, with_course):
    link, token = make_link(by=with_course.users.alice, person=with_course.people.alice, for_whom="a doctor")
    assert client.get(f"/letter/{token}/").content.startswith(b"%PDF")
    link.refresh_from_db()
    assert link.opened == 1
    assert Entry.objects.filter(action="read", place="letter-by-link", person=link.person_id).count() == 1
    revoke_link(by=with_course.users.alice, link=link)
    assert client.get(f"/letter/{token}/").status_code == 410


def test_a_link_expires_and_is_then_no_more_to_be_closed(client, cast):
    link, token = make_link(by=cast.users.alice, person=cast.people.alice)
    client.force_login(cast.users.alice)
    address, close = (
        f"/people/{link.person_id}/letter/links/",
        f"/people/{link.person_id}/letter/links/{link.pk}/close/",
    )
    assert close in client.get(address).content.decode()
    assert f"after {DAYS} days" in client.get(address).content.decode()
    link.expires = timezone.now() - timedelta(seconds=1)
    link.save()
    assert open_link(token) is None
    text = client.get(address).content.decode()
    assert "closed by itself" in text
    assert close not in text
    assert client.get("/letter/no-such-link/").status_code == 410


def test_a_link_of_someone_who_opted_out_opens_nothing(cast):
    _, token = make_link(by=cast.users.alice, person=cast.people.alice)
    Person.objects.filter(pk=cast.people.alice.pk).update(status="withdrawn")
    assert open_link(token) is None


def test_a_new_link_is_shown_once_and_on_no_other_persons_page(client, with_course):
    client.force_login(with_course.users.nora)
    alice, dora = (f"/people/{one.pk}/letter/links/" for one in (with_course.people.alice, with_course.people.dora))
    assert client.post(alice, {"for_whom": "a doctor"}).status_code == 302
    assert client.get(dora).context["address"] == ""
    assert "/letter/" in client.get(alice).context["address"]
    assert client.get(alice).context["address"] == ""


def test_a_link_opens_no_more_than_its_maker_may(cast):
    alice = cast.people.alice
    _, of_nora = make_link(by=cast.users.nora, person=alice)
    _, of_alice = make_link(by=cast.users.alice, person=alice)
    assert open_link(of_nora) is not None
    decide(by=cast.users.alice, person=alice, choices={"centre": False})
    assert open_link(of_nora) is None
    assert open_link(of_alice) is not None
    cast.users.alice.is_active = False
    cast.users.alice.save()
    assert open_link(of_alice) is None


def test_only_the_digest_of_a_token_is_kept(cast):
    link, token = make_link(by=cast.users.alice, person=cast.people.alice)
    assert token not in str(vars(link))


def test_erasing_a_person_takes_assessment_and_links_along(with_course):
    assessed(with_course.people.alice)
    make_link(by=with_course.users.alice, person=with_course.people.alice)
    Fact.objects.all().delete()
    Identity.objects.all().delete()
    with_course.people.alice.delete()
    assert Assessed.objects.count() == 0
