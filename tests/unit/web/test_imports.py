import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openpoems.web.registry.actions.facts import verify
from openpoems.web.registry.models import Fact, Import, ImportRow
from openpoems.web.registry.store import record_of

pytestmark = pytest.mark.django_db

TABLE = "Date\tTest\tResult\tUnit\tReference range\n"
VEGF = "2021-04-03\tVEGF, plasma\t1200\tpg/mL\t0-115\n"
PLATELETS = "2021-04-03\tPlatelets\t450 H\t10^9/L\t150-400\n"


@pytest.fixture
def alice(client, cast):
    client.force_login(cast.users.alice)
    return cast.people.alice


def address(person):
    return f"/people/{person.pk}/imports/"


def paste(client, person, text, **told):
    return client.post(address(person), {"text": text, **told})


def previewed(client, person, text, **told):
    response = paste(client, person, text, **told)
    assert response.status_code == 302, response.content.decode()
    return Import.objects.get(pk=int(response.url.rstrip("/").rpartition("/")[2]))


def decide(client, source, act, **fields):
    rows = list(source.rows.values_list("pk", flat=True))
    data = {"act": act, "shown": rows, "wanted": rows, **fields}
    return client.post(f"/people/{source.person_id}/imports/{source.pk}/", data, follow=True)


def states(source):
    return list(source.rows.values_list("state", flat=True))


