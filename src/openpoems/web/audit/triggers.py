"""Puts a trigger on each audited table, anew after each migration (SQLite drops them when it rebuilds a table).

A model is audited when it has `audit_person`: the column that holds the pseudonym of whose record a row is part of, or
"" where a row is nobody's. `None` says that a table is not audited, beside the reason.
"""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.migrations.operations import AddField, RemoveField
from django.db.models import Model

CHANGES = ("INSERT", "UPDATE", "DELETE")


def audited() -> list[type[Model]]:
    """Every audited model."""
    return [model for model in apps.get_models() if getattr(model, "audit_person", None) is not None]


def install(using: str = "default", **_: object) -> None:
    """Put the triggers in place on those audited tables that exist; safe to repeat."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "audit_entry" not in tables:
            return
        for model in audited():
            if model._meta.db_table in tables:
                for statement in _statements(connection, model):
                    cursor.execute(statement)


def make_way(using: str, plan: Any, apps: Any, **_: object) -> None:
    """Take the triggers off the tables that lose a column, which SQLite refuses while a trigger names it."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    losing = {
        (migration.app_label, operation.model_name_lower)
        for migration, backwards in plan
        for operation in migration.operations
        if isinstance(operation, AddField if backwards else RemoveField)
    }
    with connection.cursor() as cursor:
        for label, model in sorted(losing):
            if model in apps.all_models[label]:
                for name in _names(connection, apps.get_model(label, model)._meta.db_table):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def missing() -> list[str]:
    """The audited tables on which a trigger is missing or switched off."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE tgname LIKE 'audit%' AND tgenabled IN ('O', 'A')"
            )
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        found = set(cursor.fetchall())
    tables = [model._meta.db_table for model in audited()]
    return [table for table in tables if not {(table, name) for name in _names(connection, table)} <= found]


def _names(connection: Any, table: str) -> list[str]:
    if connection.vendor == "postgresql":
        return ["audit", "audit_emptied"]
    return [f"audit_{table}_{change}" for change in ("insert", "update", "update_moved", "delete")]


def remove() -> None:
    """Take the triggers away, for a restore that brings the log of its rows along; `install` puts them back."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for model in audited():
            table = model._meta.db_table
            for name in _names(connection, table):
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _statements(connection: Any, model: type[Model]) -> list[str]:
    table, key = model._meta.db_table, str(model._meta.pk.column)
    person: str = model.audit_person  # type: ignore[attr-defined]
    if connection.vendor == "postgresql":
        row = f'CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "{table}" FOR EACH ROW'
        whole = f'CREATE OR REPLACE TRIGGER audit_emptied BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT'
        return [
            f"{row} EXECUTE FUNCTION audit_row('{key}', '{person}')",
            f"{whole} EXECUTE FUNCTION audit_emptied('{key}', '{person}')",
        ]
    columns = sorted(str(field.column) for field in model._meta.local_concrete_fields)
    return [s for change in CHANGES for s in _sqlite(change, table, key, person, columns)]


def _sqlite(change: str, table: str, key: str, person: str, columns: list[str]) -> list[str]:
    now = "OLD" if change == "DELETE" else "NEW"
    if change != "UPDATE":
        return _trigger(change, table, "", _logged(change, now, table, (key, person), "''"))
    differs = " || ".join(f"iif(OLD.\"{c}\" IS NOT NEW.\"{c}\", ' {c}', '')" for c in columns)
    changed = f"ltrim({differs})"
    moved = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in (key, person) if c)
    is_now, was = (_logged(change, row, table, (key, person), changed) for row in ("NEW", "OLD"))
    # A row that goes over to another person, or gets another key, is logged as what it was and as what it is.
    return [
        *_trigger(change, table, f"WHEN {changed} <> ''", is_now),
        *_trigger(change, table, f"WHEN {moved}", was, suffix="_moved"),
    ]


def _logged(change: str, row: str, table: str, key_and_person: tuple[str, str], changed: str) -> str:
    key, person = key_and_person
    whose = f"coalesce({row}.\"{person}\", '')" if person else "''"
    return f"'{change.lower()}', {whose}, '{table}', CAST({row}.\"{key}\" AS TEXT), {changed}"


def _trigger(change: str, table: str, only: str, logged: str, suffix: str = "") -> list[str]:
    name = f"audit_{table}_{change.lower()}{suffix}"
    made = f'CREATE TRIGGER "{name}" AFTER {change} ON "{table}" {only}'
    # All names are those of our own models.
    body = f"BEGIN INSERT INTO audit_write VALUES ({logged}); END"  # noqa: S608
    return [f'DROP TRIGGER IF EXISTS "{name}"', f"{made} {body}"]
