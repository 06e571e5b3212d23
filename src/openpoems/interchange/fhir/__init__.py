"""HL7 FHIR R4: reading Bundles, lists and single resources; writing a Bundle, or an International Patient Summary."""

from openpoems.interchange.fhir.ips import write_ips
from openpoems.interchange.fhir.reader import read
from openpoems.interchange.fhir.writer import write

__all__ = ["read", "write", "write_ips"]