class TestOnePerson:
    def test_nothing_is_stored_before_it_is_accepted(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF + PLATELETS)
        assert (Fact.objects.count(), states(source)) == (0, ["new", "new"])
        decide(client, source, "accept")
        assert [m.value.value for m in record_of(alice).measurements] == [1200, 450]
        alice.refresh_from_db()
        assert alice.revision == 1

    def test_a_fact_knows_where_it_came_from(self, client, alice):
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        said = record_of(alice).measurements[0].provenance
        assert (said.said_by, said.document) == ("patient", "pasted table, line 2")
        assert Fact.objects.get().source == Import.objects.get()

    def test_a_file_s_name_stays_with_the_import(self, client, alice):
        client.post(address(alice), {"file": SimpleUploadedFile("Jane Doe.tsv", (TABLE + VEGF).encode())})
        source = Import.objects.get()
        decide(client, source, "accept")
        assert source.name == "Jane Doe.tsv"
        assert record_of(alice).measurements[0].provenance.document == "imported file, line 2"

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, client, cast, alice):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        asked = []
        for rows in (2, 5, 50):  # the first also begins the hour's count
            text = TABLE + "".join(f"{1950 + n}-01-01\tVEGF, serum\t{rows + n}\tpg/mL\t\n" for n in range(rows))
            with CaptureQueriesContext(connection) as queries:
                source = previewed(client, alice, text)
                decide(client, source, "accept")
            asked.append(len(queries))
        assert asked[1] == asked[2]

    def test_the_same_source_twice_adds_nothing_and_says_so(self, client, alice):
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        again = previewed(client, alice, TABLE + VEGF)
        assert states(again) == ["same"]
        page = client.get(f"{address(alice)}{again.pk}/").content.decode()
        assert "You imported exactly this on" in page
        assert "nothing to accept" in decide(client, again, "accept").content.decode()
        assert Fact.objects.count() == 1

    def test_the_same_result_in_another_unit_is_the_same(self, client, alice):
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        assert states(previewed(client, alice, TABLE + "2021-04-03\tVEGF, plasma\t1.2\tng/mL\t\n")) == ["same"]

    @pytest.mark.parametrize(
        ("line", "state"),
        [
            ("2021-04-03\tplasma VEGF\t1300\tpg/mL\t\n", "conflict"),
            ("2021-04-03\tVEGF\t<31\tpg/mL\t\n", "conflict"),
            ("2021-04-03\tVEGF, serum\t1300\tpg/mL\t\n", "new"),
            ("2021-04-04\tVEGF, plasma\t1300\tpg/mL\t\n", "new"),
        ],
    )
    def test_another_value_of_the_same_thing_and_day_is_shown_beside_the_stored_one(self, client, alice, line, state):
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        source = previewed(client, alice, TABLE + line)
        assert states(source) == [state]
        page = client.get(f"{address(alice)}{source.pk}/").content.decode()
        assert ("1200 pg/mL" in page) is (state == "conflict")

    def test_a_conflict_that_is_accepted_stands_beside_the_other(self, client, alice):
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        decide(client, previewed(client, alice, TABLE + VEGF.replace("1200", "1300")), "accept")
        assert sorted(m.value.value for m in record_of(alice).measurements) == [1200, 1300]

    def test_two_lines_of_one_table_can_stand_against_each_other(self, client, alice):
        assert states(previewed(client, alice, TABLE + VEGF + VEGF.replace("1200", "1300"))) == ["new", "conflict"]

    def test_a_row_that_is_unticked_is_left_out(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF + PLATELETS)
        decide(client, source, "accept", wanted=[source.rows.last().pk])
        assert [m.value.value for m in record_of(alice).measurements] == [450]

    def test_what_is_not_understood_is_shown_with_its_line(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF + "03/04/2021\tVEGF\t2,450\tpg/mL\t\n")
        page = client.get(f"{address(alice)}{source.pk}/").content.decode()
        assert "Line 3, column 3" in page
        assert states(source) == ["new"]

    def test_a_record_that_changed_since_is_looked_at_again(self, client, alice):
        first, second = (previewed(client, alice, TABLE + VEGF.replace("1200", value)) for value in ("1200", "1300"))
        decide(client, first, "accept")
        assert "The record changed since" in decide(client, second, "accept").content.decode()
        assert (states(second), Fact.objects.count()) == (["conflict"], 1)
        decide(client, second, "accept")
        assert Fact.objects.count() == 2

    def test_an_import_is_accepted_once(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF)
        decide(client, source, "accept")
        assert "decided already" in decide(client, source, "accept").content.decode()
        assert Fact.objects.count() == 1

    def test_an_import_is_undone_as_one_but_for_what_was_worked_on(self, client, cast, alice):
        source = previewed(client, alice, TABLE + VEGF + PLATELETS)
        decide(client, source, "accept")
        verify(by=cast.users.nora, row=Fact.objects.get(about="vegf"))
        page = decide(client, source, "undo").content.decode()
        assert "What stays" in page
        assert dict(Fact.objects.values_list("about", "state")) == {"vegf": "current", "platelets": "retracted"}
        assert Import.objects.get().state == "undone"

    def test_what_was_undone_can_be_imported_again(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF)
        decide(client, source, "accept")
        decide(client, source, "undo")
        decide(client, previewed(client, alice, TABLE + VEGF), "accept")
        assert len(record_of(alice).measurements) == 1

    def test_a_preview_that_is_discarded_leaves_no_row(self, client, alice):
        source = previewed(client, alice, TABLE + VEGF)
        decide(client, source, "discard")
        assert (ImportRow.objects.count(), Import.objects.get().state) == (0, "discarded")

    def test_an_import_of_somebody_else_is_not_found(self, client, cast, alice):
        source = previewed(client, alice, TABLE + VEGF)
        assert client.get(f"/people/{cast.people.bruno.pk}/imports/{source.pk}/").status_code == 404
        client.force_login(cast.users.bruno)
        assert client.get(f"/people/{cast.people.bruno.pk}/imports/{source.pk}/").status_code == 404
        assert client.get(f"{address(alice)}{source.pk}/").status_code == 404

    def test_a_file_does_not_verify_itself(self, client, alice):
        text = "patient,kind,what,value,unit,date,verified_by\nx,lab,VEGF,450,pg/mL,2021-04-03,clinician\n"
        decide(client, previewed(client, alice, text), "accept")
        assert record_of(alice).measurements[0].provenance.verified_by == ""

    def test_whose_a_source_is_by_its_own_number_is_asked(self, client, alice):
        source = previewed(client, alice, "MRN\tDate\tTest\tResult\nA-1\t2021-01-01\tHb\t13 g/dL\n")
        assert "make sure it is this person" in client.get(f"{address(alice)}{source.pk}/").content.decode()
        assert "A-1" not in str(source.issues)

    def test_several_people_in_one_person_s_import_are_refused(self, client, alice):
        response = paste(client, alice, "MRN,Date,Test,Result\nA,2021-01-01,Hb,13 g/dL\nB,2021-01-01,Hb,12 g/dL\n")
        assert (response.status_code, Import.objects.count()) == (400, 0)
        assert "several people" in response.content.decode()

    def test_many_rows_are_shown_page_by_page_and_each_choice_is_kept(self, client, alice):
        lines = "".join(
            f"2021-{m:02}-{d:02}\tVEGF\t{100 + m * d}\tpg/mL\t\n" for m in range(1, 13) for d in range(1, 13)
        )
        source = previewed(client, alice, TABLE + lines)
        place = f"{address(alice)}{source.pk}/"
        first = list(source.rows.values_list("pk", flat=True)[:100])
        response = client.post(place, {"to": "2", "shown": first, "wanted": first[1:]})
        assert response.url == f"{place}?page=2"
        client.post(place, {"act": "accept", "shown": [], "wanted": []})
        assert Fact.objects.count() == 143


