"""HL7 FHIR R4: reading Bundles, lists and single resources, and writing a Bundle of type `collection`."""

from openpoems.interchange.fhir.reader import read
from openpoems.interchange.fhir.writer import write

__all__ = ["read", "write"]
