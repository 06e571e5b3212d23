"""Who reaches which page: every address of the site against `rights.csv`, which is read and approved by people.

A new address fails the first test, which prints the lines to add, with what happens now. Read each before pasting it:

    own       alice at her own record              proxy      pat, at dora's record
    clinician, abstractor, lead                    of alice's centre, at alice's record or their own centre
    elsewhere saul, of another centre              withdrawn  the same staff, at the record of bruno, who did not agree
    patient   chloe, another person with a record  stranger   stan, an account with nothing
    researcher, administrator, visitor

Whoever looks after answers or stories has no record to see: `rights-of-desks.csv` names what an editor (edith), a medical
reviewer (rhea) and a moderator (mona) reach where stan does not; everywhere else they are like him.

`yes` the page was reached · `no` there is no such page for this account · `denied` it says so · `sign in` leads there, or
tells a program to bring a key.
For the record pages `yes` means that the gate let the request in. What a page does with other rows is its own test.
"""

import csv
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from openpoems.web.accounts.models import Membership
from tests.cast import account

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("rights.csv")
DESKS = Path(__file__).with_name("rights-of-desks.csv")
WHO = {
    "own": [("alice", "alice")],
    "proxy": [("pat", "dora")],
    "clinician": [("nora", "alice")],
    "abstractor": [("abel", "alice")],
    "lead": [("lena", "alice")],
    "elsewhere": [("saul", "alice")],
    "withdrawn": [("nora", "bruno"), ("abel", "bruno"), ("lena", "bruno")],
    "patient": [("chloe", "alice")],
    "stranger": [("stan", "alice")],
    "researcher": [("rosa", "alice")],
    "administrator": [("adam", "alice")],
    "visitor": [("", "alice")],
}
# What may stand in an address besides a record and a centre; nothing of that kind exists.
OTHER = {
    "int": "987654",
    "str": "nothing",
    "slug": "nothing",
    "path": "nothing",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")


def addresses(resolver=None, before="/"):
    """Every address pattern of the site as `/people/<pseudonym>/`, in the order Django tries them."""
    for each in (resolver or get_resolver()).url_patterns:
        here = before + _plain(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, here)
        elif isinstance(each, URLPattern):
            yield here


def _plain(pattern):
    if isinstance(pattern, RoutePattern):  # which says `$everything` where it means it
        return str(pattern)
    return _GROUP.sub(r"<\1>", str(pattern)).replace("^", "").replace("$", "").replace("\\", "")


def told(table=TABLE):
    with table.open(encoding="utf-8", newline="") as lines:
        return {row.pop("address"): row for row in csv.DictReader(lines)}


def filled(address, cast, whose):
    def part(found):
        if found[2] in ("pseudonym", "slug"):
            return {"pseudonym": getattr(cast.people, whose).pk, "slug": "northtown"}[found[2]]
        return OTHER[found[1] or "str"]

    return _PART.sub(part, address)


def outcome(address, cast, user, whose, method="get"):
    client = Client()
    if user:
        client.force_login(getattr(cast.users, user))
    response = getattr(client, method)(filled(address, cast, whose))
    where = response.headers.get("Location", "")
    request = response.wsgi_request
    for_programs = request.resolver_match and getattr(request.resolver_match.func, "machine", False)
    if where.startswith("/accounts/login/") or (for_programs and response.status_code == 401):
        return "sign in"
    passed = hasattr(request, "passed_with")
    if response.status_code == 403:
        return "denied"
    if response.status_code == 404 and not passed:
        return "no"
    ours = request.resolver_match and request.resolver_match.func.__module__.startswith("openpoems.")
    assert passed or not ours or request.resolver_match.func.right == "public" or where, f"{address}: let in by nobody"
    return "yes"


def row(address, cast):
    found = {}
    for column, pairs in WHO.items():
        outcomes = {outcome(address, cast, user, whose) for user, whose in pairs}
        found[column] = " or ".join(sorted(outcomes))
    return found


def test_every_address_stands_in_the_table(cast):
    missing = [address for address in dict.fromkeys(addresses()) if address not in told()]
    lines = "\n".join(",".join([address, *row(address, cast).values()]) for address in missing)
    assert not missing, f"add to {TABLE.name}, after reading it:\n{lines}"


def test_the_table_holds_no_address_that_is_gone():
    assert set(told()) <= set(addresses())


@pytest.mark.parametrize("address", told())
def test_who_reaches_an_address(cast, address):
    assert row(address, cast) == told()[address]


@pytest.mark.parametrize(("role", "name"), [("editor", "edith"), ("reviewer", "rhea"), ("moderator", "mona")])
def test_who_looks_after_answers_or_stories_reaches_their_desk_and_no_record(cast, role, name):
    """What they may open that an account with nothing may not stands in a table of its own."""
    if not hasattr(cast.users, name):
        setattr(cast.users, name, account(name, second_factor=True))
        Membership.objects.create(user=getattr(cast.users, name), role=role)
    found = {}
    for address in CLOSED:
        reached = outcome(address, cast, name, "alice")
        if reached != told()[address]["stranger"]:
            found[address] = reached
    assert found == {address: row[role] for address, row in told(DESKS).items() if row[role] != "denied"}


CLOSED = [a for a, row in told().items() if not a.startswith("/accounts/") and {"no", "denied"} & set(row.values())]


@pytest.mark.parametrize("address", CLOSED)
def test_who_cannot_open_a_page_can_send_it_nothing_either(cast, address):
    for column, expected in told()[address].items():
        if "yes" not in expected:
            for user, whose in WHO[column]:
                assert outcome(address, cast, user, whose, "post") == expected, (column, user)


@pytest.mark.parametrize("name", ["nora", "abel", "lena", "saul", "rosa", "adam", "mona", "pat"])
def test_without_a_second_factor_every_page_leads_to_setting_it_up(cast, name):
    user = getattr(cast.users, name)
    user.authenticator_set.all().delete()
    client = Client()
    client.force_login(user)
    closed = []
    for address in dict.fromkeys(addresses()):
        response = client.get(filled(address, cast, "dora" if name == "pat" else "alice"))
        view = response.wsgi_request.resolver_match.func if response.wsgi_request.resolver_match else None
        if view is None or not view.__module__.startswith("openpoems.") or view.right == "public":
            continue
        closed.append(address)
        if getattr(view, "machine", False):
            assert response.status_code == 403, address
            continue
        assert (response.status_code, response.headers.get("Location")) == (302, "/accounts/2fa/"), address
    assert len(closed) > 10
