"""Members join, are counted on the map and leave it again; a story on its way from its author to readers."""

from datetime import timedelta

from django.utils import timezone

from openpoems.web.accounts.models import User
from openpoems.web.community.actions.members import choose_map, describe, join
from openpoems.web.community.actions.stories import begin
from openpoems.web.community.map import publish_map
from openpoems.web.community.models import Member

COUNTED = ((4, "PT", "affected"), (31, "DE", "affected"), (60, "US", "affected"), (12, "JP", "clinician"))


def members(number, country, role="affected"):
    """Members who joined long ago and are counted in their country."""
    for n in range(number):
        user = User.objects.create_user(f"{country}{role}{n}@example.org")
        member = join(by=user, role=role, name=f"{country} {n}")
        describe(by=user, member=member, shown=[], country=country)
        choose_map(by=user, member=member, grain="country")
    Member.objects.update(joined=timezone.now() - timedelta(days=60))


def test_somebody_joins_and_shows_what_they_choose(someone, cast):
    alice = someone(cast.users.alice)
    alice.opens("/community/")
    alice.finds_it_accessible()
    alice.keeps_a_picture("community")
    alice.presses("Become a member")
    alice.ticks("person with POEMS")
    alice.fills("Name that others see", "alice@example.org")
    alice.presses("Become a member")
    alice.sees("Choose a name that is no address")
    alice.finds_it_accessible()
    alice.fills("Name that others see", "Marrow Sparrow")
    alice.presses("Become a member")
    alice.chooses("Country", "Portugal")
    alice.page.get_by_label("the words about me").check()
    alice.fills("About me", "Walking again, <b>slowly</b>. \U0001f331 שלום")
    alice.presses("Save")
    assert "<b>slowly</b>. \U0001f331 שלום" in alice.within("This is what others see").inner_text()
    assert "Portugal" not in alice.within("This is what others see").inner_text()
    alice.finds_it_accessible()
    alice.keeps_a_picture("community-me")


def test_the_fifth_member_of_a_country_makes_it_visible_and_leaves_it_again(someone, cast):
    for number, country, role in (*COUNTED, (6, "DE", "family")):
        members(number, country, role)
    member = join(by=cast.users.alice, role="affected", name="Marrow Sparrow")
    describe(by=cast.users.alice, member=member, shown=[], country="PT")
    publish_map(timezone.now())
    alice, visitor = someone(cast.users.alice), someone(phone=True)
    alice.opens("/community/me/")
    alice.page.get_by_label("in my country").check()
    alice.presses("Save my choice")
    alice.sees("from the next release of the map on")
    alice.opens("/community/map/")
    assert "Portugal" not in alice.reads()
    Member.objects.update(joined=timezone.now() - timedelta(days=60))
    publish_map(timezone.now())
    visitor.opens("/community/map/")
    assert "Portugal" in visitor.reads()
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("community-map-phone")
    alice.opens("/community/map/")
    alice.keeps_a_picture("community-map")
    alice.presses("Count me, or stop counting me")
    alice.page.get_by_label("not at all").check()
    alice.presses("Save my choice")
    alice.sees("You are counted on the map no longer.")
    visitor.opens("/community/map/")
    assert "Portugal" not in visitor.reads()


HARD = "I wanted to die. Dr. Anna Müller in Leeds called me on 12 March 2020. <script>alert(1)</script>"


def test_a_story_with_a_warning_is_written_moderated_appealed_and_erased(someone, cast):  # noqa: PLR0915 - one walk
    join(by=cast.users.alice, role="affected", name="Marrow Sparrow")
    alice, adam, mona = (someone(getattr(cast.users, name)) for name in ("alice", "adam", "mona"))
    alice.opens("/community/stories/mine/")
    alice.presses("Write a story")
    alice.page.wait_for_load_state()  # the script that keeps what is written listens from here on
    alice.fills("Your story, in your own words", HARD)
    alice.sees("Kept at")  # by itself, at the pause
    alice.finds_it_accessible()
    alice.keeps_a_picture("community-write")
    alice.presses("Next")
    alice.fills("What helped, or would have helped?", "A splint.")
    alice.presses("Next")
    alice.fills("Title", "Slowly")
    alice.ticks("despair, or thoughts of suicide")
    alice.finds_it_accessible()
    alice.presses("Next")
    alice.ticks("Everybody")
    alice.presses("Next")
    assert "Dr. Anna Müller: perhaps a name" in alice.within("This could tell who somebody is").inner_text()
    alice.sees("call your local emergency number now")
    alice.finds_it_accessible()
    alice.keeps_a_picture("community-look")
    alice.presses("Send to the moderators")
    alice.sees("A moderator reads it")
    _decides(mona, decline="It names a doctor.")
    alice.page.reload()
    alice.sees("It names a doctor.")
    alice.finds_it_accessible()
    alice.keeps_a_picture("community-my-story")
    alice.fills("Ask for a second opinion: why should it be published?", "She agreed to be named.")
    alice.presses("Ask for a second opinion")
    mona.opens("/community/moderation/")
    mona.sees("For another moderator")
    mona.finds_it_accessible()
    mona.keeps_a_picture("community-desk")
    _decides(adam)
    _is_read_and_erased(someone, alice)


