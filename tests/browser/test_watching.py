"""The judges themselves: each must find the fault that it is there for."""

import pytest

from tests.browser.judging import faults
from tests.browser.someone import Someone, Watch

GOOD = '<!doctype html><html lang="en"><title>t</title><main><h1>Title</h1>{}</main></html>'


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('<img alt="" src="http://192.0.2.1/x.png">', "asked 192.0.2.1"),
        ("<script>console.error('ouch')</script>", "console: ouch"),
        ("<script>null.x</script>", "script: "),
    ],
)
def test_a_watched_page_tells_what_went_wrong(page, content, fault):
    watch = Watch(page, "http://localhost")
    page.set_content(GOOD.format(content), wait_until="commit")
    page.wait_for_timeout(200)
    assert any(found.startswith(fault) for found in watch.faults)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<input type=text>", "label"),
        ("<button style='width: 4rem; height: 20px'>small</button>", "64 x 20"),
        ("<p style='width: 3000px'>wide</p>", "px wider"),
        ("<p style='color: #ccc; background: #fff'>pale</p>", "contrast"),
    ],
)
def test_a_page_that_is_hard_to_use_is_found_out(page, content, fault):
    page.set_content(GOOD.format(content))
    with pytest.raises(AssertionError, match=fault):
        Someone(page).finds_it_accessible()


JUDGED = {
    "<h1>Another</h1>": "2 main headings",
    "<h3>Deep</h3>": "a heading 3 below a heading 1",
    "<header><nav><a href='/'>home</a></nav></header>": "no way to skip",
    "<p>Hello %(name)s</p>": "raw: %(name)",
    "<p>Until None</p>": "raw: None",
    "<p>5 &amp;lt; 6</p>": "raw: &lt;",
    "<p><a href='/'>Back</a></p>": "too small: 3",
    "<p style='width: 350px'>wide</p>": "px wider than a window of 320 px",
    "<input type=text>": "axe: label",
    "<style>@media (prefers-color-scheme: dark) { p { color: #444; background: #333 } }</style><p>dim</p>": "axe, dark",
    "<style>a { outline: 0 !important }</style><p>Go <a href='/'>back</a> or stay.</p>": "focus not shown",
    "<p>Go <a href='/'>back</a> or <a href='/'>on</a>.</p>": None,
}


def test_a_page_is_judged_by_all_that_can_be_wrong_with_it(page):
    for content, fault in JUDGED.items():
        page.set_content(GOOD.format(content))
        found = list(faults(page))
        assert any(fault in each for each in found) if fault else found == [], (content, found)
