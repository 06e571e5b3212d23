"""The judges themselves: each must find the fault that it is there for."""

import pytest

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
