"""Pictures of pages, compared with the ones that were looked at and approved, and small ones for the guide.

What is compared is an eighth of the size, where letters are grey and a page is its layout and its colours: another
version of a font changes little there, a panel that is gone or a colour that is wrong changes much. The browser that
took a picture also shrinks it.

To approve new ones: `OPENPOEMS_PICTURES=new make test-env && .venv/bin/python -m pytest tests/browser -k picture`,
then look at `tests/browser/approved/`.
"""

import base64
import os
from pathlib import Path

APPROVED = Path(__file__).with_name("approved")
OUT = Path(__file__).resolve().parents[2] / "out" / "pictures"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "pictures"
EIGHTH = 8
# How much of a page is compared, in pixels from the top of its content.
TALL = 1600
# Of the brightness of a pixel, 0 to 255: what all differ by on the average, and how many may differ by much.
MOST_ON_AVERAGE, MUCH, MOST_THAT_DIFFER = 4.0, 40, 0.02
MOST_BYTES = 60_000
_SHRINK = """async ([png, factor]) => {
    const image = new Image(); image.src = 'data:image/png;base64,' + png; await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width / factor); canvas.height = Math.round(image.height / factor);
    const pen = canvas.getContext('2d'); pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, 0, 0, canvas.width, canvas.height); return canvas.toDataURL('image/png').split(',')[1]; }"""
_COMPARE = """async ([one, other]) => {
    const pixels = async (png) => { const image = new Image(); image.src = 'data:image/png;base64,' + png;
        await image.decode(); const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
        return [canvas, pen, pen.getImageData(0, 0, image.width, image.height)]; };
    const [canvas, pen, now] = await pixels(one), [, , before] = await pixels(other);
    if (now.width !== before.width || now.height !== before.height)
        return { size: `${now.width} x ${now.height} instead of ${before.width} x ${before.height}` };
    let sum = 0, many = 0; const count = Math.min(now.data.length, before.data.length) / 4;
    for (let at = 0; at < count * 4; at += 4) {
        const apart = Math.max(...[0, 1, 2].map((n) => Math.abs(now.data[at + n] - before.data[at + n])));
        sum += apart; if (apart > MUCH) many += 1;
        [now.data[at], now.data[at + 1], now.data[at + 2]] = [255, 255 - apart, 255 - apart]; }
    pen.putImageData(now, 0, 0);
    return { average: sum / count, share: many / count, picture: canvas.toDataURL('image/png').split(',')[1] }; }"""
_WEBP = """async ([png, quality]) => { const image = new Image(); image.src = 'data:image/png;base64,' + png;
    await image.decode(); const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height]; canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', quality).split(',')[1]; }"""


def looks_as_approved(page, name):
    """Compare the top of the page with its approved picture; the difference is written to `out/pictures`."""
    main = page.locator("main").bounding_box()  # the bar above it grows with each part of the site
    clip = {"x": main["x"], "y": main["y"], "width": main["width"], "height": min(TALL, main["height"])}
    png = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
    desk = page.context.browser.new_page()  # a page of its own: that of the site lets no script of ours run
    try:
        small = desk.evaluate(_SHRINK, [base64.b64encode(png).decode(), EIGHTH])
        path = APPROVED / f"{name}.png"
        if os.environ.get("OPENPOEMS_PICTURES") == "new":
            _write(path, base64.b64decode(small))
            return
        assert path.exists(), f"{path} is not there: see the head of {Path(__file__).name}"
        before = base64.b64encode(path.read_bytes()).decode()
        found = desk.evaluate(_COMPARE.replace("MUCH", str(MUCH)), [small, before])
    finally:
        desk.close()
    _write(OUT / f"{name}.png", png)
    if "picture" in found:
        _write(OUT / f"{name}-difference.png", base64.b64decode(found["picture"]))
    wrong = found.get("size") or (found["average"] > MOST_ON_AVERAGE or found["share"] > MOST_THAT_DIFFER)
    told = {key: value for key, value in found.items() if key != "picture"}
    assert not wrong, f"{name} looks different: {told}; see {OUT}/{name}.png and {name}-difference.png (red differs)"


def keeps_for_guide(page, name, *, height=760):
    """Write the top of the page, or what is scrolled to, as a small picture of the guide, if the guide is asked for."""
    if not os.environ.get("OPENPOEMS_GUIDE"):
        return
    width = page.viewport_size["width"]
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, page.viewport_size["height"])}
    png = base64.b64encode(page.screenshot(clip=clip, animations="disabled", caret="hide")).decode()
    desk = page.context.browser.new_page()
    try:
        webp = next(
            made
            for quality in (0.9, 0.75, 0.6, 0.45, 0.3, 0.2)
            if len(made := base64.b64decode(desk.evaluate(_WEBP, [png, quality]))) < MOST_BYTES
        )
    finally:
        desk.close()
    _write(GUIDE / f"{name}.webp", webp)


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
