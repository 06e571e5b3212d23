import pytest

from openpoems.interchange.table import Told
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.models import Fact
from openpoems.web.registry.store import record_of
from tests.unit.interchange.test_redcap import DICTIONARY, EXPORT

FIRST = "Date\tTest\tResult\tUnit\tReference range\n2026-04-03\tVEGF, plasma\t1200\tpg/mL\t0-115\n"
SECOND = (
    "Date\tTest\tResult\tUnit\tReference range\n"
    "2026-04-03\tVEGF, plasma\t1300\tpg/mL\t0-115\n"
    "2026-04-03\tPlatelets\t450 H\t10^9/L\t150-400\n"
    "03/04/2026\tHaemoglobin\t13.2\tg/dL\t12-16\n"
    "2026-05-03\tHaemoglobin\t13.4\tg/dL\t12-16\n"
)


@pytest.fixture
def stored(cast):
    """Alice has one result, imported earlier."""
    source = sources.read("first.tsv", FIRST.encode(), Told())
    made = previews.preview_for_person(by=cast.users.alice, person=cast.people.alice, source=source, said_by="patient")
    decisions.accept(by=cast.users.alice, source=made)
    return cast.people.alice


def looks_at(someone, address, heading, picture):
    """Open a page, find it accessible, keep a picture."""
    someone.opens(address)
    someone.is_on(heading)
    someone.finds_it_accessible()
    someone.keeps_a_picture(picture)


def values(person):
    return sorted(m.value.value for m in record_of(person).measurements)


def test_a_table_with_a_conflict_by_the_keyboard_alone(someone, cast, stored):
    alice = someone(cast.users.alice)
    looks_at(alice, f"/people/{stored.pk}/imports/", "Import results", "imports-begin")
    alice.tabs_to("Paste the table here")
    alice.page.keyboard.insert_text(SECOND)
    alice.tabs_to("Look at it first")
    alice.hits("Enter")
    alice.is_on("Import: pasted table")
    for words in ("Nothing is stored yet.", "The record says", "1200 pg/mL", "Line 4, column 1"):
        alice.sees(words)
    alice.finds_it_accessible()
    alice.keeps_a_picture("imports-preview")
    assert values(stored) == [1200]
    alice.tabs_to("Platelet count (PLT), 450 ×10⁹/L · normal 150 to 400 ×10⁹/L · marked H, 3 April 2026")
    alice.hits("Space")
    alice.tabs_to("Accept")
    alice.hits("Enter")
    alice.sees("2 entries were added.")
    alice.finds_it_accessible()
    assert values(stored) == [13.4, 1200, 1300]
    alice.tabs_to("Undo this import")
    alice.hits("Enter")
    alice.sees("Undone: 2 entries were taken back.")
    assert values(stored) == [1200]
    assert Fact.objects.count() == 3


def test_on_a_phone_and_without_scripts(someone, cast, stored):
    alice = someone(cast.users.alice, phone=True, javascript=False)
    alice.opens(f"/people/{stored.pk}/imports/")
    alice.fills("Paste the table here", SECOND)
    alice.keeps_a_picture("imports-begin-phone")
    alice.presses("Look at it first")
    alice.is_on("Import: pasted table")
    alice.keeps_a_picture("imports-preview-phone")
    alice.presses("Discard")
    alice.sees("Discarded: nothing was added.")
    assert values(stored) == [1200]


def test_a_phone_s_page_is_accessible(someone, cast, stored):
    alice = someone(cast.users.alice, phone=True)
    alice.opens(f"/people/{stored.pk}/imports/")
    alice.finds_it_accessible()
    alice.fills("Paste the table here", SECOND)
    alice.presses("Look at it first")
    alice.is_on("Import: pasted table")
    alice.finds_it_accessible()


def test_a_centre_maps_its_project_and_imports_it(someone, cast, tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY)
    (tmp_path / "export.csv").write_text(EXPORT)
    nora = someone(cast.users.nora)
    nora.opens("/centres/northtown/mappings/")
    nora.fills("Name of this mapping", "POEMS study")
    nora.page.get_by_label("Data dictionary").set_input_files(tmp_path / "dictionary.csv")
    nora.finds_it_accessible()
    nora.presses("Show its fields")
    nora.is_on("What the fields mean: POEMS study")
    nora.finds_it_accessible()
    nora.keeps_a_picture("imports-mapping")
    nora.presses("Save these fields")
    nora.sees("Saved.")
    nora.opens("/centres/northtown/imports/")
    nora.page.get_by_label("Or choose a file").set_input_files(tmp_path / "export.csv")
    nora.chooses("REDCap mapping, if this is an export of REDCap", "POEMS study")
    nora.finds_it_accessible()
    nora.keeps_a_picture("imports-centre")
    nora.presses("Look at it first")
    nora.finds_it_accessible()
    nora.keeps_a_picture("imports-centre-preview")
    nora.ticks("2 people are not known here yet.")
    nora.presses("Accept")
    nora.sees("entries were added.")
    assert Fact.objects.exclude(person=cast.people.alice).count() > 5
