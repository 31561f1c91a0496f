"""Every text that the product stores, found in the models; written over behind the product's back, row by row."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models

APPS = ("assessments", "audit", "personnel", "stations")
# Columns whose words are the product's own: codes, digests, states, keys. No person types them.
OWN_WORDS = {
    "assessments.Answers.dimension",
    "assessments.AnswerChange.metric",
    "assessments.Assessment.group",
    "assessments.Evidence.criterion",
    "assessments.Evidence.media_type",
    "assessments.Draft.code",
    "assessments.Draft.text",  # typed, but as a whole: tests/edges/standards.py
    "assessments.Draft.version",
    "assessments.Edition.code",
    "assessments.Exemption.criterion",
    "assessments.Edition.text",  # typed, but as a whole: tests/edges/standards.py
    "assessments.Edition.version",
    "assessments.Job.key",
    "assessments.Job.kind",
    "assessments.OfficialRank.group",
    "assessments.Objection.criterion",
    "assessments.PastScore.grade",
    "assessments.Remark.code",
    "assessments.Remark.seen",
    "assessments.Review.criterion",
    "assessments.Review.seen",
    "assessments.RunScore.grade",
    "assessments.Score.grade",
    "assessments.Veto.code",
    "audit.Chain.name",
    "audit.Event.act",
    "audit.Event.action",
    "audit.Event.algorithm",
    "audit.Event.chain",
    "audit.Event.previous",
    "audit.Event.role",
    "audit.Seal.algorithm",
    "audit.Seal.previous",
    "audit.SealedHead.chain",
    "personnel.FailedLogins.of",
    "personnel.SecondFactor.secret",
    "personnel.User.certificate",  # typed, but whoever has one logs in with it: tests/stationstd/test_proxies.py
    "personnel.User.language",
    "personnel.User.password",
    "personnel.User.session_key",
    "stations.Bureau.code",  # checked: part of addresses
    "stations.Bureau.path",
    "stations.Station.code",
    "stations.StationClass.code",
    "stations.StationClass.name",  # come with a migration; there is no form for them
    "stations.StationClass.name_en",
}
_SUFFIXES = (".hash", "digest")


class Column(NamedTuple):
    model: type[models.Model]
    field: models.Field

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def most(self) -> int:
        """The characters that fit."""
        return self.field.max_length or 4000


def columns() -> list[Column]:
    """The text columns that hold what a person wrote."""
    return [column for column in _all() if column.label not in OWN_WORDS and not column.label.endswith(_SUFFIXES)]


def _all() -> Iterator[Column]:
    there = set(connection.introspection.table_names())
    for model in (each for name in APPS for each in apps.get_app_config(name).get_models()):
        if model._meta.db_table in there:  # a migration's own models have none
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    yield Column(model, field)


@contextmanager
def past_the_guards():
    """Let the cluster's superuser write what the product's triggers refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def write(column: Column, text: Callable[[int, models.Model], str | None]) -> int:
    """Store text(number, row) wherever the column says something, None leaves it; returns the number of rows."""
    rows = list(column.model._default_manager.exclude(**{column.field.name: ""}).order_by("pk"))
    table, name = column.model._meta.db_table, column.field.column
    key = column.model._meta.pk.column
    with past_the_guards() as cursor:
        for number, row in enumerate(rows):
            if (said := text(number, row)) is not None:
                cursor.execute(f'UPDATE "{table}" SET "{name}" = %s WHERE "{key}" = %s', [said, row.pk])
    return len(rows)


def write_details(said: str) -> None:
    """Put the text into what events recorded: as a name, as a value, as old and new."""
    detail = json.dumps({said: said, "changed": {said: [said, said]}})
    with past_the_guards() as cursor:
        cursor.execute("UPDATE audit_event SET detail = %s WHERE action <> 'row.change'", [detail])
