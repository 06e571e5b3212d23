"""Stories: written, sent, decided, appealed, read by whom they are for, and gone when their author goes."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from openpoems.web.community.actions import reading
from openpoems.web.community.actions import stories as actions
from openpoems.web.community.actions.members import describe, join, leave
from openpoems.web.community.forms import JoinForm
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Story
from openpoems.web.community.stories import FIRST_WORDS, queue, readable_by, shown, without
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from tests.telling import member_since, published, sent, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast):
    return member_since(cast.users.alice, "Marrow Sparrow")


@pytest.fixture
def stan(cast):
    return join(by=cast.users.stan, role="family", name="Quiet Reader")


def read_by(user, member=None):
    return {story.title for story in readable_by(user, member)}


def test_a_story_is_read_by_whom_it_is_for(cast, alice, stan):
    adam = cast.users.adam
    for number, audience in enumerate(("public", "members", "research")):
        published(alice, adam, title=audience, audience=audience, difference=str(number))
    from django.contrib.auth.models import AnonymousUser

    assert read_by(AnonymousUser()) == {"public"}
    assert read_by(cast.users.chloe) == {"public"}  # an account that is no member
    assert read_by(cast.users.stan, stan) == {"public", "members"}
    assert read_by(cast.users.rosa) == {"public", "research"}
    sent(stan, title="unread")
    assert "unread" not in read_by(cast.users.rosa)


def test_stories_of_who_withdraws_are_shown_no_longer_at_once(cast, alice):
    published(alice, cast.users.adam)
    decide(by=cast.users.alice, person=cast.people.alice, choices={"stories": False})
    assert read_by(cast.users.rosa) == set()
    assert Client().get(f"/community/stories/{Story.objects.get().public_id}/").status_code == 404


def test_who_has_a_record_is_asked_for_the_consent_before_a_story_goes(cast):
    member = join(by=cast.users.bruno, role="affected", name="Slow Heron")
    story = written(member)
    with pytest.raises(Refused, match="agree"):
        actions.submit(by=cast.users.bruno, story=story)
    assert actions.submit(by=cast.users.bruno, story=story, agreed=True).state == "waiting"


@pytest.mark.parametrize("wanted", ["remove", "anonymous"])
@pytest.mark.parametrize("way", ["leave", "erase", "erase all"])
def test_stories_go_or_stay_unnamed_as_their_author_chose(cast, alice, wanted, way):
    describe(by=cast.users.alice, member=alice, shown=[], stories_after=wanted)
    public = published(alice, cast.users.adam)
    written(alice, title="a draft")
    if way == "leave":
        leave(by=cast.users.alice, member=alice)
    else:
        erase(by=cast.users.alice, person=cast.people.alice, with_account=way == "erase all")
    left = list(Story.objects.all())
    if wanted == "remove":
        assert left == []
        return
    assert left == [public]
    assert left[0].member is None
    assert not left[0].steps.exclude(by=None).exists()
    page = Client().get(f"/community/stories/{public.public_id}/").content.decode()
    assert "A former member" in page
    assert "Marrow Sparrow" not in page


@pytest.mark.parametrize("way", ["leave", "erase", "erase all"])
def test_what_was_withdrawn_never_comes_back_unnamed(cast, alice, way):
    describe(by=cast.users.alice, member=alice, shown=[], stories_after="anonymous")
    published(alice, cast.users.adam)
    decide(by=cast.users.alice, person=cast.people.alice, choices={"stories": False})
    if way == "leave":
        leave(by=cast.users.alice, member=alice)
    else:
        erase(by=cast.users.alice, person=cast.people.alice, with_account=way == "erase all")
    assert not Story.objects.exists()


def test_the_way_of_a_declined_story_to_a_second_opinion(cast, alice):
    adam, lena = cast.users.adam, cast.users.lena
    story = actions.claim(by=adam, story=sent(alice))
    with pytest.raises(Refused, match="say why"):
        actions.decide(by=adam, story=story, step="decline", words="  ")
    actions.decide(by=adam, story=story, step="decline", words="It sells something.")
    assert [message.to for message in mail.outbox] in ([], [["alice@example.org"]])  # sent when the change is stored
    actions.appeal(by=cast.users.alice, story=story, words="It does not: I bought nothing.")
    with pytest.raises(Refused, match="another moderator"):
        actions.claim(by=adam, story=story)
    actions.decide(by=lena, story=actions.claim(by=lena, story=story), step="publish")
    assert [(step.step, step.says) for step in story.steps.all()] == [
        ("submit", ""), ("claim", ""), ("decline", "It sells something."),
        ("appeal", "It does not: I bought nothing."), ("claim", ""), ("publish", ""),
    ]  # fmt: skip


def test_a_claim_falls_back_to_the_queue_when_its_time_is_over(cast, alice):
    story = actions.claim(by=cast.users.adam, story=sent(alice))
    assert not queue(shown()).exists()
    with pytest.raises(Refused, match="moved on"):
        actions.claim(by=cast.users.lena, story=story)
    Story.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    assert queue(shown()).get() == story
    assert actions.claim(by=cast.users.lena, story=story).claimed_by == cast.users.lena
    with pytest.raises(Refused, match="Another moderator"):
        actions.decide(by=cast.users.adam, story=story, step="publish")


def test_nobody_decides_on_their_own_story_or_takes_up_too_many(cast, alice):
    own = join(by=cast.users.adam, role="organisation", name="Keeper")
    with pytest.raises(Refused, match="your own story"):
        actions.claim(by=cast.users.adam, story=sent(own))
    lena = cast.users.lena
    Story.objects.bulk_create(
        Story(member=alice, title=f"{n}", state="waiting", begun=timezone.now(), changed=timezone.now())
        for n in range(limits().claims_at_once + 1)
    )
    rows = list(Story.objects.filter(member=alice))
    for row in rows[:-1]:
        actions.claim(by=lena, story=row)
    with pytest.raises(Refused, match="at once"):
        actions.claim(by=lena, story=rows[-1])


def test_what_is_sent_twice_or_too_often_is_refused_and_the_draft_is_kept(cast, alice, stan):
    sent(alice, title="One")
    with pytest.raises(Refused, match="this very story"):
        sent(alice, title="One")
    sent(stan, title="First")
    with pytest.raises(Refused, match="send it tomorrow"):
        sent(stan, title="Second")
    assert stan.stories.get(title="Second").state == "draft"


def test_a_published_story_is_reported_once_and_taken_down_with_a_reason(cast, alice, stan):
    story = published(alice, cast.users.adam)
    reading.report(by=cast.users.stan, member=stan, story=story, why="It names my doctor.")
    with pytest.raises(Refused, match="reported this story"):
        reading.report(by=cast.users.stan, member=stan, story=story, why="again")
    actions.take_down(by=cast.users.lena, story=story, words="It names a doctor.")
    assert read_by(cast.users.rosa) == set()
    assert not story.reports.filter(closed=None).exists()


def test_nobody_answers_a_report_of_their_own_story(cast, alice, stan):
    story = published(alice, cast.users.adam)
    reading.report(by=cast.users.stan, member=stan, story=story, why="It sells something.")
    with pytest.raises(Refused, match="your own"):
        reading.close_reports(by=cast.users.alice, story=story)
    assert story.reports.filter(closed=None).exists()


def test_a_blocked_member_is_met_no_more(cast, alice, stan):
    published(alice, cast.users.adam)
    reading.block(by=cast.users.stan, member=stan, other=alice)
    assert read_by(cast.users.stan, stan) == set()
    reading.unblock(by=cast.users.stan, member=stan, other=alice)
    assert read_by(cast.users.stan, stan) == {"Slowly"}


def test_stories_with_an_unwanted_warning_are_left_out_before_anything_is_read(cast, alice):
    published(alice, cast.users.adam, title="Hard", warnings=["death", "body"])
    published(alice, cast.users.adam, title="Light", difference="x")
    client = Client()
    page = client.get("/community/stories/").content.decode()
    assert "Hard" in page
    assert "Hard: it began" not in page  # a warned text is not shown in the list
    assert "Hard" not in client.get("/community/stories/?without=death").content.decode()
    assert {story.title for story in without(Story.objects.all(), ["violence"])} == {"Hard", "Light"}
    hard = Story.objects.get(title="Hard").public_id
    assert "it began" not in client.get(f"/community/stories/{hard}/").content.decode()
    assert "it began" in client.get(f"/community/stories/{hard}/?read").content.decode()


def test_script_emoji_and_right_to_left_words_are_kept_and_shown_as_words(cast, alice):
    words = "<script>alert(1)</script> \U0001f468\u200d\U0001f469\u200d\U0001f467 שלום \u202egnp\u202c a\x00b \x1b[0m"
    story = published(alice, cast.users.adam, title="T", happened=words)
    assert story.happened == "<script>alert(1)</script> \U0001f468\u200d\U0001f469\u200d\U0001f467 שלום gnp ab [0m"
    page = Client().get(f"/community/stories/{story.public_id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\U0001f468\u200d\U0001f469\u200d\U0001f467 שלום" in page


def test_a_text_of_a_megabyte_is_refused_with_a_sentence_and_comes_back_whole(cast, alice):
    client = Client()
    client.force_login(cast.users.alice)
    story = actions.begin(by=cast.users.alice, member=alice)
    long = "word " * 210_000
    page = client.post(f"/community/stories/{story.public_id}/write/happened/", {"happened": long})
    assert page.status_code == 400
    assert "too long to be kept" in page.content.decode()
    assert long.strip() in page.content.decode()
    kept = client.post(f"/community/stories/{story.public_id}/keep/happened/", {"happened": long})
    assert kept.status_code == 422
    assert "too long" in kept.json()["refusal"]


def test_nobody_else_reads_or_changes_a_draft(cast, alice, stan):
    story = written(alice)
    client = Client()
    client.force_login(cast.users.stan)
    for address in ("write/happened/", "way/"):
        assert client.get(f"/community/stories/{story.public_id}/{address}").status_code == 404
    for address in ("keep/happened/", "send/", "discard/"):
        assert client.post(f"/community/stories/{story.public_id}/{address}").status_code == 404
    client.force_login(cast.users.mona)
    assert "no such story" in client.get(f"/community/moderation/{story.public_id}/", follow=True).content.decode()


def test_the_feed_holds_public_stories_with_their_warnings_and_no_word_behind_one(cast, alice):
    mona = cast.users.mona
    long = "It began in my feet. " * 20
    published(alice, mona, title="Light & <b>slow</b>", happened=long, difference="a")
    published(alice, mona, title="Hard", warnings=["death", "body"], difference="b")
    other = member_since(cast.users.stan, "Quiet Reader")
    for audience in ("members", "research"):
        published(other, mona, title=audience, audience=audience)
    sent(other, title="waits")
    published(member_since(cast.users.chloe, "Slow Heron"), mona, title="withdrawn")
    decide(by=cast.users.chloe, person=cast.people.chloe, choices={"stories": False})
    client = Client()
    client.force_login(cast.users.rosa)  # who asks makes no difference: programs pass on what they get
    answer = client.get("/community/stories/feed.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = ElementTree.fromstring(answer.content).findall("a:entry", space)  # noqa: S314 - our own
    assert [entry.findtext("a:title", "", space) for entry in entries] == ["Hard", "Light & <b>slow</b>"]
    hard, light = entries
    assert {each.get("term") for each in hard.findall("a:category", space)} == {
        "death or dying",
        "wounds or a changed body",
    }
    assert hard.findtext("a:summary", "", space) == "It speaks of: death or dying; wounds or a changed body."
    assert "it began" not in answer.content.decode()
    assert len(light.findtext("a:summary", "", space).split()) <= FIRST_WORDS + 1
    assert light.find("a:link", space).get("href").startswith("http://testserver/community/stories/")
    assert light.findtext("a:author/a:name", "", space) == "Marrow Sparrow"


@pytest.mark.parametrize("nothing", ["\u200b\u200b\u200b", "\u200d\ufeff ", "\u3164\u3164\u3164", "\u2800 \u00ad"])
def test_words_that_nobody_sees_are_no_title_no_reason_and_no_name(cast, alice, stan, nothing):
    with pytest.raises(Refused, match="needs a title"):
        sent(alice, title=nothing)
    story = published(alice, cast.users.mona)
    with pytest.raises(Refused, match="say what is wrong"):
        reading.report(by=cast.users.stan, member=stan, story=story, why=nothing)
    assert "name" in JoinForm({"role": "family", "name": nothing}).errors


@pytest.mark.parametrize(
    "name", ["Moderator", "The MODERATORS", "openpoems", "Ｍｏｄｅｒａｔｏｒ", "Mod\u200berator", "La moderadora"]
)
def test_nobody_is_called_like_those_who_keep_the_site(name):
    assert "those who keep this site" in str(JoinForm({"role": "family", "name": name}).errors["name"])
    assert not JoinForm({"role": "family", "name": "Moderate Breeze"}).errors


def test_a_story_sent_twice_by_a_double_click_is_sent_once(cast, alice):
    client = Client()
    client.force_login(cast.users.alice)
    place = f"/community/stories/{written(alice).public_id}/send/"
    for _click in range(2):
        assert client.post(place).status_code == 302
    assert [step.step for step in Story.objects.get().steps.all()] == ["submit"]


def test_after_it_was_sent_the_back_button_changes_nothing_and_loses_no_word(cast, alice):
    client = Client()
    client.force_login(cast.users.alice)
    story = sent(alice)
    page = client.post(
        f"/community/stories/{story.public_id}/write/happened/", {"happened": "Words of a late thought."}
    )
    assert page.status_code == 400
    assert "Take it back first" in page.content.decode()
    assert "Words of a late thought." in page.content.decode()
    assert Story.objects.get().happened == "Slowly: it began in my feet."


def test_two_windows_do_not_write_over_one_another(cast, alice):
    client, story = Client(), written(alice)
    client.force_login(cast.users.alice)
    place = f"/community/stories/{story.public_id}"
    was = version_in(client.get(f"{place}/write/happened/"))
    first = client.post(f"{place}/keep/happened/", {"happened": "From the first window.", "was": was})
    assert first.status_code == 200
    again = {"happened": "From the first window, more.", "was": first.json()["was"]}
    assert client.post(f"{place}/keep/happened/", again).status_code == 200  # the same window goes on
    assert client.post(f"{place}/keep/happened/", {"happened": "Second.", "was": was}).status_code == 422
    page = client.post(f"{place}/write/happened/", {"happened": "Second.", "was": was})
    assert page.status_code == 400
    for words in ("From the first window, more.", "Second."):
        assert words in page.content.decode()
    assert Story.objects.get().happened == "From the first window, more."
    client.post(f"{place}/write/happened/", {"happened": "Second.", "was": version_in(page)})  # having seen both
    assert Story.objects.get().happened == "Second."
    assert client.post(f"{place}/keep/title/", {"title": "Other", "was": ""}).status_code == 200


def version_in(page):
    return re.search(r'name="was" value="(\w+)"', page.content.decode()).group(1)


def test_what_a_story_still_lacks_is_named_with_the_step_that_asks_for_it(cast, alice):
    client = Client()
    client.force_login(cast.users.alice)
    story = actions.begin(by=cast.users.alice, member=alice)
    place = f"/community/stories/{story.public_id}"
    steps = {
        "happened": {"happened": "It began in my feet."},
        "title": {"title": "Feet"},
        "readers": {"audience": "public"},
    }
    for step, answered in steps.items():
        page = client.get(f"{place}/write/look/").content.decode()
        assert f'{place}/write/{step}/"' in page
        assert "Send to the moderators" not in page
        client.post(f"{place}/write/{step}/", answered)
    page = client.get(f"{place}/write/look/").content.decode()
    assert "Before it can be sent" not in page
    assert "Send to the moderators" in page
