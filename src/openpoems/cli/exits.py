"""The exit codes that commands give, in one place; 0 (done) and 2 (wrong use) are given by click."""

FAILED_CHECK = 1
UNREADABLE = 3
