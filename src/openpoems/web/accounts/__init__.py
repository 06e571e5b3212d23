"""Who signs in, what each may do, and the gate that asks before every page."""
