"""The index for searching: FTS5 on SQLite, kept by triggers; a generated tsvector on PostgreSQL."""

from django.db import migrations

_TAKE_OUT = (
    "INSERT INTO answers_search(answers_search, rowid, title, also, body)"
    " VALUES ('delete', OLD.id, OLD.title, OLD.also, OLD.body);"
)
_PUT_IN = "INSERT INTO answers_search(rowid, title, also, body) VALUES (NEW.id, NEW.title, NEW.also, NEW.body);"
_TABLE = (
    "CREATE VIRTUAL TABLE answers_search USING fts5(title, also, body, content='answers_entry', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')"
)
_SQLITE = [
    _TABLE,
    f"CREATE TRIGGER answers_search_insert AFTER INSERT ON answers_entry BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER answers_search_delete AFTER DELETE ON answers_entry BEGIN {_TAKE_OUT} END",
    f"CREATE TRIGGER answers_search_update AFTER UPDATE ON answers_entry BEGIN {_TAKE_OUT} {_PUT_IN} END",
]
_COLUMN = (
    "ALTER TABLE answers_entry ADD COLUMN document tsvector GENERATED ALWAYS AS ("
    " setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', also), 'B')"
    " || setweight(to_tsvector('english', body), 'D')) STORED"
)
_POSTGRESQL = [_COLUMN, "CREATE INDEX answers_entry_document ON answers_entry USING gin (document)"]
_UNDO_SQLITE = ["DROP TABLE answers_search"] + [
    f"DROP TRIGGER answers_search_{change}" for change in ("insert", "update", "delete")
]
_UNDO_POSTGRESQL = ["ALTER TABLE answers_entry DROP COLUMN document"]


def _run(sqlite, postgresql):
    def run(apps, schema_editor):
        statements = sqlite if schema_editor.connection.vendor == "sqlite" else postgresql
        for statement in statements:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("answers", "0001_initial")]

    operations = [
        migrations.RunPython(_run(_SQLITE, _POSTGRESQL), _run(_UNDO_SQLITE, _UNDO_POSTGRESQL)),
    ]
