"""Diagnosis: evaluating the criteria, explaining them, what to test next, look-alikes and the way to the diagnosis."""
