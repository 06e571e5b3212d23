"""The tidy export of a centre: one table for each kind of fact, a dictionary, and what it is."""
