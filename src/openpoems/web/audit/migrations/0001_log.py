"""The log itself. Django does not manage its tables: nothing but the triggers below writes them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


def create(apps: object, schema_editor: object) -> None:
    """Run the statements of this database, which stand apart by a line `--;`."""
    connection = schema_editor.connection  # type: ignore[attr-defined]
    script = (SQL / f"{connection.vendor}.sql").read_text("utf-8")
    with connection.cursor() as cursor:
        for statement in script.split("--;\n"):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Create the log."""

    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                *((name, models.TextField()) for name in ("at", "actor", "via", "reason", "action", "person")),
                *((name, models.TextField()) for name in ("place", "row_id", "columns", "previous", "hash")),
            ],
            options={"db_table": "audit_entry", "managed": False, "ordering": ["seq"]},
        ),
    ]
