"""The exit codes of every command, in one place."""

DONE = 0
FAILED_CHECK = 1
USAGE = 2
UNREADABLE = 3
