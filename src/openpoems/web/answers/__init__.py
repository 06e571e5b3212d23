"""Answers: written, reviewed by people whose profession is verified, shown with their sources, and outdated in time."""