def _decides(moderator, decline=""):
    moderator.opens("/community/moderation/")
    moderator.presses("Slowly")
    moderator.presses("Take it up")
    if decline:
        moderator.finds_it_accessible()
        moderator.keeps_a_picture("community-moderate")
        moderator.fills("A sentence to the author", decline)
        moderator.presses("Decline for this reason")
    else:
        moderator.presses("Publish")
    moderator.sees("Done.")


def _is_read_and_erased(someone, alice):
    visitor = someone(phone=True)
    visitor.opens("/community/stories/")
    visitor.presses("Slowly")
    visitor.does_not_see("called me on")
    visitor.keeps_a_picture("community-story-warned-phone")
    visitor.presses("Read the story")
    visitor.sees("<script>alert(1)</script>")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("community-story-phone")
    visitor.opens("/community/stories/")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("community-stories-phone")
    alice.opens("/community/me/leave/")
    alice.page.get_by_label("Take my stories away").check()
    alice.finds_it_accessible()
    alice.keeps_a_picture("community-leave")
    alice.presses("Leave")
    visitor.opens("/community/stories/")
    visitor.does_not_see("Slowly")


def test_two_windows_and_a_session_that_ends_lose_no_word_of_a_story(someone, cast):
    story = begin(by=cast.users.alice, member=join(by=cast.users.alice, role="affected", name="Marrow Sparrow"))
    words, place = "Your story, in your own words", f"/community/stories/{story.public_id}/write/happened/"
    one, other = someone(cast.users.alice), someone(cast.users.alice)
    for window in (one, other):
        window.opens(place)
        window.page.wait_for_load_state()
    one.fills(words, "From the first window.")
    one.sees("Kept at")
    other.fills(words, "From the second.")
    other.sees("changed in another window")
    other.presses("Next")
    other.sees("From the first window.")
    assert other.page.get_by_label(words).input_value() == "From the second."
    other.finds_it_accessible()
    other.keeps_a_picture("community-write-two-windows")
    other.presses("Next")
    other.is_on("What made a difference?")
    story.refresh_from_db()
    assert story.happened == "From the second."
    other.page.context.clear_cookies(name="sessionid")
    other.fills("What helped, or would have helped?", "A splint.")
    other.sees("You were signed out.")
    other.presses("Next")
    other.is_on("You were signed out")
    assert other.page.get_by_label("What you wrote").input_value() == "A splint."
    other.finds_it_accessible()


def test_a_questionnaire_is_answered_by_the_keyboard_alone(someone, cast):
    alice = someone(cast.users.alice)
    at = f"/people/{cast.people.alice.pk}/make-it-count/"
    alice.opens(at)
    alice.finds_it_accessible()
    alice.keeps_a_picture("make-it-count")
    alice.tabs_to("Answer now")
    alice.hits("Enter")
    alice.is_on("From the first sign to the diagnosis")
    for label, words in (
        ("What was the first sign?", "tingling feet"),
        ("When was that?", "2021-03"),
        ("Wrong name 1 for it", "CIDP"),
        ("When were you told name 1?", "2021-06"),
        ("When did somebody say that it is POEMS?", "2022-05"),
    ):
        alice.tabs_to(label)
        alice.types(words)
    alice.keeps_a_picture("questionnaire-way")
    alice.tabs_to("Done")
    alice.hits("Enter")
    alice.sees("It stands in your record now, as said by you.")
    alice.opens(f"/people/{cast.people.alice.pk}/")
    assert "CIDP" in alice.reads()
    phone = someone(cast.users.alice, phone=True)
    for name, page in (("now", 1), ("now", 2), ("treatments", 1)):
        phone.opens(f"{at}{name}/{page}/")
        phone.finds_it_accessible()
        phone.keeps_a_picture(f"questionnaire-{name}-{page}-phone")


def test_somebody_finds_out_how_to_take_part_and_what_came_of_it(someone, cast):
    visitor = someone(phone=True)
    for address in ("get-involved", "figures", "outcomes"):
        visitor.opens(f"/community/{address}/")
        visitor.finds_it_accessible()
        visitor.keeps_a_picture(f"community-{address}-phone")
    rosa = someone(cast.users.rosa)
    rosa.opens("/community/outcomes/tell/")
    rosa.finds_it_accessible()
