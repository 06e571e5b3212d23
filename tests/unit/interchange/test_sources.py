"""Opening what a user names: which files, which bytes, which format, and what to say when it cannot be read."""

import gzip
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from openpoems.errors import UnreadableInput
from openpoems.interchange import decoding, documents
from openpoems.interchange.sources import FORMS, expand, load, read_source

TABLE = "patient,kind,what,status\nA,sign,papilloedema,present\n"


def packet(name: str, **more: object) -> dict[str, object]:
    feature = {"type": {"id": "HP:0001085", "label": "Papilledema"}}
    subject = {"id": name, "sex": "FEMALE"}
    meta = {"created": "2024-01-01T00:00:00Z", "createdBy": "x", "resources": [], "phenopacketSchemaVersion": "2.0"}
    return {"id": f"{name}-1", "subject": subject, "phenotypicFeatures": [feature], "metaData": meta, **more}


def patient(name: str) -> dict[str, object]:
    return {"resourceType": "Patient", "id": name, "gender": "female"}


def condition(name: str) -> dict[str, object]:
    coding = {"system": "http://snomed.info/sct", "code": "423341008"}
    return {
        "resourceType": "Condition",
        "id": f"{name}-1",
        "subject": {"reference": f"Patient/{name}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [coding]},
    }


def lines(*documents: object) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def names(data: bytes, form: str | None = None, path: Path | None = None) -> list[tuple[str, int]]:
    """The persons in a source, and how many features each has."""
    return [(record.patient, len(record.features)) for record, _ in read_source(path, data, form=form)]


def places(data: bytes) -> list[list[str]]:
    return [[each.path for each in record.features] for record, _ in read_source(None, data, form=None)]


def complaint(data: bytes, form: str | None = None) -> str:
    with pytest.raises(UnreadableInput) as caught:
        read_source(Path("x"), data, form=form)
    assert str(caught.value).startswith("x: ")
    return str(caught.value)


class TestDetection:
    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (lines(packet("a")), [("a", 1)]),
            (json.dumps(packet("a"), indent=2).encode(), [("a", 1)]),
            (lines([packet("a"), packet("b")]), [("a", 1), ("b", 1)]),
            (lines(packet("a"), packet("b")), [("a", 1), ("b", 1)]),
            (lines({"id": "c", "members": [packet("a"), packet("b")]}), [("a", 1), ("b", 1)]),
            (lines({"proband": packet("a"), "relatives": [packet("b")]}), [("a", 1), ("b", 1)]),
            (
                lines(
                    {
                        "resourceType": "Bundle",
                        "type": "collection",
                        "entry": [{"resource": patient("a")}, {"resource": condition("a")}],
                    }
                ),
                [("a", 1)],
            ),
            (lines([patient("a"), condition("a")]), [("a", 1)]),
            (lines(patient("a"), condition("b"), patient("b"), condition("a")), [("a", 1), ("b", 1)]),
            (lines([packet("a"), patient("b"), condition("b")]), [("a", 1), ("b", 1)]),
            (TABLE.encode(), [("A", 1)]),
        ],
        ids=[
            "packet",
            "indented",
            "packets",
            "packet-lines",
            "cohort",
            "family",
            "bundle",
            "resources",
            "resource-lines",
            "both",
            "csv",
        ],
    )
    def test_by_content(self, data, found):
        assert names(data) == found

    def test_by_what_the_user_says(self):
        assert names(lines(packet("a")), "phenopacket") == [("a", 1)]
        assert names(lines(patient("a"), condition("a")), "fhir") == [("a", 1)]
        assert names(lines(patient("a"), condition("a")), "ndjson") == [("a", 1)]
        assert names(TABLE.encode(), "csv") == [("A", 1)]
        with pytest.raises(ValueError, match="phenopacket, fhir, ndjson, csv"):
            read_source(None, b"{}", form="xml")

    def test_a_suffix_makes_lines_of_a_broken_beginning(self):
        data = b'{"broken":\n' + lines(packet("a"))
        assert names(data, path=Path("x.ndjson")) == [("a", 1)]
        assert names(gzip.compress(data), path=Path("x.JSONL.gz")) == [("a", 1)]

    @pytest.mark.parametrize("form", [None, *FORMS])
    @pytest.mark.parametrize(
        "data", [b"hello", b"12", b"{}", b"[]", b"[1]", b'{"resourceType":5}', b"a,b\n1,2\n", b"null"]
    )
    def test_what_is_no_record_is_unreadable(self, data, form):
        complaint(data, form)

    def test_nothing_known_names_the_option(self):
        assert "--from" in complaint(b"hello")
        assert "XML" in complaint(b"<?xml version='1.0'?><Bundle/>")


