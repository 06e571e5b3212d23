"""Reading records from the formats people have, and writing them. Every reader returns (record, issues)."""
