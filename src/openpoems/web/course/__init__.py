"""One person for a clinician: the timeline, its table twin, and what the assessment says, panel by panel."""
