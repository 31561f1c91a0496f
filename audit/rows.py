"""Hold what was verified and decided against the database's own record of it (migration watched_rows)."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_noop as _

from .broken import Broken
from .broken import broken as named

ROW_CHANGE = "row.change"
_ROW = "%(row)s (%(chain)s)"
_LAYERS = "layer IN ('verified', 'confirmed')"
# Table: which of its rows are watched. A row is compared in the columns that its last record has.
WATCHED = {
    "assessments_answers": _LAYERS,
    "assessments_score": _LAYERS,
    "assessments_evidence": "true",
    "assessments_objection": "true",
    "assessments_officialrank": "true",
}

_DIFFERENT = """
WITH last AS (
    SELECT DISTINCT ON (detail ->> 'key') id, chain, detail ->> 'key' AS key, detail -> 'row' AS row
      FROM audit_event WHERE action = 'row.change' AND detail ->> 'table' = '{table}'
     ORDER BY detail ->> 'key', id DESC
), present AS (
    SELECT id::text AS key, to_jsonb(watched) AS row FROM {table} watched WHERE {only}
)
SELECT key, last.chain, last.id, last.row IS NULL OR last.row = 'null', present.row IS NULL,
       (SELECT array_agg(name ORDER BY name) FROM jsonb_each(nullif(last.row, 'null')) AS known(name, value)
         WHERE value IS DISTINCT FROM present.row -> name)
  FROM last FULL JOIN present USING (key)
 WHERE last.id IS NULL
    OR (nullif(last.row, 'null') IS NULL) <> (present.row IS NULL)
    OR EXISTS (SELECT FROM jsonb_each(nullif(last.row, 'null')) AS known(name, value)
                WHERE value IS DISTINCT FROM present.row -> name)
 ORDER BY coalesce(last.id, 0), key
"""

# A change of a watched row without an act of the product in the same transaction.
_BEHIND_THE_BACK = """
SELECT id, chain, detail ->> 'table', detail ->> 'key', detail ->> 'database_user'
  FROM audit_event change
 WHERE action = 'row.change'
   AND NOT EXISTS (SELECT FROM audit_event event WHERE event.act = change.act AND event.action <> 'row.change')
 ORDER BY id
"""


def broken() -> Iterator[Broken]:
    """Rows that are not as last recorded, and records that belong to no act of the product."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")  # the records were written with it
        cursor.execute(_BEHIND_THE_BACK)
        for event, chain, table, key, database_user in cursor.fetchall():
            yield named(
                _("event %(event)s (%(chain)s)"),
                _("%(row)s was changed behind the product's back by database account %(account)s"),
                event=event,
                chain=chain,
                row=f"{table} {key}",
                account=database_user,
            )
        for table, only in WATCHED.items():
            cursor.execute(_DIFFERENT.format(table=table, only=only))
            yield from (_different(table, *row) for row in cursor.fetchall())


def _different(table, key, chain, event, was_removed, is_missing, columns) -> Broken:
    about = {"row": f"{table} {key}", "chain": chain, "event": event}
    if event is None:
        return named("%(row)s", _("there is no record of it"), **about)
    if is_missing:
        return named(_ROW, _("it is missing; event %(event)s recorded it"), **about)
    if was_removed:
        return named(_ROW, _("it is there; event %(event)s recorded its removal"), **about)
    why = _("%(columns)s: not what event %(event)s recorded")
    return named(_ROW, why, columns=", ".join(columns), **about)
