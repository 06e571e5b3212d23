"""Fields as people fill them in: dates that may lack a day, numbers with a comma, counts."""

import math
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from openpoems.record.model import Comparator
from openpoems.record.time import When
from openpoems.web.registry.dates import read_when

_NUMBER = re.compile(r"(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_SIGNS: dict[str, Comparator] = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">="}
_WHOLE = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a report prints it; `unsure` where its point may have meant thousands."""

    value: float
    comparator: Comparator = ""
    unsure: bool = False


class _AsWritten(forms.CharField):
    """A text that is changed only when other characters stand in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, **kwargs})
        self.widget.attrs["autocomplete"] = "off"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was written, not what it means."""
        return (data or "").strip() != (initial or "")

    def to_python(self, value: Any) -> Any:
        """The meaning of the text; None where there is none."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate(self, value: Any) -> None:
        """Ask for what is needed."""
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The length was looked at on reading."""

    def read(self, text: str) -> Any:
        """What a text that is not empty means. Raises `ValueError` with a sentence."""
        raise NotImplementedError


class WhenField(_AsWritten):
    """A date that may lack its day or month."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", gettext_lazy("For example 2021-04-15; where you do not know the day, 2021-04 or 2021.")
        )
        super().__init__(**kwargs)

    def read(self, text: str) -> When | None:
        """Read it (see `dates.read_when`)."""
        return read_when(text)


class NumberField(_AsWritten):
    """A number with a point or a comma; with `compared` a sign such as < may stand before it."""

    def __init__(self, *, compared: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.compared = compared
        self.widget.attrs["inputmode"] = "text" if compared else "decimal"

    def read(self, text: str) -> Number:
        """Read it; `1,040` is refused, since it may mean two numbers."""
        match = _NUMBER.fullmatch(text)
        if match is None or (match[1] and not self.compared):
            raise ValueError(gettext("Write a number in digits, such as 1040 or 0.9."))
        grouped = _THOUSANDS.fullmatch(match[2])
        if grouped and grouped[1] == ",":
            raise ValueError(gettext("This may mean a thousand or a fraction: write it without a comma."))
        value = float(match[2].replace(",", "."))
        if not math.isfinite(value):
            raise ValueError(gettext("This number is too large."))
        return Number(value, _SIGNS.get(match[1] or "", ""), grouped is not None)


class CountField(_AsWritten):
    """How many: a whole number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def read(self, text: str) -> int:
        """Read it."""
        if not _WHOLE.fullmatch(text):
            raise ValueError(gettext("Write a whole number, such as 6."))
        return int(text)


class WordsField(forms.CharField):
    """Some words on one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 300, **kwargs})
        self.widget.attrs["autocomplete"] = "off"


class NoteField(forms.CharField):
    """Words of any length, kept as they are."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"required": False, "max_length": 4000, "label": gettext_lazy("Note"), **kwargs}
        super().__init__(**given, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}))

    def to_python(self, value: Any) -> str:
        """Line ends as the record has them."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Line ends are no change."""
        return bool(super().has_changed(initial, (data or "").replace("\r\n", "\n")))


def written(value: float) -> str:
    """A number as a field shows it, without loss: `1040`, `0.962`.

    >>> written(1040.0), written(0.0962)
    ('1040', '0.0962')
    """
    text = repr(value)
    return text.removesuffix(".0")
