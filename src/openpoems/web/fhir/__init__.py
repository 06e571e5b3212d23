"""Records at `/fhir/` as HL7 FHIR R4: read, searched, taken away as a whole, and sent in to be looked at."""
