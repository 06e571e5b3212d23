"""The long CSV a clinic makes in a spreadsheet: one row, one fact. See docs/reference/csv.md."""

from openpoems.interchange.csv.reader import read, recognise
from openpoems.interchange.csv.writer import write

__all__ = ["read", "recognise", "write"]
