"""The HTML report, promise by promise: whole, harmless, readable by everybody, and honest about its sources."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from openpoems.criteria.assess import assess
from openpoems.errors import Issue
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record.model import (
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Provenance,
    ReferenceRange,
)
from openpoems.record.time import Age, PartialDate, Span
from openpoems.reports.html import file_name, html
from openpoems.reports.wording import CHECKED, DISCLAIMER, dated

AS_OF = date(2026, 1, 1)
HOSTILE = "<script>alert(1)</script>\"'&<!--"
MEANT = {"id", "sex", "category", "basis", "kind", "comparator", "specimen", "unit", "year", "flags"}
EMPTY_ELEMENTS = {"meta", "br", "hr", "input", "img", "link"}


def sign(code: str, *, excluded: bool = False, **more) -> Feature:
    return Feature(Concept((Coding(code, "label"),), "text"), excluded=excluded, **more)


FULL = PatientRecord(
    "pseudonym",
    sex="female",
    birth=PartialDate(1968),
    last_seen=PartialDate(2024, 2),
    features=(
        sign("HP:0001271", on=PartialDate(2022, 3), note="note", provenance=Provenance("said", "document", None, "by"), path="path"),
        sign("HP:0001085", on=PartialDate(2022, 3), path="path"),
        sign("HP:0001085", on=PartialDate(2022, 3), excluded=True, path="path"),
        sign("SNOMED:207036003", path="path"),
        sign("OPENPOEMS:cidp", excluded=True, category="disease"),
        sign("LOCAL:1", path="path"),
    ),
    measurements=(
        Measurement(
            Concept((Coding("LOINC:777-3", "label"),), "text"), Quantity(512, "10*9/L"), specimen="blood", laboratory="laboratory",
            assay="assay", reference=ReferenceRange(high=Quantity(400, "10*9/L"), text="text"), flags=("H",), note="note",
            provenance=Provenance("said", "document"), path="path",
        ),
        Measurement(
            Concept((Coding("OPENPOEMS:immunofixation-serum"),)), result=Concept(text="text"), flags=("POS",), specimen="serum", path="path",
        ),
    ),
    events=(
        Event("earlier-label", Concept(text="text"), PartialDate(2021)),
        Event("first-symptom", Concept(text="text"), PartialDate(2021)),
    ),
    references=("reference",),
)  # fmt: skip
NOBODY = PatientRecord("")


def spoilt(value, name=""):
    """The record with every free text in it made hostile."""
    if is_dataclass(value) and not isinstance(value, PartialDate | Quantity):
        return replace(value, **{f.name: spoilt(getattr(value, f.name), f.name) for f in fields(value)})
    if isinstance(value, tuple):
        return tuple(spoilt(each, name) for each in value)
    return HOSTILE if isinstance(value, str) and value and name not in MEANT else value


class Page(HTMLParser):
    """The elements of a page with their attributes, each with the elements around it, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in EMPTY_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        shown = "".join(text for within, text in self.texts if within not in {"style", "title"})
        return re.sub(r"\s+", " ", shown)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


def report(record: PatientRecord, *, editions=(), issues=()) -> str:
    return html(assess(record, knowledge(), AS_OF, today=AS_OF, editions=editions, issues=issues), knowledge())


PAGES = {"full": report(FULL), "empty": report(NOBODY), "variant": report(FULL, editions=("castleman-variant@2012",))}
pages = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def test_no_word_of_a_record_becomes_markup():
    calm = Page(report(FULL, issues=[Issue("warning", "path", "message"), Issue("information", "path", "message")]))
    hostile = report(spoilt(FULL), issues=[Issue("warning", HOSTILE, HOSTILE), Issue("information", HOSTILE, HOSTILE)])
    assert "<script" not in hostile
    assert "<!--" not in hostile
    assert [(tag, attributes) for tag, attributes, _ in Page(hostile).elements] == [
        (tag, attributes) for tag, attributes, _ in calm.elements
    ]


@pytest.mark.parametrize("where", ["pseudonym", "text", "document", "said", "laboratory", "note", "path"])
def test_what_the_record_says_is_shown_as_it_stands(where):
    """Each word of the record that the report shows, put in its place alone, so that no other can stand in for it."""

    def marked(value, name=""):
        if is_dataclass(value) and not isinstance(value, PartialDate | Quantity):
            return replace(value, **{f.name: marked(getattr(value, f.name), f.name) for f in fields(value)})
        if isinstance(value, tuple):
            return tuple(marked(each, name) for each in value)
        return HOSTILE if value == where and name not in MEANT else value

    assert HOSTILE in Page(report(marked(FULL))).text


