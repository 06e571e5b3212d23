import gzip
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpoems.errors import UnreadableInput
from openpoems.interchange.table import Told
from openpoems.web.registry.imports.sources import read, shown_name
from openpoems.web.registry.models import Import
from tests.unit.interchange.test_redcap import DICTIONARY

pytestmark = pytest.mark.django_db

TABLE = b"Date\tTest\tResult\tUnit\n2021-04-03\tVEGF\t1200\tpg/mL\n"
PACKET = {
    "id": "p",
    "subject": {"id": "p"},
    "phenotypicFeatures": [{"type": {"id": "HP:0001271"}, "onset": {"age": {"iso8601duration": "P50Y"}}}],
    "measurements": [{"assay": {"id": "LOINC:777-3"}, "value": {"quantity": {"value": 450, "unit": {"id": "x"}}}}],
    "metaData": {},
}


@pytest.fixture
def place(client, cast):
    client.force_login(cast.users.alice)
    return f"/people/{cast.people.alice.pk}/imports/"


def bomb(size):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(size // 2**20):
            file.write(b"0" * 2**20)
    return packed.getvalue()


HOSTILE = {
    "empty": b"",
    "blank": b" \n\t\n",
    "nul": b"\x00" * 400,
    "nul in a table": TABLE + b"\x00\x00\tx\n",
    "picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 99,
    "pdf": b"%PDF-1.7\n",
    "workbook": b"PK\x03\x04" + b"xl/workbook.xml" * 9,
    "html": b"<html><table><tr><td>Date</td></tr></table>\n</html>",
    "latin-1": "Fecha;Prueba;Resultado\n2021-01-01;Albúmina;3,5 g/dL\n".encode("latin-1"),
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "many values": b"[" + b"[]," * 3_000_000 + b"[]]",
    "many lines": TABLE + b"\n" * 3_000_000,
    "many cells": TABLE + b";" * 3_000_000 + b"\n",
    "no record": b"[1, 2, null]",
    "nul as a name": b'{"id": "p", "subject": {"\\u0000": null}, "metaData": {}}',
    "half a character": b'{"subject": {"id": "\\ud800"}}',
    "cut short": json.dumps(PACKET).encode()[:-9],
    "damaged gzip": b"\x1f\x8b\x08\x00abc",
    "gzip twice": gzip.compress(gzip.compress(TABLE)),
    "bomb": bomb(64 * 2**20),
    "one word": b"hello",
    "dictionary": DICTIONARY.encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_a_page_that_says_why(client, place, name):
    response = client.post(place, {"file": SimpleUploadedFile("x.csv", HOSTILE[name])})
    if name == "nul in a table":  # its good line is read, and the other one is an issue
        assert response.status_code == 302
        return
    assert response.status_code == 400
    assert 'class="errorlist' in response.content.decode()
    assert Import.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_with_its_mark_is_read(client, place, encoding):
    file = SimpleUploadedFile("x.csv", TABLE.decode().encode(encoding))
    assert client.post(place, {"file": file}).status_code == 302


def test_a_packed_file_is_read(client, place):
    assert client.post(place, {"file": SimpleUploadedFile("x.csv.gz", gzip.compress(TABLE))}).status_code == 302


@pytest.mark.parametrize("megabytes", [13, 200])
def test_what_is_too_large_is_refused_before_it_is_read(client, place, megabytes):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("a byte of it was read")

    response = client.generic("POST", place, b"", CONTENT_LENGTH=str(megabytes * 2**20), **{"wsgi.input": Unread()})
    assert response.status_code == 413
    assert "12 MB" in response.content.decode()


def test_a_pasted_text_that_is_too_large_is_refused(client, place):
    assert client.post(place, {"text": "x\t" * (13 * 2**19)}).status_code in (400, 413)


def test_an_upload_is_never_written_to_the_disk(client, place, monkeypatch):
    def written(*_, **__):
        raise AssertionError("an upload was written to the disk")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", written)
    table = TABLE + b" " * (11 * 2**20)
    assert client.post(place, {"file": SimpleUploadedFile("x.tsv", table)}).status_code == 302


@pytest.mark.parametrize("blank", [" ", "\u00a0", " \u2003"])
def test_a_name_full_of_blanks_holds_nobody_up(blank):
    """Longer than the test may take, before runs of blanks were joined: the patterns tried every way to part them."""
    name = "VEGF" + blank * 20_000 + "b c"
    ((record, _),) = read("x", f"Date\tTest\tResult\n2021-04-03\t{name}\t3\n".encode(), Told()).readings
    assert [each.measure.text for each in record.measurements] == ["VEGF b c"]


def test_a_formula_is_never_taken_nor_repeated(client, place):
    text = "Date\tTest\tResult\n2021-04-03\tVEGF\t=HYPERLINK(1)\n2021-04-03\t@SUM\t3\n2021-04-03\tHb\t13 g/dL\n"
    source = client.post(place, {"text": text}, follow=True)
    assert source.status_code == 200
    assert b"HYPERLINK" not in source.content
    assert b"@SUM" not in source.content
    assert Import.objects.get().rows.count() == 1


def test_an_account_imports_so_often_in_an_hour(client, place, settings):
    settings.IMPORTS_PER_HOUR = 2
    answers = [client.post(place, {"text": "hello\nworld"}).status_code for _ in range(3)]
    assert answers == [400, 400, 429]


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\a.csv", "a.csv"), ("a\x00\nb.csv", "ab.csv"), ("x" * 300, "x" * 120)],
)
def test_a_file_s_name_is_made_harmless(given, shown):
    assert shown_name(given) == shown


@pytest.mark.parametrize(
    "fields", [{}, {"text": " "}, {"text": "x", "order": "week"}, {"text": "x\ny", "date": "soon"}]
)
def test_a_form_that_is_filled_in_wrongly_comes_back(client, place, fields):
    assert client.post(place, fields).status_code == 400


@pytest.mark.parametrize("act", ["", "burn"])
def test_an_act_that_does_not_exist_is_not_found(client, place, act):
    made = client.post(place, {"text": TABLE.decode()}).url
    assert client.post(made, {"act": act, "wanted": "x", "shown": ["1e9", "-4"]}).status_code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def mutated(draw):
    """A valid packet in which some parts were replaced by anything."""
    packet = json.loads(json.dumps(PACKET))
    for _ in range(draw(st.integers(1, 3))):
        at = packet
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(at[key], (dict, list)) or draw(st.booleans()):
                at[key] = draw(JSON)
                break
            at = at[key]
    return json.dumps(packet).encode()


@st.composite
def damaged(draw):
    """A valid table of which some bytes are others."""
    data = bytearray(TABLE * 3)
    for _ in range(draw(st.integers(1, 12))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(st.binary(max_size=200), mutated(), damaged()))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        source = read("x", data, Told())
    except UnreadableInput:
        return
    assert source.readings


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(mutated(), damaged()))
def test_any_bytes_get_a_page(cast_once, data):
    browser, place = cast_once
    response = browser.post(place, {"file": SimpleUploadedFile("x", data)}, follow=True)
    assert response.status_code in (200, 400)


@pytest.fixture
def cast_once(cast, settings):
    settings.IMPORTS_PER_HOUR = 10_000
    browser = Client()
    browser.force_login(cast.users.alice)
    return browser, f"/people/{cast.people.alice.pk}/imports/"
