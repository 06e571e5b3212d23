"""Every change of the community: `action(*, by, ...)` is one transaction, logged by the database."""
