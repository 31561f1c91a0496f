"""What a database holds, in figures that must come out again after a restore. Plain SQL: any release's tables."""

import hashlib
from typing import NamedTuple

from django.db import connection


class State(NamedTuple):
    """Rows of each table; SHA-256 over the newest link of each audit chain; code of the newest seal ("" for none);
    every applied migration as "app.name"."""

    rows: dict[str, int]
    chains: str
    seal: str
    migrations: list[str]


def current() -> State:
    """The figures as the running transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # a big table takes longer than a page may
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [table for (table,) in cursor.fetchall()]
        rows = {table: _count(cursor, table) for table in tables}
        cursor.execute('SELECT name, number, hash FROM audit_chain ORDER BY name COLLATE "C"')
        heads = "\n".join(f"{name} {number} {hash_}" for name, number, hash_ in cursor.fetchall())
        cursor.execute("SELECT hash FROM audit_seal ORDER BY id DESC LIMIT 1")
        seal = cursor.fetchone()
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY app, name")
        migrations = [name for (name,) in cursor.fetchall()]
    return State(rows, hashlib.sha256(heads.encode()).hexdigest(), _code(seal[0]) if seal else "", migrations)


def _count(cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (a table's own name)
    return cursor.fetchone()[0]


def _code(seal: str) -> str:
    """A seal's hash as it stands on paper."""
    return "-".join(seal[at : at + 4] for at in (0, 4, 8)).upper()


def differences(wanted: State, found: State) -> list[str]:
    """What is not equal, one line each."""
    tables = sorted({*wanted.rows, *found.rows})
    lines = [
        f"{table}: {found.rows.get(table)} rows, not {wanted.rows.get(table)}"
        for table in tables
        if wanted.rows.get(table) != found.rows.get(table)
    ]
    if wanted.chains != found.chains:
        lines.append("audit chains: their newest links differ")
    if wanted.seal != found.seal:
        lines.append(f"newest seal: {found.seal or 'none'}, not {wanted.seal or 'none'}")
    if wanted.migrations != found.migrations:
        lines.append("applied migrations differ")
    return lines
