"""Moderators: who they are, what stands on their desk, what they may not decide, and where nobody may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Membership, User
from openpoems.web.community.actions import reading
from openpoems.web.community.actions import stories as actions
from openpoems.web.community.actions.members import describe, leave
from openpoems.web.community.actions.safety import opens_profile
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Alert, Member, ProfileRead, Story, StoryStep
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.people import visible_to
from tests.telling import decided, member_since, published, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast):
    return member_since(cast.users.alice, "Marrow Sparrow")


@pytest.fixture
def stan(cast):
    return member_since(cast.users.stan, "Quiet Reader")


@pytest.fixture
def desk(cast):
    """What mona reads on her desk."""
    client = Client()
    client.force_login(cast.users.mona)

    def read():
        return client.get("/community/moderation/").content.decode()

    read.client = client
    return read


def at(story):
    return f"/community/moderation/{story.public_id}/"


def test_an_author_is_written_to_in_the_language_of_their_account_whatever_the_moderator_reads(
    cast, alice, mailoutbox, django_capture_on_commit_callbacks
):
    User.objects.filter(pk=cast.users.alice.pk).update(language="es")
    with django_capture_on_commit_callbacks(execute=True):
        published(Member.objects.get(pk=alice.pk), cast.users.mona)
    assert [(each.subject, each.body.splitlines()[0]) for each in mailoutbox] == [("Hay algo que le espera", "Hola:")]


def test_a_moderator_moderates_and_sees_no_record_and_no_alert(cast, alice, desk):
    mona = cast.users.mona
    assert not visible_to(mona, "view-record").exists()
    held = {name for name, right in rights.rights().items() if "moderator" in right.reach}
    assert held == {"moderate-stories", "moderate-conversations"}
    Alert.objects.create(kind=Alert.Kind.PROFILES, user=cast.users.stan, at=timezone.now())
    sent(alice)
    assert "Slowly" in desk()
    assert str(cast.users.stan.public_id) not in desk()
    assert desk.client.post(f"/community/moderation/alerts/{Alert.objects.get().pk}/seen/").status_code == 403
    adam = Client()
    adam.force_login(cast.users.adam)
    page = adam.get("/community/moderation/").content.decode()
    assert str(cast.users.stan.public_id) in page  # an administrator sees both
    assert "Slowly" in page


def test_an_administrator_makes_a_moderator_by_an_invitation(cast, mailoutbox, django_capture_on_commit_callbacks):
    adam, stan = Client(), Client()
    adam.force_login(cast.users.adam)
    with django_capture_on_commit_callbacks(execute=True):
        adam.post("/site/members/", {"email": "stan@example.org", "role": "moderator", "centre": ""})
    stan.force_login(cast.users.stan)
    link = next(word for word in mailoutbox[-1].body.split() if "/invitations/" in word)
    stan.post("/" + link.split("/", 3)[3], {"name": ""})
    assert Membership.objects.get(user=cast.users.stan).role == "moderator"


@pytest.mark.parametrize("state", ["waiting", "claimed", "reported"])
@pytest.mark.parametrize("way", ["withdraw", "leave", "erase", "take-back", "discard"])
def test_what_its_author_took_away_stands_on_no_desk_and_nobody_decides_on_it(cast, alice, stan, desk, state, way):
    story = sent(alice)
    if state == "claimed":
        actions.claim(by=cast.users.mona, story=story)
    elif state == "reported":
        decided(story, cast.users.mona, "publish")
        reading.report(by=cast.users.stan, member=stan, story=story, why="It names my doctor.")
    assert "Slowly" in desk()
    if way == "withdraw":
        decide(by=cast.users.alice, person=cast.people.alice, choices={"stories": False})
    elif way == "leave":
        leave(by=cast.users.alice, member=alice)
    elif way == "erase":
        erase(by=cast.users.alice, person=cast.people.alice, with_account=True)
    elif way == "take-back":
        actions.take_back(by=cast.users.alice, story=story)
    else:
        actions.discard(by=cast.users.alice, story=story)
    assert "Slowly" not in desk()
    before = StoryStep.objects.count()
    for deed in ("", "claim/", "publish/", "take-down/"):
        send = desk.client.post if deed else desk.client.get
        page = send(at(story) + deed, {"words": "x"}, follow=True)
        assert "There is no such story to decide on" in page.content.decode()
    assert StoryStep.objects.count() == before


def test_a_withdrawn_story_takes_no_place_among_those_a_moderator_has(cast, alice, stan):
    mona = cast.users.mona
    actions.claim(by=mona, story=sent(alice))
    Story.objects.bulk_create(_waiting(stan, limits().claims_at_once))
    decide(by=cast.users.alice, person=cast.people.alice, choices={"stories": False})
    for story in Story.objects.filter(member=stan):
        actions.claim(by=mona, story=story)


def test_a_claim_is_kept_for_the_hours_of_the_limits(cast, alice):
    story = actions.claim(by=cast.users.mona, story=sent(alice))
    left = story.claimed_until - timezone.now()
    assert timedelta(hours=limits().claim_hours) - timedelta(minutes=1) < left <= timedelta(hours=limits().claim_hours)


def test_who_decided_on_many_today_rests(cast, alice, stan):
    mona, most = cast.users.mona, limits().decisions_a_day
    Story.objects.bulk_create(_waiting(stan, most + 1))
    rows = list(Story.objects.order_by("pk"))
    for row, step in zip(rows[:-1], ["publish", "return", "decline"] * (most // 3), strict=True):
        decided(row, mona, step, "x")
    with pytest.raises(Refused, match="Please rest"):
        actions.claim(by=mona, story=rows[-1])
    StoryStep.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert actions.claim(by=mona, story=rows[-1]).state == "claimed"


def test_nobody_meets_their_own_story_on_the_desk_nor_takes_it_down(cast, desk):
    own = member_since(cast.users.mona, "Mona the writer")
    waiting = sent(own)
    assert "Slowly" not in desk()
    with pytest.raises(Refused, match="your own story"):
        actions.claim(by=cast.users.mona, story=waiting)
    story = decided(waiting, cast.users.adam, "publish")
    with pytest.raises(Refused, match="your own story"):
        actions.take_down(by=cast.users.mona, story=story, words="It was reported.")
    with pytest.raises(Refused, match="your own story"):
        reading.close_reports(by=cast.users.mona, story=story)


def test_who_declined_a_story_does_not_take_it_down_once_another_published_it(cast, alice):
    story = decided(sent(alice), cast.users.mona, "decline", "No.")
    actions.appeal(by=cast.users.alice, story=story, words="Please.")
    decided(story, cast.users.adam, "publish")
    with pytest.raises(Refused, match="before"):
        actions.take_down(by=cast.users.mona, story=story, words="Still no.")
    assert actions.take_down(by=cast.users.adam, story=story, words="Reported.").state == "declined"


def test_a_second_opinion_is_the_last_until_the_words_change(cast, alice):
    by = cast.users.alice
    story = decided(sent(alice), cast.users.mona, "decline", "No.")
    actions.appeal(by=by, story=story, words="Please.")
    decided(story, cast.users.adam, "decline", "No, I agree.")
    with pytest.raises(Refused, match="second moderator has read it"):
        actions.appeal(by=by, story=story, words="Once more.")
    actions.take_back(by=by, story=story)
    actions.keep(by=by, story=story, fields={"happened": "Other words."})
    actions.submit(by=by, story=story)
    assert decided(story, cast.users.adam, "publish").state == "published"  # he read other words before


def test_the_same_words_sent_anew_are_read_by_another(cast, alice):
    story = decided(sent(alice), cast.users.mona, "decline", "No.")
    actions.take_back(by=cast.users.alice, story=story)
    actions.submit(by=cast.users.alice, story=story)
    with pytest.raises(Refused, match="before"):
        actions.claim(by=cast.users.mona, story=story)


def test_an_appeal_that_nobody_may_decide_waits_and_both_sides_are_told(cast, alice, desk):
    Membership.objects.filter(role="administrator").delete()
    mona, author = cast.users.mona, Client()
    author.force_login(cast.users.alice)
    story = decided(sent(alice), mona, "decline", "No.")
    place = f"/community/stories/{story.public_id}/"
    assert "At present nobody here may decide" in author.get(f"{place}way/").content.decode()
    said = author.post(f"{place}appeal/", {"words": "Please."}, follow=True).content.decode()
    assert "It waits until" in said
    assert "At present nobody here may decide" in author.get(f"{place}way/").content.decode()
    assert "It needs another moderator" in desk()
    assert "at present there is no other moderator" in desk.client.get(at(story)).content.decode()
    Membership.objects.create(user=cast.users.rosa, role="moderator")
    assert "It needs another moderator" not in desk()
    assert "At present nobody here may decide" not in author.get(f"{place}way/").content.decode()
    assert decided(story, cast.users.rosa, "publish").state == "published"


def test_what_is_handed_on_unnamed_keeps_no_word_its_author_wrote_to_moderators(cast, alice):
    describe(by=cast.users.alice, member=alice, shown=[], stories_after="anonymous")
    story = decided(sent(alice), cast.users.mona, "decline", "It names a doctor.")
    actions.appeal(by=cast.users.alice, story=story, words="He is my brother Karl.")
    decided(story, cast.users.adam, "publish")
    leave(by=cast.users.alice, member=alice)
    assert Story.objects.get().member is None
    assert set(StoryStep.objects.values_list("says", flat=True)) == {"", "It names a doctor."}


def test_what_a_moderator_asks_is_shown_while_writing_and_can_be_replied_to(cast, alice, desk):
    story, author = decided(sent(alice), cast.users.mona, "return", "Which country was it?"), Client()
    author.force_login(cast.users.alice)
    place = f"/community/stories/{story.public_id}/"
    for step in ("happened", "look"):
        assert "Which country was it?" in author.get(f"{place}write/{step}/").content.decode()
    author.post(f"{place}send/", {"words": "I would rather not say."})
    assert "I would rather not say." in desk.client.get(at(story)).content.decode()


@pytest.mark.parametrize(("chosen", "left"), [("anonymous", 1), ("remove", 0), ("nonsense", 0)])
def test_who_leaves_chooses_there_what_becomes_of_published_stories(cast, alice, chosen, left):
    author = Client()
    author.force_login(cast.users.alice)
    assert "What becomes of my published stories" not in author.get("/community/me/leave/").content.decode()
    published(alice, cast.users.mona)
    assert "What becomes of my published stories" in author.get("/community/me/leave/").content.decode()
    author.post("/community/me/leave/", {"stories": chosen})
    assert Story.objects.filter(member=None).count() == Story.objects.count() == left


def test_whom_one_meets_no_more_stands_on_ones_own_profile_and_is_met_again_from_there(cast, alice, stan):
    reader = Client()
    reader.force_login(cast.users.stan)
    reader.post(f"/community/members/{alice.public_id}/block/")
    assert "Marrow Sparrow" in reader.get("/community/me/").content.decode()
    assert "Meet this member again" in reader.get(f"/community/members/{alice.public_id}/").content.decode()
    reader.post(f"/community/members/{alice.public_id}/block/", {"again": "1"})
    assert "Marrow Sparrow" not in reader.get("/community/me/").content.decode()


def test_words_of_a_moderator_that_are_refused_come_back(cast, alice, desk):
    story = sent(alice)
    actions.claim(by=cast.users.adam, story=story)
    page = desk.client.post(f"{at(story)}decline/", {"words": "A long reason."})
    assert page.status_code == 400
    assert "Another moderator has taken this story up." in page.content.decode()


def test_a_report_is_answered_and_then_gone_from_the_desk(cast, alice, stan, desk):
    story = published(alice, cast.users.mona)
    assert "Reported by readers" not in desk()
    reading.report(by=cast.users.stan, member=stan, story=story, why="It names my doctor.")
    assert "Reported by readers" in desk()
    assert "It names my doctor." in desk.client.get(at(story)).content.decode()
    desk.client.post(f"{at(story)}leave-up/")
    assert "Reported by readers" not in desk()
    assert Story.objects.get().state == "published"


@pytest.mark.parametrize(("joined_days_ago", "most"), [(-1, "stories_a_day_new"), (1, "stories_a_day")])
def test_a_member_sends_a_few_stories_a_day_and_a_new_one_fewer(cast, joined_days_ago, most):
    days = limits().new_member_days + joined_days_ago
    member = member_since(cast.users.stan, "Quiet Reader", days=days)
    for number in range(getattr(limits(), most)):
        sent(member, title=f"{number}")
    with pytest.raises(Refused, match="send it tomorrow"):
        sent(member, title="one more")
    StoryStep.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert actions.submit(by=member.user, story=member.stories.get(title="one more")).state == "waiting"


def test_a_reader_reports_so_many_stories_a_day(cast, alice, stan):
    Story.objects.bulk_create(_waiting(alice, limits().reports_a_day + 1))
    Story.objects.update(state="published", audience="public")
    *first, last = Story.objects.all()
    for story in first:
        reading.report(by=cast.users.stan, member=stan, story=story, why="It sells something.")
    with pytest.raises(Refused, match="reported many stories today"):
        reading.report(by=cast.users.stan, member=stan, story=last, why="It sells something.")


def test_a_settled_member_opens_more_profiles_a_day_than_a_new_one_and_not_all(cast, alice, stan):
    most, today = limits().profiles_a_day, timezone.localdate()
    users = User.objects.bulk_create(User(email=f"m{n}@example.org") for n in range(most))
    others = Member.objects.bulk_create(
        Member(user=user, role="family", name="A", joined=timezone.now()) for user in users
    )
    ProfileRead.objects.bulk_create(
        ProfileRead(user=cast.users.stan, member=other, on=today) for other in others[: most - 1]
    )
    opens_profile(by=cast.users.stan, reader=stan, member=others[-1])
    for _once_more in range(2):
        with pytest.raises(Refused, match="opened many profiles"):
            opens_profile(by=cast.users.stan, reader=stan, member=alice)
    assert Alert.objects.get().user == cast.users.stan


def _waiting(member, number):
    now = timezone.now()
    return [
        Story(member=member, title=f"{n}", happened="x", state="waiting", begun=now, changed=now) for n in range(number)
    ]
