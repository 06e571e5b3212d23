"""What a clinician finds about one person besides the record: prognosis, treatment as published, similar people."""

import pytest

from openpoems.record import Coding, Concept, Event, Feature, PartialDate
from openpoems.web.registry.actions.facts import enter

POEMS = Concept((Coding("OPENPOEMS:poems-syndrome"),))
MARROW = Concept((Coding("OPENPOEMS:clonal-marrow-plasma-cells"),))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_clinician_reads_factors_and_publications_and_goes_to_similar_people(someone, cast, phone):
    alice, nora = cast.people.alice, cast.users.nora
    for fact in (Event("diagnosis", POEMS, PartialDate(2024, 3, 5)), Feature(MARROW, on=PartialDate(2024, 3, 5))):
        enter(by=nora, person=alice, fact=fact)
    reader = someone(nora, phone=phone)
    reader.opens(f"/people/{alice.pk}/course/")
    reader.sees("0 to 4 of 4 factors, as some are unknown")
    reader.sees("No survival is told:")
    reader.sees("Decided by: Clonal plasma cells in bone marrow.")
    reader.page.locator("details.setting summary").first.click()
    reader.finds_it_accessible()
    reader.keeps_a_picture(f"course-care-{'phone' if phone else 'desk'}")
    reader.tabs_to("Similar people")
    reader.hits("Enter")
    reader.is_on("Similar people")
    reader.sees("This record cannot be put beside others")
    reader.finds_it_accessible()
