"""UCUM units as a page shows them."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "{score}": _("points"), "{ratio}": _("ratio"), "10*9/L": "×10⁹/L", "10*12/L": "×10¹²/L", "10*6/L": "×10⁶/L",
    "10*3/uL": "×10³/µL", "10*6/uL": "×10⁶/µL", "10*3/mm3": "×10³/mm³", "mg/(24.h)": "mg/24 h", "g/(24.h)": "g/24 h",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²", "mo": _("months"), "a": _("years"), "wk": _("weeks"), "m2": "m²",
    "mg/m2": "mg/m²", "g/m2": "g/m²", "1": "",
}  # fmt: skip


def unit_words(unit: str) -> str:
    """A unit in print.

    >>> unit_words("10*9/L"), unit_words("m[IU]/L"), unit_words("ug/dL")
    ('×10⁹/L', 'mIU/L', 'µg/dL')
    """
    if unit in _WORDS:
        return str(_WORDS[unit])
    plain = unit.replace("[IU]", "IU").replace("mm[Hg]", "mmHg").replace("mm3", "mm³")
    return f"µ{plain[1:]}" if plain.startswith(("ug", "uL", "umol", "uIU")) else plain.replace("/uL", "/µL")
