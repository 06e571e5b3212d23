"""What is known of POEMS syndrome, as cited data: findings, criteria, tests, look-alikes and their sources."""
