"""GA4GH Phenopackets, version 2, as JSON: read into a record, and written from one."""

from openpoems.interchange.phenopackets.reading import read, split
from openpoems.interchange.phenopackets.writing import write

__all__ = ["read", "split", "write"]
