"""Similar people: how many there are, what was done and what came of it, as released once a quarter."""
