"""Whatever is asked of `/fhir/`, the answer is FHIR and never a server error; what one account sees stays its own."""

import json

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpoems.web.api.actions import make_key
from openpoems.web.fhir.table import served
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import facts_in, row_of
from tests.generative.records import records

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
NAMES = [
    *sorted({name for each in served().values() for name in each.parameters}), "_count", "_sort", "_include", "_page", "_summary", "_total", "_format", "_revinclude", "foo", "", "date:missing",
    "code:not", "code:text", "subject:Patient", "patient.name", "_lastUpdated:missing", "_type", "_since",
]  # fmt: skip
DATES = st.sampled_from(
    ["2019", "ge2019-02", "le2020-01-31", "ne2019", "ap2018", "sa9999-12-31", "eb0001", "gt0000", "2019-13", "lt",
     "2019-02-30", "2020-01-01T10:00", "2020-01-01T10:00:00Z", "ge2020-01-01T10:00:00.5+02:00", "ap0001-01-01", "9999"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["", "|", "||", ",", "\\,", "a|b", "|b", "a|", "http://loinc.org|", "vegf", "laboratory", "true", "1", "0", "-1", "99999999999",
     "-date", "date,-_id", "Observation:patient", "Patient/x", "x/Patient/", "count", "json", "xml", "$", "%00", "\x00", "é", "😀"]
)  # fmt: skip
VALUES = DATES | WORDS | st.text(max_size=12)
PATHS = [
    *served(),
    "Patient/{pk}",
    "Patient/{pk}/$everything",
    "Patient/{pk}/$summary",
    "Observation/_search",
    "Foo",
    "metadata",
]


@pytest.fixture
def alice(cast, settings):
    """A client of Alice, whose record holds a few facts."""
    settings.API_PER_MINUTE = 1_000_000
    _key, secret = make_key(by=cast.users.alice, name="x", scopes=["view-record", "view-identity", "consent"], days=1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def answered(answer):
    """FHIR, or nothing that changed; never a fault of the server."""
    assert answer.status_code < 500, answer.content
    if answer.status_code != 304:
        assert answer["Content-Type"].startswith("application/fhir+json")
        told = json.loads(answer.content)
        assert told["resourceType"] in (*served(), "Bundle", "OperationOutcome", "CapabilityStatement")
        assert (told["resourceType"] == "OperationOutcome") is (answer.status_code >= 400)


def test_no_search_is_a_server_error(cast, alice):
    pk = cast.people.alice.pk

    @FEW
    @given(st.sampled_from(PATHS), st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=4), st.booleans())
    def ask(path, pairs, lenient):
        headers = {"Prefer": "handling=lenient"} if lenient else {}
        answered(alice.get(f"/fhir/{path.format(pk=pk)}", pairs_of(pairs), headers=headers))

    ask()


def pairs_of(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_no_address_is_a_server_error(cast, alice):
    @FEW
    @given(
        st.lists(
            st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1, max_size=8),
            max_size=4,
        )
    )
    def ask(parts):
        answered(alice.get("/fhir/" + "/".join(parts)))

    ask()


def test_any_record_is_served_whole_and_valid(cast, alice):
    person = cast.people.alice

    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(records(max_facts=3))
    def serve(record):
        person.facts.all().delete()
        rows = [row_of(person, fact, by=None, at=timezone.now()) for fact in facts_in(record)]
        Fact.objects.bulk_create({row.digest: row for row in rows}.values())
        Person.objects.filter(pk=person.pk).update(revision=F("revision") + 1)
        told = alice.get(f"/fhir/Patient/{person.pk}/$everything")
        answered(told)
        get_fhir_model_class("Bundle").model_validate_json(told.content)
        ids = {f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in told.json()["entry"]}
        assert len(ids) == len(told.json()["entry"])
        assert set(references(told.json())) <= ids

    serve()


def references(element):
    """What references in it say, but those to what is contained."""
    if isinstance(element, dict):
        own = [element["reference"]] if isinstance(element.get("reference"), str) else []
        return [each for each in own if not each.startswith("#")] + [r for v in element.values() for r in references(v)]
    return [each for value in element for each in references(value)] if isinstance(element, list) else []
