"""Units: the table against an independent UCUM reader, exactness, and how people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.quantities import IncomparableUnits, Quantity, compare, dimension, factor, ucum
from openpoems.quantities import _units as table

# Units that an independent reader cannot relate: arbitrary units have no dimension there, annotations no size.
# It also drops the number in `mg/(24.h)`, which is checked by hand below.
BEYOND_PINT = {"{score}", "{interpretation}", "{ratio}", "mL/min/{1.73_m2}", "g/(24.h)", "mg/(24.h)"}


def related():
    by_dimension = {}
    for unit, (name, _) in table().items():
        by_dimension.setdefault(name, []).append(unit)
    return [(units[0], other) for units in by_dimension.values() for other in units[1:]]


@pytest.fixture(scope="module")
def registry():
    # The reader's own start warns of redefinitions; that is its business.
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ucumvert import PintUcumRegistry

        return PintUcumRegistry()


@pytest.mark.parametrize(("one", "other"), [p for p in related() if not BEYOND_PINT & set(p)])
def test_every_factor_agrees_with_an_independent_ucum_reader(one, other, registry):
    theirs = (1 * registry.from_ucum(one)).to(registry.from_ucum(other)).magnitude
    assert float(factor(one, other)) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("unit", [u for u in table() if u not in BEYOND_PINT])
def test_every_unit_is_ucum(unit, registry):
    registry.from_ucum(unit)


def test_what_is_written_in_decimals_compares_exactly():
    # 0.0962 * 1000 is 96.19999999999999 in binary floating point.
    assert compare(Quantity(0.0962, "ng/mL"), Quantity(96.2, "pg/mL")) == 0
    assert compare(Quantity(450000, "/uL"), Quantity(450, "10*9/L")) == 0


@given(st.integers(0, 10**9), st.sampled_from(related()))
def test_there_and_back_is_the_same(number, pair):
    one, other = pair
    assert compare(Quantity(float(number * factor(one, other)), other), Quantity(number, one)) in {-1, 0, 1}
    assert factor(one, other) * factor(other, one) == Fraction(1)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ng/dL", "nmol/L"), ("pg/mL", "m[IU]/L"), ("U/L", "[IU]/L"), ("furlong", "pg/mL"), ("", "pg/mL"), ("", "")],
)
def test_what_is_not_exact_is_refused(one, other):
    with pytest.raises(IncomparableUnits):
        compare(Quantity(1, one), Quantity(1, other)) if one != other else factor(one, other)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pg/ml", "pg/mL"),
        ("PG/ML", "pg/mL"),
        ("x10^9/L", "10*9/L"),
        ("10e9/l", "10*9/L"),
        ("K/uL", "10*3/uL"),
        ("µg/L", "ug/L"),
        ("mIU/L", "m[IU]/L"),
        ("mg/24 h", "mg/(24.h)"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("g/L", "g/L"),
    ],
)
def test_units_are_read_as_people_write_them(written, meant):
    assert ucum(written) == meant


@pytest.mark.parametrize("written", ["G/L", "G/l", "furlong", ""])
def test_a_unit_that_may_mean_two_things_or_nothing_is_not_read(written):
    # G/L is giga per litre to one laboratory and gram per litre to another.
    assert ucum(written) is None


@pytest.mark.parametrize(
    ("written", "per_litre"),
    [
        ("x10E3/uL", 10**9), ("Thousand/uL", 10**9), ("K/cumm", 10**9), ("Gpt/L", 10**9), ("/nL", 10**9),
        ("tsd/ul", 10**9), ("Tsd./µl", 10**9), ("Mio/µl", 10**12), ("/pL", 10**12), ("Tpt/l", 10**12),
    ],
)  # fmt: skip
def test_what_laboratories_print_for_a_count_is_exact(written, per_litre):
    # By the meaning of the words: a thousand in a cubic millimetre is 10^9 in a litre.
    assert factor(ucum(written), "/L") == per_litre


def test_a_24_hour_collection_is_a_day():
    assert factor("g/(24.h)", "mg/d") == Fraction(1000)
    assert factor("mg/(24.h)", "mg/d") == Fraction(1)


def test_the_dimension_of_a_unit():
    assert dimension("pg/mL") == "mass-concentration"
    assert dimension("furlong") is None
