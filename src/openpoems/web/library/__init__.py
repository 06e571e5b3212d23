"""The evidence library: what is published, as tables that sort, pictures with a table beside them, and CSV."""
