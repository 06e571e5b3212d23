"""The page `docs/explanation/dynamics-simulator.md`: what the simulated people are made of and how real they look."""

from collections.abc import Iterator
from typing import Any

from openpoems.dynamics.aggregates import Aggregate, aggregates
from openpoems.dynamics.truth import poems_data
from openpoems.dynamics.wording import table

PEOPLE = 4000
SEED = 1
# Measured levels and ratios are shown to so many significant digits: more would be noise of the simulation.
DIGITS = 2

INTRODUCTION = """# The simulated people behind the illustrative model

Generated from `src/openpoems/dynamics/data/poems.toml` (`tools/docs.py` writes this page, `make check` compares it).

No cohort of people with POEMS syndrome is open, so the shipped risk model is fitted to simulated people. A risk that it
shows is *illustrative: fitted to simulated patients calibrated to published figures; not validated on patients.* This
page shows what they are made of, and how well they meet the published figures. Where they do not meet one, it says so.

## How a course is made

The level is log10 of VEGF. It starts at a baseline, falls by an exponential after each treatment, wobbles slowly, and
from a hidden moment on rises in a straight line back to where it came from. The hazard of relapse has a part that VEGF
never shows and a part that grows with the level up to a most; it begins when response is read, at about six months.
Values come at irregular visits, in serum or plasma, with noise, now and then wild, and not below the limit of
detection. This is not the model that is fitted: change-point, straight rise, cap and silent part are unknown to it.
"""

LIMITS = """## What this cannot show

The published figures come from few people, chosen and treated differently, measured by different assays; several
disagree with each other. Serum and plasma values are linked by an assumed offset that must never be used to convert a
patient's value. Nobody dies in the simulation, and treatment never follows from a value. A model that does well here
has shown that it can learn this world, not that it is right about people.
"""


def simulator_page() -> str:
    """The page in Markdown; the same every time."""
    met = aggregates(PEOPLE, SEED)
    held = [one for one in met if one.held]
    looked_at = [one for one in met if not one.held]
    return "\n".join(
        [
            INTRODUCTION,
            "## Published figures the constants were turned towards\n",
            _beside(held),
            f"{PEOPLE} simulated people per group. Studies' samples are handled with care: without wild values.\n",
            "## Published figures only looked at\n",
            _beside(looked_at),
            "## How each figure is measured in the simulation\n",
            "".join(f"- {one.says}: {one.measured_as}. {one.source}; verified: {one.verified}.\n" for one in met),
            "## Constants\n",
            table(["constant", "value", "verified", "from"], _constants(poems_data())),
            "Treatments start as follows.\n",
            "".join(f"- {line}\n" for line in _arms(poems_data()["arm"])),
            LIMITS,
        ]
    )


def _beside(some: list[Aggregate]) -> str:
    rows = [[one.says, _shown(one.figure), _shown(one.simulated), _gap(one), one.unit, str(one.n)] for one in some]
    return table(["published figure", "published", "simulated", "difference", "unit", "people"], rows)


def _gap(one: Aggregate) -> str:
    """The difference: in per cent for levels and ratios, in the figure's own unit for shares."""
    if one.unit.startswith("of "):
        return f"{one.simulated - one.figure:+.2f}"
    return f"{100 * (one.simulated / one.figure - 1):+.0f} %"


def _shown(value: float) -> str:
    """Large numbers to four significant digits at most, small ones to two decimals."""
    return f"{value:.4g}" if abs(value) >= 10**DIGITS else f"{value:.{DIGITS}f}"


def _constants(data: dict[str, Any]) -> Iterator[list[str]]:
    """Every constant of the truth with where it comes from."""
    for name, entry in _entries(data):
        value = f"falls {entry['depth']:g} (SD {entry['depth_sd']:g})" if "depth" in entry else f"{entry['value']:g}"
        fitted = f"fitted to {', '.join(entry['fitted_to'])}" if "fitted_to" in entry else ""
        yield [name, value, str(entry.get("verified", "")), fitted or str(entry.get("source", entry.get("why", "")))]


def _entries(data: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, entry in data.items():
        name = f"{path}{key}"
        if not isinstance(entry, dict) or name in {"aggregate", "arm"}:
            continue
        if "value" in entry or "depth" in entry:
            yield name, entry
        else:
            yield from _entries(entry, f"{name}.")


def _arms(arms: dict[str, Any]) -> Iterator[str]:
    """A line per arm: its share of the people and when its treatments start."""
    for name, arm in arms.items():
        starts = ", ".join(f"{start['treatment']} at {start['time']:.2g} years" for start in arm["starts"])
        yield f"{name}, {100 * arm['share']:.0f} %: {starts or 'nothing'}."