def test_half_a_surrogate_pair_does_not_break_the_file():
    assert "p?q" in report(PatientRecord("p\ud800q")).encode("utf-8").decode("utf-8")


@pages
def test_the_file_asks_nothing_of_the_network_and_runs_nothing(page):
    parsed = Page(page)
    tags = {tag for tag, _, _ in parsed.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}
    names = {name for _, attributes, _ in parsed.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "background"}]
    assert all(attributes["href"].startswith("#") for attributes in parsed.all("a"))
    [css] = [text for within, text in parsed.texts if within == "style"]
    assert not re.search(r"url\(|@import|@font-face", css)
    assert "default-src 'none'" in page


@pages
def test_ids_are_unique_and_every_link_and_label_finds_its_own(page):
    parsed = Page(page)
    ids = Counter(attributes["id"] for _, attributes, _ in parsed.elements if "id" in attributes)
    assert set(ids.values()) == {1}
    assert {attributes["href"][1:] for attributes in parsed.all("a")} <= set(ids)
    assert {attributes["aria-labelledby"] for attributes in parsed.all("section")} <= set(ids)


@pages
def test_headings_and_landmarks_lead_through_the_page(page):
    parsed = Page(page)
    [root] = parsed.all("html")
    assert root["lang"] == "en"
    assert [len(parsed.all(tag)) for tag in ("header", "main", "footer", "h1", "title")] == [1] * 5
    levels = [int(tag[1]) for tag, _, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pages
def test_tables_have_captions_and_their_headers_a_scope(page):
    parsed = Page(page)
    assert len(parsed.all("caption")) == len(parsed.all("table"))
    assert all(attributes["scope"] in {"col", "row", "rowgroup"} for attributes in parsed.all("th"))


@pages
def test_a_status_is_a_word_and_never_a_colour_alone(page):
    badges = re.findall(r'<span class="badge [a-z-]+"><span aria-hidden="true">(.)</span> ([^<]+)</span>', page)
    assert len(badges) == page.count('class="badge') > 0
    assert {word.split(" (")[0] for _, word in badges} <= {
        "MET",
        "NOT MET",
        "UNDETERMINED",
        "present",
        "excluded",
        "unknown",
    }
    symbols = {word: symbol for symbol, word in badges if word in {"present", "excluded", "unknown"}}
    assert len(set(symbols.values())) == len(symbols)


def test_what_can_be_opened_is_large_enough_for_painful_hands():
    """44 px: WCAG 2.2, success criterion 2.5.5 (target size, enhanced)."""
    [rule] = re.findall(r"^summary \{([^}]*)\}", PAGES["full"], re.MULTILINE)
    assert "min-height: 44px" in rule
    assert "min-width: 44px" in rule


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [(text, ground) for text in ("ink", "quiet", "yes", "no", "open", "alert", "focus") for ground in ("page", "sheet")]
    + [(tone, f"{tone}-wash") for tone in ("yes", "no", "open", "alert")],
)
def test_text_stands_out_from_its_ground(scheme, text, ground):
    """4.5 to 1: WCAG 2.2, success criterion 1.4.3 (contrast, level AA), by its formula."""
    roots = re.findall(r":root \{([^}]*)\}", PAGES["full"])
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", roots[scheme]))
    darker, lighter = sorted([luminance(colours[text]), luminance(colours[ground])])
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_page_tells_its_story_in_order():
    titles = [
        "Conclusion", "What is known", "What to test next", "Other editions",
        "Castleman variant without a clonal plasma-cell disorder", "Look-alikes", "Time to diagnosis",
        "Issues in the record", "Sources",
    ]  # fmt: skip
    page = report(replace(FULL, measurements=FULL.measurements[:1]))
    assert re.findall(r"<h2 [^>]*>([^<]+)</h2>", page) == titles
    assert DISCLAIMER in Page(page).text


def test_what_to_test_next_is_the_order_itself():
    test = knowledge().tests["immunofixation"]
    text = Page(PAGES["empty"]).text
    assert f"{test.order} [source" in text
    assert "for Monoclonal plasma-cell disorder (an abnormal clone of plasma cells): found in 100 %" in text


def test_a_finding_has_its_clinical_and_its_plain_name():
    finding = knowledge().findings["polyneuropathy"]
    assert f'{finding.name} <span class="plain">{finding.plain}</span>' in PAGES["full"]


