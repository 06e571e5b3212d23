import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openpoems.web.registry.imports import mappings
from openpoems.web.registry.models import Fact, FieldMapping, Import
from tests.unit.interchange.test_redcap import DICTIONARY, EXPORT

pytestmark = pytest.mark.django_db
PLACE = "/centres/northtown/mappings/"


@pytest.fixture
def mapping(client, cast):
    client.force_login(cast.users.nora)
    response = client.post(PLACE, {"name": "POEMS study", "file": SimpleUploadedFile("d.csv", DICTIONARY.encode())})
    assert response.status_code == 302, response.content.decode()
    return FieldMapping.objects.get()


def fields(mapping, **changed):
    """What the page would send if everything on it were saved as it stands."""
    sent = {"missing": "-99"}
    for name, (entry, _) in mappings.proposed(mapping).items():
        sent |= {f"{name}-{part}": getattr(entry, part) for part in ("to", "what", "unit", "specimen", "date", "end")}
        sent[f"{name}-answers"] = "; ".join(f"{code} = {meaning}" for code, meaning in entry.answers.items())
    return {**sent, **changed}


def upload(client, mapping):
    file = SimpleUploadedFile("export.csv", EXPORT.encode())
    return client.post("/centres/northtown/imports/", {"file": file, "mapping": mapping.pk})


def test_suggestions_come_from_names_labels_and_choices(mapping):
    found = {name: entry for name, (entry, decided) in mappings.proposed(mapping).items() if not decided}
    assert {name: entry.to for name, entry in found.items()} == {
        "record_id": "patient",
        "sex": "sex",
        "dob": "birth",
        "lab_date": "nothing",
        "vegf": "lab",
        "ife": "lab",
        "neuropathy": "sign",
        "signs___1": "sign",
        "signs____2": "sign",
        "regimen": "nothing",
        "start": "nothing",
        "death": "nothing",
    }
    assert (found["vegf"].what, found["vegf"].unit, found["vegf"].date) == ("vegf", "pg/mL", "lab_date")
    assert found["neuropathy"].answers == {"1": "present", "0": "absent"}
    assert found["signs___1"].answers["0"] == "unknown"


def test_a_suggestion_is_never_applied_unseen(client, mapping):
    response = upload(client, mapping)
    assert response.status_code == 400
    assert "must name one field that holds the person" in response.content.decode()
    assert Import.objects.count() == 0


def test_an_export_is_read_as_it_was_decided(client, cast, mapping):
    response = client.post(f"{PLACE}{mapping.pk}/", fields(mapping, **{"vegf-specimen": "plasma"}))
    assert response.status_code == 302, response.content.decode()
    assert upload(client, mapping).status_code == 302
    source = Import.objects.get()
    assert source.form == "redcap"
    assert len(source.newcomers) == 2
    rows = list(source.rows.values_list("pk", flat=True))
    place = f"/centres/northtown/imports/{source.pk}/"
    client.post(place, {"act": "accept", "agreed": "on", "shown": rows, "wanted": rows})
    vegf = Fact.objects.filter(about="vegf")
    assert {fact.document["specimen"] for fact in vegf} == {"plasma"}
    assert Fact.objects.count() == len(rows) > 5


def test_a_mapping_that_says_nothing_sure_is_refused(client, mapping):
    response = client.post(f"{PLACE}{mapping.pk}/", fields(mapping, **{"vegf-what": ""}))
    assert response.status_code == 400
    assert "Vegf: say what it is" in response.content.decode()
    mapping.refresh_from_db()
    assert mapping.entries == {}


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a,b\n1,2\n", b"\x1f\x8b\x08", "é".encode("latin-1")])
def test_what_is_no_dictionary_is_refused(client, cast, content):
    client.force_login(cast.users.nora)
    response = client.post(PLACE, {"name": "x", "file": SimpleUploadedFile("d.csv", content)})
    assert (response.status_code, FieldMapping.objects.count()) == (400, 0)


def test_a_mapping_of_another_centre_is_not_found(client, cast, mapping):
    client.force_login(cast.users.saul)
    assert client.get(f"{PLACE}{mapping.pk}/").status_code == 404
    assert client.get(f"/centres/southport/mappings/{mapping.pk}/").status_code == 404
    assert client.post("/centres/southport/imports/", {"text": "x", "mapping": mapping.pk}).status_code == 400
