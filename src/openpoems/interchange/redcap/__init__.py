"""A REDCap export: its records through a mapping of fields that a person decided. See docs/reference/redcap.md."""

from openpoems.interchange.redcap.dictionary import Field, read_dictionary
from openpoems.interchange.redcap.mapping import Entry, Mapping, read_entry
from openpoems.interchange.redcap.reader import read

__all__ = ["Entry", "Field", "Mapping", "read", "read_dictionary", "read_entry"]
