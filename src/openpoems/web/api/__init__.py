"""The interface for programs at `/api/`, the keys that open it and `/fhir/`, and the gate before both."""
