"""What is wrong with a page, of whatever kind it is: a list of sentences, empty where nothing is."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK, PHONE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}
SCHEMES = ("light", "dark")
# What axe says of a page in another colour scheme is said of its colours alone.
_OF_COLOUR = ["color-contrast", "link-in-text-block"]
_AXE = """(rules) => axe.run(rules ? { resultTypes: ["violations"], runOnly: rules } : { resultTypes: ["violations"] })
    .then(found => found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 160)}`)))"""
# By how much the page is wider than its window, and the innermost of what sticks out.
_WIDE = """() => { const room = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > room + .5);
    return [document.documentElement.scrollWidth - room, out.at(-1)?.outerHTML.slice(0, 120) ?? ""]; }"""
# A control is as large as a thumb; a link within a sentence may be as high as its line (WCAG 2.5.8).
_SMALL = """() => { const least = 43.9;
    const bare = (e) => (e.innerText ?? "").replace(/\\s/g, "");
    const inSentence = (e) => { const around = e.parentElement.closest("p, li, dd, td, th, label, legend, figcaption, div, section, main, body");
        const others = [...around.querySelectorAll("a, button")].reduce((sum, each) => sum + bare(each).length, 0);
        return e.localName === "a" && /^inline(-block)?$/.test(getComputedStyle(e).display)
            && bare(around).length > others + 2; };
    const target = (e) => ["checkbox", "radio"].includes(e.type) && e.labels.length ? e.labels[0] : e;
    return [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")]
        .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip, svg") && !inSentence(e))
        .map(e => [target(e).getBoundingClientRect(), e])
        .filter(([box, e]) => box.right > 0 && (box.height < least || box.width < (e.localName === "a" ? least / 2 : least)))
        .map(([box, e]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${e.outerHTML.slice(0, 120)}`); }"""
# What takes the focus of a keyboard and does not show it; what is drawn marks another of its shapes.
_UNMARKED = """() => { const found = [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']")]
        .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest("svg"))
        .filter(e => { e.focus({ preventScroll: true, focusVisible: true }); const style = getComputedStyle(e);
            return document.activeElement === e && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0); })
        .map(e => e.outerHTML.slice(0, 120));
    document.activeElement?.blur(); return found; }"""
_MADE = """() => { const said = [], all = (what) => document.querySelectorAll(what);
    if (all("h1").length !== 1) said.push(`${all("h1").length} main headings`);
    if (!/^\\S/.test(document.title) || document.title.startsWith("·")) said.push(`the title is "${document.title}"`);
    if (!document.documentElement.lang) said.push("no language");
    const skip = document.querySelector("a.skip");
    if (all("header nav").length && !(skip && document.querySelector(skip.hash))) said.push("no way to skip to the content");
    const levels = [...all("h1, h2, h3, h4, h5, h6")].map(e => +e.tagName[1]);
    levels.forEach((level, at) => at && level > levels[at - 1] + 1
        && said.push(`a heading ${level} below a heading ${levels[at - 1]}`));
    const raw = document.body.innerText.match(/%\\(\\w+\\)|\\{[{%]|[%}]\\}|\\bNone\\b(?!\\.)|\\bundefined\\b|\\bNaN\\b|&\\w+;|<\\/?[a-zA-Z]/g);
    if (raw) said.push(`raw: ${raw}`);
    return said; }"""


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the open page, which is left as it was but for its size."""
    yield from page.evaluate(_MADE)
    page.evaluate(Axe().axe_script)
    yield from (f"axe: {each}" for each in page.evaluate(_AXE, None))
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        over, because = page.evaluate(_WIDE)
        if over > 0:
            yield f"{over} px wider than a window of {size['width']} px: {because}"
        if size is PHONE:
            yield from (f"too small: {each}" for each in page.evaluate(_SMALL))
            page.emulate_media(color_scheme="dark")
            yield from (f"axe, dark: {each}" for each in page.evaluate(_AXE, _OF_COLOUR))
            page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    yield from (f"too small on a desk: {each}" for each in page.evaluate(_SMALL))
    yield from (f"focus not shown: {each}" for each in page.evaluate(_UNMARKED))
