"""The pages of a record: who may do what, what is kept, what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import Measurement, PartialDate
from openpoems.web.registry.actions import facts
from openpoems.web.registry.concepts import measure_concept
from openpoems.web.registry.conflicts import conflicts
from openpoems.web.registry.forms.register import OFFERED
from openpoems.web.registry.models import Draft, Fact
from openpoems.web.registry.store import fact_of, row_of, said_by

pytestmark = pytest.mark.django_db
VEGF = {"value": "1040", "unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15", "laboratory": "North Lab"}


@pytest.fixture
def place(cast):
    return f"/people/{cast.people.alice.pk}/"


@pytest.fixture
def alice(client, cast):
    client.force_login(cast.users.alice)
    return client


def current(cast):
    return Fact.objects.filter(person=cast.people.alice, state="current")


def vegf(cast, value, *, by, who="patient", **more):
    fact = Measurement(
        measure_concept("vegf"), Quantity(value, "pg/mL"), specimen="plasma", on=PartialDate(2021, 4, 15), **more
    )
    return facts.enter(by=by, person=cast.people.alice, fact=said_by(fact, who))


ADDRESSES = ["", "add/", "signs/", "about/", "review/", "add/score/onls/", "add/score/i-rods/"]
ADDRESSES += [f"add/{kind}/" for kind, _name in OFFERED] + [f"add/result/{id}/" for id in knowledge().measures]


def test_every_page_opens_on_an_empty_record_and_says_what_to_do(alice, place):
    for address in ADDRESSES:
        page = alice.get(place + address)
        assert (page.status_code, page.content.count(b"<h1")) == (200, 1), address
    assert b"Nothing is recorded yet" in alice.get(place).content


@pytest.mark.parametrize(
    "address", ["add/nonsense/", "add/result/nonsense/", "add/imaging/vegf/", "all/measurement/?about=x", "facts/1/"]
)
def test_what_there_is_not_is_not_found(alice, place, address):
    assert alice.get(place + address).status_code == 404


def test_a_saved_result_stands_in_the_record_with_who_said_it(alice, place, cast):
    answer = alice.post(place + "add/result/vegf/", VEGF)
    (row,) = current(cast)
    assert answer.url == f"{place}#fact-{row.pk}"
    assert fact_of(row).provenance.said_by == "patient"
    page = alice.get(place).content.decode()
    for words in (
        "Vascular endothelial growth factor",
        "1040 pg/mL",
        "15 April 2021",
        "in plasma",
        "North Lab",
        "Said by the person",
        "not verified",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("name", "who"), [("nora", "clinician"), ("lena", "clinician"), ("abel", "abstractor"), ("alice", "patient")]
)
def test_a_fact_is_said_by_whoever_enters_it(client, cast, place, name, who):
    client.force_login(getattr(cast.users, name))
    client.post(place + "add/result/vegf/", VEGF)
    assert fact_of(current(cast).get()).provenance.said_by == who


def test_a_proxy_speaks_as_a_carer(client, cast):
    client.force_login(cast.users.pat)
    client.post(f"/people/{cast.people.dora.pk}/add/result/vegf/", VEGF)
    assert fact_of(Fact.objects.get()).provenance.said_by == "carer"


@pytest.mark.parametrize("name", ["saul", "rosa", "adam", "stan", "bruno"])
def test_who_has_no_right_enters_nothing(client, cast, place, name):
    client.force_login(getattr(cast.users, name))
    for address in ("add/result/vegf/", "signs/", "about/", "drafts/keep/signs/", "prefer/"):
        assert client.post(place + address, VEGF).status_code == 404
    assert not Fact.objects.exists()
    assert not Draft.objects.exists()


def test_sending_a_form_twice_adds_nothing(alice, place, cast):
    first, second = (alice.post(place + "add/result/vegf/", VEGF, follow=True) for _ in range(2))
    assert current(cast).count() == 1
    assert "Saved" in first.content.decode()
    assert facts.ALREADY in second.content.decode()


def test_a_form_that_is_wrong_comes_back_as_it_was(alice, place, cast):
    page = alice.post(place + "add/result/vegf/", {**VEGF, "on": "5/4/2021"}).content.decode()
    assert 'value="1040"' in page
    assert 'value="5/4/2021"' in page
    assert "or the 4 May 2021" in page
    assert not current(cast).exists()


def test_the_next_result_is_filled_in_as_the_last(alice, place):
    alice.post(place + "add/result/vegf/", VEGF)
    page = alice.get(place + "add/result/vegf/").content.decode()
    assert 'value="North Lab"' in page
    assert 'value="1040"' not in page
    assert 'value="North Lab"' in alice.get(place + "add/result/platelets/").content.decode()


def test_an_unchanged_score_is_entered_again_with_one_button(alice, place, cast):
    alice.post(place + "add/score/onls/", {"arms": "2", "legs": "3", "on": "2021-04-15"})
    assert b"Nothing has changed" in alice.get(place + "add/score/onls/").content
    alice.post(place + "add/score/onls/", {"same": "1"})
    first, second = (fact_of(row) for row in current(cast).order_by("pk"))
    assert first.value == second.value == Quantity(5, "{score}")
    assert second.on != first.on


def test_unchanged_signs_are_entered_again_with_one_button(alice, place, cast):
    alice.post(
        place + "signs/", {"on": "2021-04-15", "basis": "patient", "is-ascites": "excluded", "is-fatigue": "present"}
    )
    alice.post(place + "signs/", {"same": "1"})
    assert sorted(current(cast).values_list("about", flat=True)) == ["ascites", "ascites", "fatigue", "fatigue"]


# --- drafts ---


def test_a_browser_keeps_no_copy_of_a_page(alice, place):
    for address in ("", "add/result/vegf/", "signs/", "review/"):
        page = alice.get(place + address)
        assert "no-store" in page.headers["Cache-Control"]
    assert b'autocomplete="off" data-draft' in alice.get(place + "signs/").content


def test_what_was_begun_is_there_on_return_and_gone_once_saved(alice, place):
    kept = alice.post(place + "drafts/keep/add/result/vegf/", {"value": "10", "on": "2021", "csrfmiddlewaretoken": "x"})
    assert kept.json()["says"].startswith("Kept at")
    assert Draft.objects.get().fields == {"value": "10", "on": "2021"}
    page = alice.get(place + "add/result/vegf/").content.decode()
    assert "You began this on" in page
    assert 'value="10"' in page
    assert "You began something" in alice.get(place).content.decode()
    alice.post(place + "add/result/vegf/", VEGF)
    assert not Draft.objects.exists()


def test_a_form_is_kept_for_later_without_a_script(alice, place, cast):
    answer = alice.post(place + "add/result/vegf/", {"value": "about 10", "keep": "1"})
    assert answer.url == place
    assert Draft.objects.get().fields == {"value": "about 10"}
    assert not current(cast).exists()


def test_what_was_begun_is_thrown_away_on_demand(alice, place):
    alice.post(place + "drafts/keep/signs/", {"is-ascites": "present"})
    alice.post(place + "drafts/throw-away/signs/")
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_whoever_began_it(client, cast, place):
    client.force_login(cast.users.alice)
    client.post(place + "drafts/keep/signs/", {"is-ascites": "present"})
    client.force_login(cast.users.nora)
    assert "You began" not in client.get(place).content.decode()
    assert "You began" not in client.get(place + "signs/").content.decode()


@pytest.mark.parametrize(("form", "size"), [("nonsense", 1), ("signs", 40_000)])
def test_a_draft_of_no_form_or_too_long_is_refused(alice, place, form, size):
    assert alice.post(f"{place}drafts/keep/{form}/", {"is-ascites": "x" * size}).status_code == 422


def test_without_a_session_a_draft_leads_to_sign_in(client, cast, place):
    answer = client.post(place + "drafts/keep/signs/", {})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


# --- correcting, taking back, verifying ---


def test_a_correction_keeps_what_stood_there_and_why_it_went(alice, place, cast):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    page = alice.get(f"{place}facts/{row.pk}/correct/").content.decode()
    assert 'value="1040"' in page
    alice.post(f"{place}facts/{row.pk}/correct/", {**VEGF, "value": "104"})
    new = current(cast).get()
    assert (new.replaces_id, fact_of(new).value.value) == (row.pk, 104)
    history = alice.get(f"{place}facts/{new.pk}/").content.decode()
    assert history.index("104 pg/mL") < history.index("1040 pg/mL")
    assert "corrected by a later one" in history
    assert alice.get(f"{place}facts/{row.pk}/").content.decode().count("Entered on") == 2


def test_a_correction_that_changes_nothing_adds_nothing(alice, place, cast):
    alice.post(place + "add/result/vegf/", VEGF)
    row = current(cast).get()
    answer = alice.post(f"{place}facts/{row.pk}/correct/", VEGF, follow=True)
    assert "Nothing was changed" in answer.content.decode()
    assert Fact.objects.count() == 1


def test_two_who_correct_the_same_value_lose_nothing(client, cast, place):
    client.force_login(cast.users.alice)
    client.post(place + "add/result/vegf/", VEGF)
    row = current(cast).get()
    address = f"{place}facts/{row.pk}/correct/"
    client.post(address, {**VEGF, "value": "104"})
    client.force_login(cast.users.nora)
    page = client.post(address, {**VEGF, "value": "140"})
    text = page.content.decode()
    new = current(cast).get()
    assert "changed or taken back in the meantime" in text
    assert "104 pg/mL" in text
    assert 'value="140"' in text
    assert f'action="{place}facts/{new.pk}/correct/"' in text
    client.post(f"{place}facts/{new.pk}/correct/", {**VEGF, "value": "140"})
    assert fact_of(current(cast).get()).value.value == 140


def test_a_correction_sent_twice_is_made_once(alice, place, cast):
    alice.post(place + "add/result/vegf/", VEGF)
    row = current(cast).get()
    for _ in range(2):
        answer = alice.post(f"{place}facts/{row.pk}/correct/", {**VEGF, "value": "104"}, follow=True)
    assert facts.ALREADY in answer.content.decode()
    assert Fact.objects.count() == 2


def test_a_value_taken_back_while_another_corrects_it_is_told(alice, place, cast):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    facts.retract(by=cast.users.alice, row=row, why="not mine")
    page = alice.post(f"{place}facts/{row.pk}/correct/", {**VEGF, "value": "140"}).content.decode()
    assert "taken back" in page
    assert 'value="140"' in page


def test_taking_back_needs_a_reason_and_keeps_the_history(alice, place, cast):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    assert "Say why" in alice.post(f"{place}facts/{row.pk}/take-back/", {"why": " "}).content.decode()
    alice.post(f"{place}facts/{row.pk}/take-back/", {"why": "wrong person"})
    assert not current(cast).exists()
    assert "wrong person" in alice.get(f"{place}facts/{row.pk}/").content.decode()


def test_a_clinician_verifies_with_one_click(client, cast, place):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    client.force_login(cast.users.nora)
    assert "Verify" in client.get(place).content.decode()
    assert client.post(f"{place}facts/{row.pk}/verify/").url == f"{place}#fact-{row.pk}"
    row.refresh_from_db()
    assert row.verified_by == cast.users.nora
    assert "verified by Nora" in client.get(place).content.decode()
    assert fact_of(row).provenance.verified_by == "clinician"


def test_with_a_script_verifying_changes_its_line_alone(client, cast, place):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    client.force_login(cast.users.nora)
    part = client.post(f"{place}facts/{row.pk}/verify/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith(f'<li id="fact-{row.pk}"')
    assert "verified by Nora" in part


def test_nobody_verifies_what_they_entered_themselves(client, cast, place):
    row = vegf(cast, 1040.0, by=cast.users.nora, who="clinician")
    client.force_login(cast.users.nora)
    assert "<button" not in client.get(place).content.decode().split('class="row acts"')[1].split("</div>")[0]
    part = client.post(f"{place}facts/{row.pk}/verify/", headers={"HX-Request": "true"}).content.decode()
    assert "another clinician verifies it" in part


@pytest.mark.parametrize("name", ["alice", "abel", "saul", "stan"])
def test_who_is_no_clinician_of_the_centre_verifies_nothing(client, cast, place, name):
    row = vegf(cast, 1040.0, by=cast.users.alice)
    client.force_login(getattr(cast.users, name))
    assert client.post(f"{place}facts/{row.pk}/verify/").status_code == 404
    assert client.post(f"{place}prefer/", {"among": [row.pk], "chosen": row.pk, "why": "x"}).status_code == 404


def test_a_fact_of_another_person_is_not_reached_through_this_one(client, cast, place):
    fact = Measurement(measure_concept("vegf"), Quantity(1.0, "pg/mL"))
    other = facts.enter(by=cast.users.pat, person=cast.people.dora, fact=fact)
    client.force_login(cast.users.nora)
    for address in ("", "correct/", "take-back/"):
        assert client.get(f"{place}facts/{other.pk}/{address}").status_code == 404
    assert client.post(f"{place}facts/{other.pk}/verify/").status_code == 404


# --- conflicts ---


def test_values_that_stand_against_each_other_are_shown_side_by_side_and_decided(client, cast, place):
    mine = vegf(cast, 1040.0, by=cast.users.alice)
    theirs = vegf(cast, 104.0, by=cast.users.nora, who="clinician")
    client.force_login(cast.users.lena)
    assert "another source says otherwise" in client.get(place).content.decode()
    page = client.get(place + "review/").content.decode()
    assert page.count('name="chosen"') == 2
    choice = {"among": [mine.pk, theirs.pk], "chosen": theirs.pk}
    assert "Say why" in client.post(place + "prefer/", {**choice, "why": ""}, follow=True).content.decode()
    client.post(place + "prefer/", {**choice, "why": "the report says 104"})
    assert list(current(cast)) == [theirs]
    mine.refresh_from_db()
    assert (mine.state, mine.why) == ("set-aside", "the report says 104")
    assert conflicts(cast.people.alice) == []


@pytest.mark.parametrize("choice", [{}, {"chosen": "x"}, {"among": ["1", "2"], "chosen": "1", "why": "x"}])
def test_a_decision_about_nothing_is_refused(client, cast, place, choice):
    mine = vegf(cast, 1040.0, by=cast.users.alice)
    client.force_login(cast.users.nora)
    client.post(place + "prefer/", choice)
    assert list(current(cast)) == [mine]


def test_the_person_sees_a_conflict_and_does_not_decide_it(alice, cast, place):
    vegf(cast, 1040.0, by=cast.users.alice)
    vegf(cast, 104.0, by=cast.users.nora, who="clinician")
    page = alice.get(place + "review/").content.decode()
    assert "A clinician of the centre decides" in page
    assert 'name="chosen"' not in page


def test_what_is_not_verified_is_listed(client, cast, place):
    vegf(cast, 1040.0, by=cast.users.alice)
    vegf(cast, 1040.0, by=cast.users.nora, who="clinician", laboratory="North Lab")
    client.force_login(cast.users.lena)
    assert client.get(place + "review/").content.decode().count('class="fact"') == 1


# --- the person ---


def test_what_the_record_says_of_the_person(alice, cast, place):
    alice.post(place + "about/", {"sex": "female", "birth_year": "1961", "status": "alive", "last_seen": "2024-05"})
    person = cast.people.alice
    person.refresh_from_db()
    assert (person.sex, person.birth_year, person.status, person.last_seen) == ("female", 1961, "alive", "2024-05")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_year", "61"),
        ("birth_year", "2999"),
        ("last_seen", "2999"),
        ("last_seen", "P52Y"),
        ("status", "withdrawn"),
    ],
)
def test_what_a_person_cannot_be_is_refused(alice, place, field, value):
    data = {"sex": "female", "birth_year": "1961", "status": "alive", "last_seen": "", field: value}
    assert field in alice.post(place + "about/", data).context["form"].errors


# --- how much work a page is ---


def many(cast, count):
    """Results of many measures on many days, half of them of another source."""
    measures = list(knowledge().measures)
    rows = []
    have = Fact.objects.count()
    for n in range(have, have + count):
        fact = Measurement(
            measure_concept(measures[n % 40]),
            Quantity(float(n), "pg/mL"),
            on=PartialDate(2000 + n % 20, 1 + n % 12, 1 + n % 28),
        )
        rows.append(
            row_of(
                cast.people.alice, fact, by=cast.users.alice if n % 2 else cast.users.nora, at=cast.people.alice.created
            )
        )
    Fact.objects.bulk_create(rows)


def queries(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_record(alice, cast, place):
    many(cast, 20)
    vegf(cast, 1040.0, by=cast.users.alice)
    vegf(cast, 104.0, by=cast.users.nora, who="clinician")
    alice.get(place)  # what a new session costs once
    few = queries(alice, place)
    many(cast, 600)
    assert queries(alice, place) == few
    assert few < 25
