from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.web.audit.models import Entry
from openpoems.web.insight.actions import make_link, open_link, revoke_link
from openpoems.web.insight.assessments import assessed, report_of
from openpoems.web.insight.models import Assessed
from openpoems.web.insight.presenter import answers
from openpoems.web.registry.actions.facts import enter, retract
from openpoems.web.registry.models import Fact, Identity, Person
from openpoems.web.registry.store import facts_in

pytestmark = pytest.mark.django_db
COURSE = Path(__file__).resolve().parents[3] / "examples" / "course.csv"


@pytest.fixture
def with_course(cast):
    """Alice with the invented course of `examples/course.csv` as her record."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    for fact in facts_in(record):
        enter(by=cast.users.alice, person=cast.people.alice, fact=fact)
    cast.people.alice.refresh_from_db()
    return cast


def test_the_record_gives_the_same_answers_as_the_file_it_came_from(with_course):
    it = answers(assessed(with_course.people.alice).document)
    assert (it.head.what, it.head.says) == ("Mayo Clinic 2023", "met")
    vegf = {line.what: line.says for line in it.response if line.what.startswith("VEGF")}
    assert vegf == dict.fromkeys(
        ("VEGF (plasma, Laboratory B)", "VEGF (serum, Laboratory A)"), "complete response (CR)"
    )
    assert any(line.says == "relapse on 2023-07-10, confirmed 2023-09-04" for line in it.turns)
    assert it.model_says.startswith("illustrative")
    assert all(line.says.startswith("cannot tell") for line in it.risks)


def test_an_assessment_is_computed_once_per_change(with_course, monkeypatch):
    first = assessed(with_course.people.alice)
    monkeypatch.setattr("openpoems.web.insight.assessments._assess", lambda *args: pytest.fail("computed again"))
    assert assessed(with_course.people.alice).document == first.document
    monkeypatch.undo()
    lesion = with_course.people.alice.facts.filter(about="sclerotic-bone-lesion").first()
    retract(by=with_course.users.alice, row=lesion, why="a mistake")
    with_course.people.alice.refresh_from_db()
    again = assessed(with_course.people.alice)
    assert again.revision > first.revision
    assert Assessed.objects.count() == 1


def test_an_empty_record_says_what_has_not_been_tested(cast):
    it = answers(assessed(cast.people.alice).document)
    assert it.head.says == "not settled yet"
    assert it.tests
    assert it.response == it.turns == ()


def test_the_pages_open_and_name_the_person_to_nobody_who_may_not_know(client, with_course):
    alice = with_course.people.alice
    client.force_login(with_course.users.nora)
    for page in ("answers", "report", "letter/links"):
        assert client.get(f"/people/{alice.pk}/{page}/").status_code == 200
    assert client.get(f"/people/{alice.pk}/letter.pdf")["Content-Type"] == "application/pdf"
    client.force_login(with_course.users.saul)
    assert client.get(f"/people/{alice.pk}/answers/").status_code == 404


def test_the_report_runs_no_script(client, with_course):
    client.force_login(with_course.users.alice)
    response = client.get(f"/people/{with_course.people.alice.pk}/report/")
    assert "<script" not in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response.content.decode() == report_of(Assessed.objects.get())


def test_pages_ask_the_same_number_of_times_however_long_the_record(client, with_course, django_assert_max_num_queries):
    client.force_login(with_course.users.alice)
    client.get(f"/people/{with_course.people.alice.pk}/answers/")
    with django_assert_max_num_queries(16):
        client.get(f"/people/{with_course.people.alice.pk}/answers/")


def test_a_link_opens_the_letter_until_it_is_closed(client, with_course):
    link, token = make_link(by=with_course.users.alice, person=with_course.people.alice, for_whom="a doctor")
    assert client.get(f"/letter/{token}/").content.startswith(b"%PDF")
    link.refresh_from_db()
    assert link.opened == 1
    assert Entry.objects.filter(action="read", place="letter-by-link", person=link.person_id).count() == 1
    revoke_link(by=with_course.users.alice, link=link)
    assert client.get(f"/letter/{token}/").status_code == 410


def test_a_link_expires(client, cast):
    link, token = make_link(by=cast.users.alice, person=cast.people.alice)
    link.expires = timezone.now() - timedelta(seconds=1)
    link.save()
    assert open_link(token) is None
    assert client.get("/letter/no-such-link/").status_code == 410


def test_a_link_of_someone_who_opted_out_opens_nothing(cast):
    _, token = make_link(by=cast.users.alice, person=cast.people.alice)
    Person.objects.filter(pk=cast.people.alice.pk).update(status="withdrawn")
    assert open_link(token) is None


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
