"""Every page of the site, by the list of its addresses: nothing here names a page, so that a new one is looked at, too.

An address that answers no page stands in `UNOPENED` with the reason, or the test says that it is missing there.
"""

import pytest
from django.utils import timezone

from tests.browser.every_page import Doors
from tests.browser.furnished import DAY, furnish
from tests.browser.judging import DESK, faults
from tests.browser.someone import Watch
from tests.browser.spanish import english
from tests.spec.test_rights import told

ON_THE_WAY = "opens only half-way through signing in or joining: test_accounts walks there"
ELSEWHERE = "signing in through an organisation, which this site is not set up for"
UNOPENED = {
    "/accounts/confirm-email/": ON_THE_WAY,
    "/accounts/password/set/": "for accounts without a password, which come through an organisation",
    "/accounts/login/code/confirm/": ON_THE_WAY,
    "/accounts/password/reset/confirm/": ON_THE_WAY,
    "/accounts/password/reset/complete/": ON_THE_WAY,
    "/accounts/2fa/authenticate/": ON_THE_WAY,
    "/accounts/2fa/webauthn/reauthenticate/": ON_THE_WAY,
    "/accounts/2fa/webauthn/login/": ON_THE_WAY,
    "/accounts/3rdparty/login/error/": ELSEWHERE,
    "/accounts/3rdparty/signup/": ELSEWHERE,
    "/accounts/social/login/cancelled/": ELSEWHERE,
    "/accounts/social/login/error/": ELSEWHERE,
    "/accounts/social/signup/": ELSEWHERE,
    "/accounts/social/connections/": ELSEWHERE,
    "/accounts/oidc/<provider_id>/login/": ELSEWHERE,
    "/accounts/oidc/<provider_id>/login/callback/": ELSEWHERE,
    "/demo/": "of the demo alone: test_centre opens it",
}
# So that several processes share the work.
PARTS = ("/accounts/", "/people/", "/community/", "/centres/", "")


def part_of(pattern):
    return next(part for part in PARTS if pattern.startswith(part))


@pytest.fixture
def doors(cast, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: DAY)
    return Doors(cast, furnish(cast))


def test_the_list_of_what_is_not_opened_names_nothing_that_is_gone():
    assert UNOPENED.keys() <= told().keys()


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_sound(doors, chromium, live_server, part):
    wrong, windows = {}, Windows(chromium, live_server.url, doors)
    for pattern in told():
        if part_of(pattern) != part:
            continue
        pages, why = doors.open(pattern)
        assert (why != "") == (pattern in UNOPENED), f"{pattern} answers {why or 'a page'}: see UNOPENED"
        wrong |= {
            f"{page.address} as {page.who or 'a visitor'}": found for page in pages if (found := windows.judge(page))
        }
    windows.close()
    assert not wrong, "\n".join(f"{where}\n    " + "\n    ".join(found) for where, found in wrong.items())


class Windows:
    """A browser window for each of the cast."""

    def __init__(self, chromium, site, doors):
        self.chromium, self.site, self.doors, self.open = chromium, site, doors, {}

    def judge(self, opened):
        page, watch = self._window(opened.who)
        page.goto(opened.address)
        found = [*faults(page), *watch.faults]
        found += [f"in Spanish: {said}" for said in sorted(english(self.doors.in_spanish(opened)))]
        watch.faults.clear()
        return found

    def _window(self, who):
        if who not in self.open:
            context = self.chromium.new_context(base_url=self.site, viewport=DESK, locale="en-GB")
            cookies = self.doors.client(who).cookies
            context.add_cookies(
                [{"name": each.key, "value": each.value, "url": self.site} for each in cookies.values()]
            )
            page = context.new_page()
            self.open[who] = page, Watch(page, self.site)
        return self.open[who]

    def close(self):
        for page, _ in self.open.values():
            page.context.close()
