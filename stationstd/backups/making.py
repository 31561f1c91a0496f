"""Make a backup: one snapshot of the database, and every file that its rows name."""

import datetime
import hashlib
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from assessments.models import Evidence
from audit import events

from . import BackupError, cipher, state
from .archive import LARGEST_BYTES, Writer
from .programs import running

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Made(NamedTuple):
    """A backup that is there: its manifest, its size in bytes, the SHA-256 of its bytes."""

    manifest: dict
    size: int
    sha256: str


def make(target: Path, *, passphrase: Path | None = None, recipient: Path | None = None) -> Made:
    """Write a backup to `target`, for a passphrase's file or a public key's file, and record it in the log.

    Until it is whole it is called `target`.partial. Raises BackupError, and leaves nothing, when it fails. Evidence
    that is gone or damaged already is no reason to have no backup: the manifest names it under "lost".
    """
    partial = target.with_name(target.name + ".partial")
    _refuse_to_overwrite(target)
    if partial.exists():
        raise BackupError(f"{partial} is there: a backup is running, or one was cut off and may be removed")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        try:
            with cipher.encrypted(output, passphrase=passphrase, recipient=recipient) as pipe:
                manifest = _write(Writer(pipe))
            os.fsync(output.fileno())
            return _finished(partial, target, manifest)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _refuse_to_overwrite(target: Path) -> None:
    if target.exists():
        raise BackupError(f"{target} is there already; a backup never overwrites anything")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder")


def _write(archive: Writer) -> dict:
    """Files before the dump: a restore has them in place before the rows that name them.

    The snapshot is older than the list of files. A file is on disk before its row is committed and never changes, so
    none that a row of the snapshot names can be missed.
    """
    with _snapshot() as (name, at):
        found = state.current()
        needed = _needed()
        damaged = {path.name for path in _files() if not _add(archive, path)}
        stored = {Path(member).name for member in archive.members}
        dump = ("--format=custom", f"--snapshot={name}", "--lock-wait-timeout=10s", "--no-password")
        with running("pg_dump", *dump, stdout=subprocess.PIPE) as pg_dump, pg_dump.stdout:
            archive.add_stream("database", pg_dump.stdout)
        about = {
            "release": _release(),
            "at": at,
            "files": len(stored),
            "lost": sorted(needed - stored),
            "damaged": sorted(damaged),
        }
        return archive.finish(about | {"state": found._asdict()})


@contextmanager
def _snapshot() -> Iterator[tuple[str, str]]:
    """A transaction that sees one moment; the name under which pg_dump sees the same, and when that was in UTC."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # while others read for long
        cursor.execute("SELECT pg_export_snapshot(), now()")
        name, at = cursor.fetchone()
        yield name, at.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _needed() -> set[str]:
    """The digests of files that cannot be made again. Reports can."""
    digests = Evidence.objects.values_list("digest", "shown_digest")
    return {digest for row in digests for digest in row if digest}


def _files() -> Iterator[Path]:
    """Every stored file, whichever part of the product stored it; names with a dot are half-written or set aside."""
    for folder, folders, names in os.walk(settings.VAR / "files"):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _add(archive: Writer, path: Path) -> bool:
    """Whether the file is what its name says; one that is not stays out. One that has expired meanwhile is no loss."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return True
    if len(content) > LARGEST_BYTES:
        raise BackupError(f"{path} is larger than {LARGEST_BYTES} bytes")
    if _DIGEST.fullmatch(path.name) and hashlib.sha256(content).hexdigest() != path.name:
        return False
    archive.add(f"files/{path.relative_to(settings.VAR / 'files')}", content)
    return True


def _release() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def _finished(partial: Path, target: Path, manifest: dict) -> Made:
    """The record of it and its name, both or neither."""
    with open(partial, "rb") as written:
        made = Made(manifest, os.fstat(written.fileno()).st_size, hashlib.file_digest(written, "sha256").hexdigest())
    with transaction.atomic():
        about = {"file": target.name, "size": made.size, "sha256": made.sha256, "lost": len(manifest["lost"])}
        events.record("backup.make", "administration", **about)
        _refuse_to_overwrite(target)  # it may have come meanwhile
        partial.rename(target)
    _sync(target.parent)
    return made


def _sync(folder: Path) -> None:
    """A rename survives a power cut only once its folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
