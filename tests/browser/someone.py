"""Somebody at a browser, so that a test reads as what they do: `nora.opens("/"); nora.presses("Sign in")`.

Everything is found as a person finds it: by its role and its label.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

SCREENS = Path(__file__).resolve().parents[2] / "out" / "screens"
MOST_TABS = 120
expect.set_options(timeout=15_000)  # a machine that does much beside takes its time
_SMALL = """() => [...document.querySelectorAll(
    "button, select, textarea, summary, nav a, a.button, input:not([type=hidden], [type=checkbox], [type=radio])"
)].filter(e => e.checkVisibility()).map(e => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.height < 43.9 || box.width < 43.9)
  .map(([box, e]) => `${e.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
_FOCUSED = """() => { const e = document.activeElement;
    const label = e.labels?.[0]?.innerText ?? e.getAttribute('aria-label') ?? e.innerText ?? '';
    return label.trim().split('\\n')[0]; }"""


class Watch:
    """What goes wrong behind a page: a request to another host, a complaint on the console, a server error."""

    def __init__(self, page: Page, site: str) -> None:
        self.faults: list[str] = []
        self._host = urlsplit(site).netloc
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self._host:
            self.faults.append(f"asked {parts.netloc}")

    def _response(self, response):
        if response.status >= 500 or (response.status == 404 and response.request.resource_type != "document"):
            self.faults.append(f"{response.status} {response.url}")

    def _console(self, message):
        # What failed to load is judged by its response: a page that is refused on purpose is no fault.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")


class Someone:
    """One person with one browser window, `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(15_000)

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def reads(self) -> str:
        """The page's words."""
        return self.page.get_by_role("main").inner_text()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def does_not_see(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_have_count(0)

    def is_on(self, heading: str) -> None:
        """The page whose one main heading this is."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(heading)))

    def is_at(self, address: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(address) + "$"))

    def within(self, name: str) -> Locator:
        """The named region, group, form or list."""
        roles = ("region", "group", "form", "list", "article", "table")
        found = self.page.get_by_role(roles[0], name=name)
        for role in roles[1:]:
            found = found.or_(self.page.get_by_role(role, name=name))
        return found.first

    def fills(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def chooses(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def ticks(self, label: str) -> None:
        self.page.get_by_label(label).first.check()

    def presses(self, name: str, *, within: str = "") -> None:
        """The button, or else the link, of that name."""
        place = self.within(within) if within else self.page
        button, link = (place.get_by_role(role, name=name, exact=True).first for role in ("button", "link"))
        expect(button.or_(link).first).to_be_visible()
        (button if button.count() else link).click()

    def downloads(self, name: str) -> tuple[str, bytes]:
        """The file behind a button or link: its name and its content."""
        with self.page.expect_download() as waiting:
            self.presses(name)
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    # --- by the keyboard alone ---
    def tabs_to(self, label: str) -> None:
        """Press Tab until the thing of that name has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            passed.append(self.page.evaluate(_FOCUSED))
            if passed[-1] == label:
                return
        raise AssertionError(f"Tab never reached {label!r}; it passed {sorted(set(passed))}")

    def types(self, words: str) -> None:
        self.page.keyboard.type(words)

    def hits(self, key: str) -> None:
        self.page.keyboard.press(key)

    # --- judging a page ---
    def finds_it_accessible(self) -> None:
        """Axe finds nothing, in light and in dark; targets are large enough; nothing is cut off at the side."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{scheme}, {self.page.url}\n{found.generate_report()}"
        self.page.emulate_media(color_scheme="light")
        small = self.page.evaluate(_SMALL)
        assert not small, f"{self.page.url}: {small}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the window"

    def keeps_a_picture(self, name: str) -> None:
        """A screenshot of the whole page in `out/screens`, to be looked at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
