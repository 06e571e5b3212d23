"""A table of results as people paste it from a spreadsheet or a portal. See docs/reference/pasted-table.md."""

from openpoems.interchange.table.reader import read, recognise
from openpoems.interchange.table.told import Told

__all__ = ["Told", "read", "recognise"]