class TestPlaces:
    def test_one_document_needs_none(self):
        assert places(lines(packet("a"))) == [["phenotypicFeatures[0]"]]

    def test_of_several_documents(self):
        one = "phenotypicFeatures[0]"
        assert places(b"\n" + lines(packet("a"), packet("b"))) == [[f"line 2: {one}"], [f"line 3: {one}"]]
        assert places(lines([packet("a"), packet("b")])) == [[f"[0].{one}"], [f"[1].{one}"]]
        assert places(lines({"members": [packet("a")]})) == [[f"members[0].{one}"]]
        family = {"proband": packet("a"), "relatives": [packet("b"), packet("c")]}
        assert places(lines(family)) == [[f"proband.{one}"], [f"relatives[0].{one}"], [f"relatives[1].{one}"]]
        assert places(lines(packet("a"), family))[3] == [f"line 2: relatives[1].{one}"]

    def test_of_resources_in_lines_and_lists(self):
        blank_first = b"\n\n" + lines(patient("a"), condition("a"))
        ((place,),) = places(blank_first)
        assert place.startswith("line 4: ")
        _, (place,) = places(lines([packet("b"), patient("a"), condition("a")]))
        assert place.startswith("[2]")

    def test_issues_have_them_too(self):
        broken = packet("b", phenotypicFeatures=[{"type": {}}])
        (_, (record, issues)) = read_source(None, lines(packet("a"), broken), form=None)
        assert [issue.path.partition(" ")[0] for issue in issues] == ["line"]
        assert issues[0].path.startswith("line 2: phenotypicFeatures[0]")
        assert record.features == ()


class TestNothingIsLost:
    def test_a_broken_line_is_reported_and_the_others_are_read(self):
        data = lines(packet("a")) + b'{"id":\n' + lines(packet("b"))
        (_, first), (_, second) = read_source(None, data, form=None)
        assert [(issue.severity, issue.path) for issue in first] == [("error", "line 2")]
        assert second == ()

    def test_a_broken_line_of_resources_may_be_about_anyone(self):
        data = lines(patient("a"), condition("a")) + b'{"id":\n' + lines(patient("b"), condition("b"))
        for _, issues in read_source(None, data, form=None):
            assert ("error", "line 3") in [(issue.severity, issue.path) for issue in issues]

    def test_a_broken_element_or_member_is_reported(self):
        for data, place in [
            (lines([packet("a"), 5]), "[1]"),
            (lines({"members": [packet("a"), 5]}), "members[1]"),
            (lines({"proband": packet("a"), "relatives": [[]]}), "relatives[0]"),
        ]:
            ((record, issues),) = read_source(None, data, form=None)
            assert (record.patient, [(each.severity, each.path) for each in issues]) == ("a", [("error", place)])

    def test_an_unread_field_of_a_cohort_is_named(self):
        data = lines({"members": [packet("a")], "files": [], "metaData": {}})
        ((_, issues),) = read_source(None, data, form=None)
        assert [(each.severity, each.path) for each in issues] == [("information", "files")]

    def test_a_number_json_cannot_hold_is_the_readers_to_report(self):
        text = json.dumps(packet("a", age=1)).replace('"age": 1', '"age": NaN, "more": 1e999')
        assert names(text.encode()) == [("a", 1)]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_read(self, encoding):
        assert names(TABLE.encode(encoding)) == [("A", 1)]
        assert names(lines(packet("a")).decode().encode(encoding)) == [("a", 1)]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_its_mark_is_named(self, encoding):
        assert "UTF-16" in complaint(TABLE.encode(encoding))

    def test_latin_1_is_named_with_its_place(self):
        data = "patient,kind,what\nA,sign,œdème\n".replace("œ", "o").encode("latin-1")
        assert f"at byte {data.index(0xE8)}; save the file as UTF-8" in complaint(data)

    @pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)])
    def test_empty(self, data):
        assert "the file is empty" in complaint(data)


