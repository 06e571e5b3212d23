"""What a person may say about a table beside it, so that nothing has to be guessed."""

from dataclasses import dataclass
from typing import Literal

Order = Literal["", "day", "month"]
Mark = Literal["", ".", ","]


@dataclass(frozen=True, slots=True)
class Told:
    """How the table is written, and what is true of all its results.

    `order` is what comes first in a date such as `03/04/2021`; `decimal` is the mark before the decimals. "" leaves it
    open: what can then be read in two ways is an issue. `date` (YYYY-MM-DD, or less), `specimen` and `laboratory` are
    those of every result that names none itself.
    """

    order: Order = ""
    decimal: Mark = ""
    date: str = ""
    specimen: str = ""
    laboratory: str = ""
