"""Every read and write of a person's record, in a log that can only grow and whose rows are chained by hashes.

The database itself writes it: triggers on each audited table, so that bulk updates and raw SQL are logged too. All of
them, and reads, go through one door, the view `audit_write`, whose trigger chains the row in the same transaction. The
log names tables, rows and columns, and never what stood in them: it stays whole when a person's data are erased.

Entries stand in the order in which their transactions were committed; `at` is when the act itself happened.
"""
