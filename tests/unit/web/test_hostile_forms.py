"""Words that no form of ours sends: a page, a refusal or nothing, never an error of the server."""

import pytest

from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Measurement, PartialDate
from openpoems.web.registry.actions import facts

pytestmark = pytest.mark.django_db
WORDS = ["9" * 30, "9" * 5000, "²", "-1", "\x00", "a\x00b", "NaN", "//evil.example", "9223372036854775808"]


@pytest.fixture
def row(cast):
    vegf = Measurement(Concept((Coding("OPENPOEMS:vegf"),)), Quantity(100.0, "pg/mL"), on=PartialDate(2024, 5))
    return facts.enter(by=cast.users.alice, person=cast.people.alice, fact=vegf)


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_any_word_in_any_place_is_answered(client, cast, row, word):
    record = f"/people/{cast.people.alice.pk}/"
    client.force_login(cast.users.alice)
    made = client.post(f"{record}imports/", {"text": "Date\tTest\tResult\n2021-04-03\tHb\t12 g/dL\n"}).url
    answers = [client.post(made, {"act": "choose", "to": "1", name: word}) for name in ("shown", "wanted", "to")]
    answers += [client.post(f"{record}{page}/", {name: word}) for page, name in _OWN]
    client.force_login(cast.users.nora)
    answers += [client.post(f"{record}prefer/", {"among": word, "chosen": word, "why": word})]
    answers += [client.post(f"{record}facts/{row.pk}/verify/", {"next": word})]
    answers += [client.get("/centres/northtown/people/", {"page": word, "search": word, "sort": word})]
    assert all(answer.status_code < 500 for answer in answers)
    assert not any("evil" in answer.headers.get("Location", "") for answer in answers)


_OWN = [("centre", "centre"), ("letter/links", "for_whom"), ("about", "last_seen"), ("carers", "email")]


def test_an_address_with_a_nul_is_not_found(client, cast):
    client.force_login(cast.users.nora)
    assert client.get("/people/%00/").status_code == 404
    assert client.get("/centres/%00/people/").status_code == 404