@pytest.mark.parametrize(
    "name",
    ["phenopacket", "fhir", "csv"],
)
def test_each_form_of_file_is_read(client, alice, name):
    packet = {
        "id": "p",
        "subject": {"id": "p"},
        "phenotypicFeatures": [{"type": {"id": "HP:0001271", "label": "Polyneuropathy"}}],
        "metaData": {},
    }
    condition = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p"}},
            {
                "resource": {
                    "resourceType": "Condition",
                    "id": "c",
                    "subject": {"reference": "Patient/p"},
                    "verificationStatus": {"coding": [{"code": "confirmed"}]},
                    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "302226006"}]},
                }
            },
        ],
    }
    contents = {
        "phenopacket": json.dumps(packet),
        "fhir": json.dumps(condition),
        "csv": "patient,kind,what,status\np,sign,polyneuropathy,present\n",
    }
    file = SimpleUploadedFile(f"x.{name}", contents[name].encode())
    response = client.post(address(alice), {"file": file})
    assert response.status_code == 302, response.content.decode()
    assert ImportRow.objects.get().kind == "feature"


CENTRE = "/centres/northtown/imports/"
MANY = "Patient\tDate\tTest\tResult\nN-1\t2021-04-03\tVEGF, plasma\t1200 pg/mL\nN-2\t2021-04-03\tHb\t13 g/dL\n"


class TestCentre:
    @pytest.fixture(autouse=True)
    def numbered(self, cast):
        from openpoems.web.registry.actions.identity import identify
        from openpoems.web.registry.identity import Who

        identify(by=cast.users.nora, person=cast.people.alice, who=Who(local_number="N-1"))
        identify(by=cast.users.nora, person=cast.people.bruno, who=Who(local_number="N-3"))

    def begin(self, client, cast, text=MANY):
        client.force_login(cast.users.nora)
        response = client.post(CENTRE, {"text": text})
        assert response.status_code == 302, response.content.decode()
        return Import.objects.latest("pk")

    def accept(self, client, source, **fields):
        rows = list(source.rows.values_list("pk", flat=True))
        return client.post(
            f"{CENTRE}{source.pk}/", {"act": "accept", "shown": rows, "wanted": rows, **fields}, follow=True
        )

    def test_people_are_found_by_the_centre_s_own_number(self, client, cast):
        source = self.begin(client, cast)
        assert [row.person_id for row in source.rows.all()] == [cast.people.alice.pk, None]
        stored = json.dumps(list(source.rows.values()), default=str) + json.dumps(source.newcomers)
        assert "N-2" not in stored

    def test_who_is_not_known_is_begun_when_the_centre_says_they_agreed(self, client, cast):
        from openpoems.web.registry.consent import agrees
        from openpoems.web.registry.identity import find, who

        source = self.begin(client, cast)
        self.accept(client, source, agreed="on")
        person = find(cast.centres.northtown, "n-2")
        assert [row.person for row in source.rows.all()] == [cast.people.alice, person]
        assert who(person).local_number == "N-2"
        assert agrees(person, "centre")
        assert record_of(person).measurements[0].value.value == 13

    def test_without_their_agreement_nobody_is_begun(self, client, cast):
        from openpoems.web.registry.identity import find

        self.accept(client, self.begin(client, cast))
        assert find(cast.centres.northtown, "N-2") is None
        assert [row.person for row in ImportRow.objects.all()] == [cast.people.alice]
        assert Fact.objects.get().person == cast.people.alice

    def test_a_record_that_the_centre_may_not_see_is_not_written(self, client, cast):
        source = self.begin(client, cast, MANY.replace("N-2", "N-3"))
        assert [row.person_id for row in source.rows.all()] == [cast.people.alice.pk]
        assert any("has not agreed" in issue["message"] for issue in source.issues)

    def test_who_withdrew_since_the_preview_is_not_written(self, client, cast):
        from openpoems.web.registry.actions.consent import decide as consent

        source = self.begin(client, cast)
        consent(by=cast.users.alice, person=cast.people.alice, choices={"centre": False})
        assert "no longer agrees" in self.accept(client, source).content.decode()
        assert Fact.objects.count() == 0

    def test_the_same_number_begun_twice_is_refused_in_words(self, client, cast):
        one, other = self.begin(client, cast), self.begin(client, cast, MANY + "N-2\t2021-05-03\tHb\t12 g/dL\n")
        self.accept(client, one, agreed="on")
        page = self.accept(client, other, agreed="on").content.decode()
        assert "The record changed since" in page or "added by somebody else" in page

    def test_a_table_of_nobody_is_refused(self, client, cast):
        client.force_login(cast.users.nora)
        assert client.post(CENTRE, {"text": TABLE + VEGF}).status_code == 400

    def test_reading_what_records_say_is_logged(self, client, cast):
        from openpoems.web.audit.models import Entry

        source = self.begin(client, cast)
        client.get(f"{CENTRE}{source.pk}/")
        entry = Entry.objects.filter(place="centre-import").last()
        assert (entry.action, entry.person) == ("read", cast.people.alice.pk)

    @pytest.mark.parametrize("name", ["alice", "saul", "rosa", "adam"])
    def test_nobody_else_imports_for_a_centre(self, client, cast, name):
        client.force_login(getattr(cast.users, name))
        assert client.get(CENTRE).status_code == 404
