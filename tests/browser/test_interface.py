"""A person makes a key for a program, the program reads with it, and the person ends it."""

from tests.cast import PASSWORD


def test_a_person_makes_a_key_uses_it_and_revokes_it(someone, cast):
    alice = someone(cast.users.alice, phone=True)
    alice.opens("/accounts/email/")
    alice.presses("Keys for programs")
    alice.fills("Password:", PASSWORD)
    alice.presses("Confirm")
    alice.is_on("Keys for programs")
    alice.finds_it_accessible()
    alice.fills("Which program is it for?", "My watch")
    alice.ticks("read records: facts, assessment, letter")
    alice.chooses("How long?", "90 days")
    alice.presses("Make the key")
    alice.sees("It is shown this once.")
    alice.finds_it_accessible()
    alice.keeps_a_picture("keys-phone")
    headers = {"Authorization": f"Bearer {alice.page.locator('.secret').inner_text()}"}
    read = alice.page.request.get(f"/fhir/Patient/{cast.people.alice.pk}", headers=headers)
    assert (read.status, read.json()["resourceType"]) == (200, "Patient")
    alice.opens("/keys/")
    alice.does_not_see("It is shown this once.")
    alice.presses("Revoke My watch")
    alice.sees("The key is revoked: it opens nothing any more.")
    alice.sees("revoked")
    alice.finds_it_accessible()
    assert alice.page.request.get("/api/me", headers=headers).status == 401
