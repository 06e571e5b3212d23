"""A centre's pages: its people, how complete their records are, what is due, and what it may take away."""
