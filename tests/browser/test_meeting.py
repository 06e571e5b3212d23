"""Two people who are alike meet: one wishes, the other agrees, they write, one ends it, the other reports it."""

from openpoems.record import Coding, Concept, PartialDate
from openpoems.record.model import Event, Measurement, Quantity, Treatment
from openpoems.reports.traits import Traits
from openpoems.web.community.actions.members import join
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.concepts import measure_concept
from tests.alike import compared_members

LIKE = Traits(2, "female", 2, 1, 1, frozenset({"lenalidomide"}))
POEMS = Concept((Coding("OPENPOEMS:poems-syndrome"),))
PAGE = "/community/like-me/"


def member(cast, name, called):
    """A member whose record says what is compared."""
    user, person = getattr(cast.users, name), getattr(cast.people, name)
    describe(by=user, person=person, sex="female", birth_year=1965)
    onls = Measurement(
        measure_concept("onls"), Quantity(5.0, "{score}"), on=PartialDate(2026, 9, 1), note="arms 2, legs 3"
    )
    for fact in (Event("diagnosis", POEMS, PartialDate(2015, 3)), Treatment("Rd", start=PartialDate(2015, 4)), onls):
        enter(by=user, person=person, fact=fact)
    join(by=user, role="affected", name=called)


def test_two_who_are_alike_meet_and_neither_is_named_before_both_agreed(someone, cast):
    compared_members(*[LIKE] * 5)
    member(cast, "alice", "Marrow Sparrow")
    member(cast, "chloe", "Quiet Heron")
    alice, chloe = someone(cast.users.alice), someone(cast.users.chloe, phone=True)
    for each in (alice, chloe):
        each.opens(PAGE)
        each.keeps_a_picture(f"like-me-asked-{'alice' if each is alice else 'chloe-phone'}")
        each.presses("I agree: compare my record")
        assert "Some things are harder" in each.within("What is compared of you").inner_text()
        each.does_not_see("Somebody like you wishes to meet you")
    chloe.keeps_a_picture("like-me-phone")
    alice.presses("I wish to meet somebody like me")
    alice.sees("Your wish is open until")
    alice.keeps_a_picture("like-me-wish")
    chloe.opens(PAGE)
    assert "Marrow" not in chloe.reads()
    chloe.sees("Somebody like you wishes to meet you")
    chloe.keeps_a_picture("like-me-waits-phone")
    chloe.presses("I agree to meet")
    chloe.is_on("Marrow Sparrow")
    chloe.keeps_a_picture("conversation-empty-phone")
    _they_write(alice, chloe)
    _a_moderator_decides(someone(cast.users.adam), chloe)


def _they_write(alice, chloe):
    chloe.fills("Write", "Hello. My hands are slow too: how do you manage buttons?")
    chloe.presses("Send")
    alice.opens(PAGE)
    alice.presses("Quiet Heron")
    alice.sees("how do you manage buttons?")
    alice.fills("Write", "With a hook! \U0001f331 שלום")
    alice.presses("Send")
    alice.keeps_a_picture("conversation")
    assert "@example.org" not in alice.page.content() + chloe.page.content()
    chloe.page.reload()
    chloe.sees("With a hook!")
    chloe.keeps_a_picture("conversation-phone")
    chloe.page.get_by_text("If this is not good for you").click()
    chloe.finds_it_accessible()
    chloe.presses("End this conversation")
    alice.page.reload()
    alice.sees("This conversation was ended on")
    alice.does_not_see("With a hook!")
    alice.page.get_by_text("If this is not good for you").click()
    alice.fills("Report it to the moderators: what is wrong?", "They asked for money.")
    alice.presses("Report this conversation")
    alice.sees("A moderator will look at it.")
    alice.keeps_a_picture("conversation-ended")
    alice.opens(PAGE)
    alice.keeps_a_picture("like-me-met")


def _a_moderator_decides(adam, chloe):
    adam.opens("/community/moderation/")
    adam.page.get_by_text("Reported on").click()
    assert "how do you manage buttons?" in adam.within("What the other member wrote").inner_text()
    assert "Quiet Heron" not in adam.reads()
    adam.keeps_a_picture("conversation-reported")
    adam.fills("Why, to that member", "We ask nobody for money here.")
    adam.presses("Let them meet nobody for this time")
    adam.sees("Done.")
    chloe.opens(PAGE)
    chloe.sees("We ask nobody for money here.")
