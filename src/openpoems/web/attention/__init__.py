"""Who needs attention, and why: worked out once per change of a record, listed for its centre."""
