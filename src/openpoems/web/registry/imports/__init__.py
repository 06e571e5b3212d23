"""Import without retyping: a source is read, laid beside the record, looked at, and only then accepted."""