class TestPacked:
    def test_gzip_is_unpacked(self):
        assert names(gzip.compress(TABLE.encode())) == [("A", 1)]
        assert names(gzip.compress(TABLE.encode()) + gzip.compress(b"A,sign,x,absent\n")) == [("A", 2)]

    @pytest.mark.parametrize(
        "spoil", [lambda data: data[:-9], lambda data: data[:12] + b"?" + data[13:], lambda data: data[:4]]
    )
    def test_damaged_gzip(self, spoil):
        assert "damaged or cut short" in complaint(spoil(gzip.compress(TABLE.encode() * 9)))

    def test_a_bomb_is_not_unpacked(self, monkeypatch):
        monkeypatch.setattr(decoding, "MAX_BYTES", 10_000)
        monkeypatch.setattr(decoding, "CHUNK_BYTES", 1_000)
        assert "larger than" in complaint(gzip.compress(b"0" * 1_000_000))

    @pytest.mark.parametrize(
        ("inside", "says"),
        [("xl/workbook.xml", "Excel workbook; save it as CSV"), ("word/document.xml", "Word"), ("a.csv", "ZIP")],
    )
    def test_archives_are_named(self, inside, says):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("[Content_Types].xml" if "/" in inside else "b", "")
            archive.writestr(inside, "")
        assert says in complaint(file.getvalue())

    @pytest.mark.parametrize(
        ("start", "says"),
        [
            (b"%PDF-1.7", "PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
            (b"\x89PNG\r\n", "picture"),
            (b"MSH|^~\\&|", "HL7 version 2"),
        ],
    )
    def test_other_files_are_named(self, start, says):
        assert says in complaint(start + bytes(range(256)))


class TestBrokenJson:
    def test_the_place_is_named(self):
        assert "at line 2, column 7:" in complaint(b'{"id":"a",\n"id": x}')
        assert "at column 8:" in complaint(b'{"id": x}')

    @pytest.mark.parametrize("data", [b'{"id":"a","subject":{"id":"x"', b'[{"id":"a"}', b"{"])
    def test_a_cut_is_suspected(self, data):
        assert "cut short" in complaint(data)

    def test_half_a_character(self):
        assert "half of a character" in complaint(b'{"id":"\\ud800","subject":{}}')

    def test_too_many_digits(self):
        complaint(b'{"subject":' + b"9" * 5_000 + b"}")

    @pytest.mark.parametrize("unit", [b"[", b'{"a":', b'{"resourceType":"Bundle","entry":['])
    @pytest.mark.parametrize("form", [None, "fhir", "ndjson"])
    def test_nesting_is_refused_at_once(self, unit, form):
        data = unit * (20_000_000 // len(unit))
        begun = time.perf_counter()
        assert "nested too deeply" in complaint(data, form)
        # The promise is two seconds for 100 MB on one core; this is a fifth of it.
        assert time.perf_counter() - begun < 2

    def test_very_many_values_are_refused(self, monkeypatch):
        monkeypatch.setattr(documents, "MAX_JSON_VALUES", 100)
        assert "more than 100 values" in complaint(b"[" + b"[]," * 200 + b"[]]")


class TestLoad:
    def test_bytes(self, tmp_path):
        (tmp_path / "x").write_bytes(b"abc")
        assert load(tmp_path / "x") == b"abc"

    def test_refusals(self, tmp_path):
        for path, says in [
            (tmp_path, "is a directory"),
            (tmp_path / "none", "cannot be opened"),
            (Path("\0"), "cannot be opened"),
        ]:
            with pytest.raises(UnreadableInput, match=says):
                load(path)

    def test_a_large_file_is_refused_before_it_is_read(self, tmp_path):
        path = tmp_path / "x.ndjson"
        with path.open("wb") as file:
            file.truncate(2_000_000_000)
        with pytest.raises(UnreadableInput, match="larger than 128 MB; split it"):
            load(path)

    def test_more_than_the_limit_is_refused_as_bytes_too(self, monkeypatch):
        monkeypatch.setattr(decoding, "MAX_BYTES", 10)
        assert "larger than" in complaint(TABLE.encode())


class TestExpand:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        for name in ("b.json", "a.csv", "sub/c.NDJSON.gz", "sub/d.jsonl", "sub/.e.json", ".git/f.json", "g.txt"):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.touch()
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            (["."], ["a.csv", "b.json", "sub/c.NDJSON.gz", "sub/d.jsonl"]),
            (["sub", "a.csv"], ["sub/c.NDJSON.gz", "sub/d.jsonl", "a.csv"]),
            (["g.txt"], ["g.txt"]),
            (["*.csv", "s*"], ["a.csv", "sub/c.NDJSON.gz", "sub/d.jsonl"]),
            (["**/*.jsonl"], ["sub/d.jsonl"]),
            (["a.csv", "a.csv", "*.csv"], ["a.csv"]),
            (["-"], ["-"]),
        ],
    )
    def test_found(self, folder, arguments, found):
        assert [path.as_posix() for path in expand(arguments)] == found

    @pytest.mark.parametrize("name", ["none.json", "*.xyz", ".git/none", "", "\0", "[", "a.csv/x"])
    def test_a_name_that_matches_nothing_is_named(self, folder, name):
        with pytest.raises(UnreadableInput) as caught:
            list(expand([name]))
        assert str(caught.value).startswith(f"{name}: ")

    def test_a_directory_without_records_is_named(self, folder):
        (folder / "empty").mkdir()
        with pytest.raises(UnreadableInput, match=r"empty: there is no file named \*\.json"):
            list(expand(["empty"]))

    def test_a_loop_of_links_ends(self, folder):
        (folder / "sub/loop").symlink_to(folder, target_is_directory=True)
        assert len(list(expand(["."]))) == 4

    def test_a_name_that_looks_like_a_pattern_is_a_name_first(self, folder):
        (folder / "[a].csv").touch()
        assert [path.name for path in expand(["[a].csv"])] == ["[a].csv"]


