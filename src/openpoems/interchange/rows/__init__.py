"""Rows that say one fact each: what every format that is a table is read into, and how the row's words are read."""
