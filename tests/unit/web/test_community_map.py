"""The map: five make a place visible, and who leaves by whatever way is counted no longer from that moment on."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from openpoems.disclosure import rule
from openpoems.web.accounts.models import User
from openpoems.web.community.actions.members import choose_map, describe, join, leave
from openpoems.web.community.counting import Count, publish
from openpoems.web.community.limits import limits
from openpoems.web.community.map import publish_map, the_map
from openpoems.web.community.models import Cell, Counted, Member, Release
from openpoems.web.community.publishing import is_due, publish_what_is_due
from openpoems.web.community.views import members as views
from openpoems.web.community.withdrawals import off_the_map
from openpoems.web.registry.actions.consent import decide, opt_out
from openpoems.web.registry.actions.erasure import erase

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def settled(user, country="PT", role="affected", grain="country"):
    """A member who joined long enough ago to be counted."""
    member = join(by=user, role=role, name=f"name {user.pk}")
    describe(by=user, member=member, shown=[], country=country)
    choose_map(by=user, member=member, grain=grain)
    Member.objects.filter(pk=member.pk).update(joined=NOW - timedelta(days=30))
    return member


def strangers(number, **said):
    return [settled(User.objects.create_user(f"m{n}-{said}@example.org"), **said) for n in range(number)]


def shown():
    return {line.place: line.members for line in the_map().lines}


def test_four_in_a_country_are_not_shown_and_five_are(cast):
    strangers(4)
    publish_map(NOW)
    assert shown() == {}
    settled(cast.users.alice)
    assert shown() == {}  # who joins waits for the next release
    publish_map(NOW)
    assert shown() == {"PT": "5 to 9"}


def by_choice(cast, member):
    choose_map(by=cast.users.alice, member=member, grain="")


def by_consent(cast, member):
    decide(by=cast.users.alice, person=cast.people.alice, choices={"map": False})


def by_opting_out(cast, member):
    opt_out(by=cast.users.alice, person=cast.people.alice)


def by_leaving(cast, member):
    leave(by=cast.users.alice, member=member)


def by_erasing_the_record(cast, member):
    erase(by=cast.users.alice, person=cast.people.alice)


def by_erasing_all(cast, member):
    erase(by=cast.users.alice, person=cast.people.alice, with_account=True)


@pytest.mark.parametrize(
    "way", [by_choice, by_consent, by_opting_out, by_leaving, by_erasing_the_record, by_erasing_all]
)
def test_who_leaves_is_counted_no_longer_at_once_and_in_no_later_release(cast, way):
    strangers(4)
    member = settled(cast.users.alice)
    publish_map(NOW)
    way(cast, member)
    assert shown() == {}
    assert "PT" not in Client().get("/community/map/").content.decode().partition("<tbody>")[2]
    publish_map(NOW)
    assert shown() == {}
    assert not Counted.objects.filter(member__user__email="alice@example.org").exists()


def test_who_moves_is_counted_nowhere_until_the_next_release(cast):
    strangers(4)
    member = settled(cast.users.alice)
    strangers(5, country="ES")
    publish_map(NOW)
    describe(by=cast.users.alice, member=member, shown=[], country="ES")
    assert shown() == {"ES": "5 to 9"}
    publish_map(NOW)
    assert Counted.objects.filter(member=member).exists()
    choose_map(by=cast.users.alice, member=member, grain="part")
    assert not Counted.objects.filter(member=member).exists()


def test_a_profile_kept_in_one_window_does_not_undo_what_was_withdrawn_in_another(cast):
    member = settled(cast.users.alice)
    in_another = Member.objects.get(pk=member.pk)
    choose_map(by=cast.users.alice, member=in_another, grain="")
    describe(by=cast.users.alice, member=member, shown=["role"], about="I knit.")
    member.refresh_from_db()
    assert (member.on_map, member.about, member.shown) == ("", "I knit.", ["role"])


def test_joining_twice_at_once_makes_one_member_and_breaks_no_page(cast, monkeypatch):
    monkeypatch.setattr(views, "member_of", lambda request: None)  # neither saw the other
    browser = Client()
    browser.force_login(cast.users.alice)
    sent = [browser.post("/community/join/", {"role": "affected", "name": "Grey Heron"}) for _twice in range(2)]
    assert [each.url for each in sent] == ["/community/me/"] * 2
    assert Member.objects.filter(user=cast.users.alice).count() == 1


def test_a_new_member_and_one_who_withdrew_consent_are_not_counted(cast):
    for user in (cast.users.alice, cast.users.chloe):
        settled(user)
    Member.objects.filter(user=cast.users.alice).update(joined=NOW)
    decide(by=cast.users.chloe, person=cast.people.chloe, choices={"map": False})
    strangers(4)
    publish_map(NOW)
    assert shown() == {}


def test_a_role_is_not_shown_where_the_others_would_give_it_away(cast):
    strangers(9)
    strangers(5, role="family")
    publish_map(NOW)
    parts = dict(the_map().lines[0].parts)
    assert parts["person with POEMS"] == "5 to 9"
    assert parts["clinician"] == ""
    assert the_map().lines[0].members == "10 to 14"


def test_only_the_part_of_the_world_is_counted_where_that_was_chosen(cast):
    strangers(5, grain="part")
    publish_map(NOW)
    assert shown() == {"039": "5 to 9"}  # UN M49: Southern Europe
    assert "shade-" not in the_map().drawing


def test_nothing_published_ever_rises_while_a_release_stands_nor_moves_elsewhere(db):
    """Members leave in any order: only cells of their own place change, and only downwards."""
    rng = Random(7)  # noqa: S311 - a test's own dice
    roles, places = Member.Role.values, ["PT", "ES", "FR"]
    members = [
        Member.objects.create(
            user=User.objects.create_user(f"{n}@example.org"), name=f"n{n}", joined=NOW, role=rng.choice(roles)
        )
        for n in range(45)
    ]
    places = {member.pk: rng.choice(places) for member in members}
    publish(Release.Kind.MAP, [Count(m, "map", places[m.pk], m.role) for m in members], NOW, Member.objects.all())
    rng.shuffle(members)
    before = published()
    for member in members:
        off_the_map([member])
        now = published()
        assert {cell for cell in before if before[cell] != now.get(cell, 0)} <= {
            cell for cell in before if cell[0] == places[member.pk]
        }
        assert all(before[cell] - now.get(cell, 0) >= 0 for cell in before)
        assert set(now) <= set(before)
        before = now
    assert before == {}


def published():
    return {(cell.cell, cell.part): cell.rounded for cell in Cell.objects.all()}


def test_a_release_is_published_once_a_week_and_only_the_last_is_kept(db):
    publish_what_is_due(NOW)
    publish_what_is_due(NOW + timedelta(days=6))
    assert Release.objects.get(kind="map").at == NOW
    assert is_due("map", NOW + timedelta(days=7))
    publish_what_is_due(NOW + timedelta(days=7))
    assert Release.objects.get(kind="map").at == NOW + timedelta(days=7)


def test_no_page_of_members_is_kept_by_search_engines_and_the_map_names_nobody(cast):
    settled(cast.users.alice)
    client = Client()
    client.force_login(cast.users.stan)
    assert client.get("/community/join/").headers["X-Robots-Tag"] == "noindex, nofollow"
    join(by=cast.users.stan, role="family", name="Quiet Reader")
    assert client.get("/community/me/").headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "name" not in str(the_map().lines)


def test_others_see_what_was_chosen_and_nothing_else(cast):
    member = settled(cast.users.alice)
    describe(by=cast.users.alice, member=member, shown=["role"], country="PT", about="I like boats")
    join(by=cast.users.stan, role="family", name="Quiet Reader")
    client = Client()
    client.force_login(cast.users.stan)
    page = client.get(f"/community/members/{member.public_id}/").content.decode()
    assert "person with POEMS" in page
    for hidden in ("Portugal", "boats", "alice", cast.people.alice.pk):
        assert hidden not in page


def test_who_opens_many_profiles_is_stopped_and_the_administrators_are_told(cast):
    from openpoems.web.community.models import Alert

    others = strangers(limits().profiles_a_day_new + 2)
    join(by=cast.users.stan, role="researcher", name="Collector")
    client = Client()
    client.force_login(cast.users.stan)
    codes = [client.get(f"/community/members/{each.public_id}/").status_code for each in others]
    assert codes == [200] * limits().profiles_a_day_new + [429] * 2
    assert client.get(f"/community/members/{others[0].public_id}/").status_code == 200  # read already today
    assert list(Alert.objects.values_list("kind", "user")) == [("profiles", cast.users.stan.pk)]


def test_a_place_that_fills_at_once_is_pointed_out_to_the_administrators(cast):
    from openpoems.web.community.models import Alert

    strangers(5)
    publish_map(NOW)
    assert not Alert.objects.exists()
    strangers(5, country="LI")
    Member.objects.filter(country="LI").update(joined=NOW - timedelta(days=10))
    publish_map(NOW)
    publish_map(NOW)
    assert list(Alert.objects.values_list("kind", "about")) == [("place", "LI")]


def test_the_pages_and_the_consent_say_five_and_once_a_week_as_the_rules_do():
    """Their sentences name the numbers in words: whoever changes a rule changes them too."""
    assert (rule("map").floor, rule("map").step, limits().release_days) == (5, 5, 7)
