"""Assessments as text, JSON and HTML. No clinical logic: nothing here decides anything about a person."""
