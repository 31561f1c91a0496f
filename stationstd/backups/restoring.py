"""Restore a backup: look at all of it first, then bring it in, then hold it against what was backed up."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from audit import events

from . import BackupError, archive, checking, cipher
from .loading import loading, refuse_content
from .placing import Place
from .state import State


class Restored(NamedTuple):
    """What was restored, where files from before lie (None: there were none), and what does not verify."""

    manifest: dict
    aside: Path | None
    wrong: list[str]


def check(backup: Path, *, passphrase: Path | None) -> dict:
    """Read the whole backup and return its manifest. Raises BackupError when it could not be restored."""
    with cipher.decrypted(backup, passphrase=passphrase) as stream:
        return archive.read(stream)


def restore(
    backup: Path, *, passphrase: Path | None, replace=False, migrate=False, say: Callable[[str], None]
) -> Restored:
    """Bring a backup into an empty database and folder; with `replace` into others, whose files are set aside.

    Raises BackupError while nothing has changed yet. Afterwards the database holds all rows, files are in place,
    everybody is logged out, and the log says so; `wrong` names what does not verify.
    """
    place = Place()
    if not replace:
        refuse_content()
    say("reading the backup …")
    manifest = check(backup, passphrase=passphrase)
    _refuse_other_release(manifest["state"]["migrations"], migrate=migrate)
    place.prepare(replace=replace)
    say("restoring …")
    try:
        _bring_in(backup, place, passphrase=passphrase, replace=replace)
    except BaseException:
        place.drop()
        raise
    aside = place.finish()
    say("verifying …")
    return Restored(manifest, aside, [*_settled(manifest, backup.name, migrate=migrate), *checking.wrong(manifest)])


def _bring_in(backup: Path, place: Place, *, passphrase: Path | None, replace: bool) -> None:
    """Files to where they wait, rows into the database; rows only stay when all of the backup was genuine."""
    with loading(replace=replace) as load:

        def take(name: str, content: bytes) -> None:
            folder, _slash, rest = name.partition("/")
            if folder == "files":
                place.put(rest, content)
            else:
                load(content)

        with cipher.decrypted(backup, passphrase=passphrase) as stream:
            archive.read(stream, take)


def _refuse_other_release(applied: list[str], *, migrate: bool) -> None:
    """The rows must be of this release, or of one that its migrations lead on from."""
    labels = {config.label for config in apps.get_app_configs()}
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations if app in labels}
    if newer := sorted({name for name in applied if name.partition(".")[0] in labels} - known):
        raise BackupError(f"it was made by a newer release (it has {newer[0]}); install that one first")
    missing = sorted(known - set(applied))
    if missing and not migrate:
        raise BackupError(f"it was made by an older release (without {missing[0]}). --migrate brings it up to this one")


def _settled(manifest: dict, name: str, *, migrate: bool) -> list[str]:
    """Figures first, as nothing has touched the rows; then rights, this release's schema, sessions, the record."""
    wrong = checking.figures(State(**manifest["state"]))
    if migrate:
        call_command("migrate", verbosity=0)
    call_command("database_roles", stdout=io.StringIO())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
        about = {"file": name, "as_of": manifest["at"], "seal": manifest["state"]["seal"]}
        events.record("backup.restore", "administration", **about)
    return wrong
