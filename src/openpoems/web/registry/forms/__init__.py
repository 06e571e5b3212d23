"""The forms of a record: each one is a value of `openpoems.record`, asked for in plain words."""
