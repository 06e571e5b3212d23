"""Keeping a site: backup and restore, the keys of the identities, and whether everything is in order."""