def test_evidence_has_value_unit_date_and_source():
    record = PatientRecord(
        "p",
        measurements=(
            Measurement(
                Concept(text="VEGF", codings=(Coding("OPENPOEMS:vegf"),)), Quantity(1300, "pg/mL"), specimen="plasma",
                laboratory="Laboratory B", reference=ReferenceRange(high=Quantity(100, "pg/mL")), on=PartialDate(2022, 11, 9), path="line 3",
            ),
        ),
    )  # fmt: skip
    text = Page(report(record)).text
    assert "VEGF (vegf) 1300 pg/mL, plasma (upper limit 100), 2022-11-09, by the laboratory's own range" in text
    assert "Laboratory B line 3" in text


def test_a_conflict_and_a_remark_are_not_hidden():
    before_details = re.sub(r"<details>.*?</details>", "", PAGES["full"], flags=re.DOTALL)
    assert "Conflict:" in before_details
    assert "look again" in before_details
    thyroid = report(PatientRecord("p", features=(sign("HP:0000821"),)))
    assert "Thyroid disease alone does not count as the endocrinopathy." in Page(thyroid).text


def test_every_source_that_is_cited_is_listed_with_how_far_it_was_checked():
    for page in PAGES.values():
        cited = set(re.findall(r'href="#source-(\d+)"', page))
        listed = re.findall(r'<li id="source-(\d+)">(.*?)</li>', page, re.DOTALL)
        assert [int(number) for number, _ in listed] == list(range(1, len(listed) + 1))
        assert cited == {number for number, _ in listed}
        assert all(any(words in text for words in CHECKED.values()) for _, text in listed)


def test_a_fact_that_was_only_recalled_says_so():
    """The edition of 2017 was never seen (its data file says `verified = "none"`)."""
    assert knowledge().edition("mayo@2017").cite.verified == "none"
    assert re.search(r'Mayo Clinic 2017 <a [^>]*>\[.*?\]</a> <span class="checked none">recalled</span>', PAGES["full"])


def test_the_variant_is_never_called_poems():
    """A Castleman variant with no clone is classified on its own (Dispenzieri 2012, footnote of Table 1)."""
    record = PatientRecord(
        "p",
        features=(
            sign("SNOMED:207036003"),
            sign("HP:0000969"),
            sign("OPENPOEMS:monoclonal-plasma-cell-disorder", excluded=True),
        ),
    )
    text = Page(report(record)).text
    assert "✓ MET Castleman disease variant without a clone: classified on its own, not as POEMS syndrome" in text
    assert "✕ NOT MET The record does not meet the criteria for POEMS syndrome." in text
    assert "counts when excluded: Monoclonal plasma-cell disorder" in text


def test_a_variant_of_a_disease_that_is_not_there_is_not_mentioned():
    assert "Castleman variant" not in PAGES["empty"]


def test_a_variant_that_is_ruled_out_is_not_mentioned():
    """The full record has Castleman disease and a clone: with a clone it is not the variant (Dispenzieri 2012, Table 1)."""
    assert "Castleman variant" not in PAGES["full"]


def test_an_empty_record_is_a_report_too():
    text = Page(PAGES["empty"]).text
    assert "no pseudonym given" in text
    assert "The record does not yet settle the criteria for POEMS syndrome." in text
    assert "Not known from this record." in text


def test_without_an_edition_for_poems_the_page_says_so():
    assert "No edition of the criteria for POEMS syndrome was applied." in Page(PAGES["variant"]).text


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, ""),
        (PartialDate(2021, 4), "2021-04"),
        (Age(52), "age 52 years"),
        (Age(1, 1, 0), "age 1 year 1 month"),
        (Age(0, 3), "age 0 years 3 months"),
        (Span(PartialDate(2021), None), "2021 to not known"),
    ],
)
def test_a_date_reads_as_a_person_writes_it(when, words):
    assert dated(when) == words


@pytest.mark.parametrize(
    "patient",
    [
        "p-1",
        "",
        "..",
        "../../etc/passwd",
        "C:\\Windows\\x",
        "a/b",
        ".hidden",
        "nul\x00l",
        "a\nb",
        "CON",
        "患者" * 99,
        "-rf",
        "x" * 999,
    ],
)
def test_a_file_name_stays_in_its_folder(patient):
    assessment = assess(PatientRecord(patient), knowledge(), AS_OF, today=AS_OF)
    name = file_name(assessment, 7)
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert re.fullmatch(r"poems-[\w-]+-7\.html", name)
    assert len(name.encode()) <= 255
    assert file_name(assessment, 8) != name


def test_a_file_name_shows_the_pseudonym():
    assessment = assess(FULL, knowledge(), AS_OF, today=AS_OF)
    assert (file_name(assessment, 0), file_name(assessment, 3)) == ("poems-pseudonym.html", "poems-pseudonym-3.html")