class TestRepeatedKeys:
    FIRST = '{"type": {"id": "HP:0001744", "label": "a: b"}}'
    TWICE = f'{{"id": "a", "subject": {{"id": "p"}}, "phenotypicFeatures": [{FIRST}], "phenotypicFeatures" : []}}'
    ONCE = f'{{"id": "a", "subject": {{"id": "q"}}, "phenotypicFeatures": [{FIRST}]}}'

    @staticmethod
    def told(text, **options):
        readings = read_source(None, text.encode(), form=options.get("form"))
        return [[issue for issue in issues if "stands twice" in issue.message] for _, issues in readings]

    def test_a_key_that_stands_twice_is_an_error_that_names_it(self):
        (((issue),),) = self.told(self.TWICE)
        assert (issue.severity, issue.path) == ("error", "document")
        assert "phenotypicFeatures" in issue.message

    def test_a_document_without_one_says_nothing(self):
        assert self.told(self.ONCE) == [[]]

    def test_an_escaped_colon_hides_nothing(self):
        hidden = self.TWICE.replace("a: b", "a\\u003a\\u003ab")
        assert [len(each) for each in self.told(hidden)] == [1]
        assert self.told(self.ONCE.replace("a: b", "a\\u003ab")) == [[]]

    def test_among_lines_only_the_packet_itself_is_told(self):
        issues = self.told(f"{self.ONCE}\n{self.TWICE}\n{self.ONCE}\n", form="ndjson")
        assert [[issue.path for issue in each] for each in issues] == [[], ["line 2"], []]
