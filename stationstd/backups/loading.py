"""Load a dump into the database in one transaction: all of it or nothing."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import IO

from django.db import connection

from audit import roles

from . import BackupError
from .programs import ProgramError, running

# Without the schema there is nothing of the former content, whichever release made it.
_AWAY = """
SET lock_timeout = '5s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
_WITHOUT_OWNERS = ("--no-owner", "--file=-")
_ONE_TRANSACTION = (
    "--no-psqlrc",
    "--quiet",
    "--no-password",
    "--set=ON_ERROR_STOP=1",
    "--single-transaction",
    "--file=-",
)


def refuse_content() -> None:
    """Raise BackupError unless the database is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        tables = cursor.fetchone()[0]
    if tables:
        name = connection.settings_dict["NAME"]
        raise BackupError(f"database {name} holds {tables} tables. Make an empty one, or say --replace")


@contextmanager
def loading(*, replace: bool) -> Iterator[Callable[[bytes], None]]:
    """A function that takes the dump piece by piece; it is there for good once the block ends without an error."""
    roles.make()  # the dump grants them their rights
    with running("psql", *_ONE_TRANSACTION, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as psql:
        if replace:
            psql.stdin.write(_AWAY.encode())
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with running("pg_restore", *_WITHOUT_OWNERS, **pipes) as pg_restore:
            words = _Copy(pg_restore.stdout, psql.stdin)

            def load(piece: bytes) -> None:
                try:
                    pg_restore.stdin.write(piece)
                except BrokenPipeError as error:
                    raise ProgramError("the dump was not taken") from error

            yield load
            pg_restore.stdin.close()
            words.join()
        psql.stdin.close()  # the end of its input is what makes psql commit


class _Copy(Thread):
    """Hand on what one program writes to the next while the first is still being fed."""

    def __init__(self, source: IO[bytes], target: IO[bytes]):
        super().__init__(daemon=True)
        self.source, self.target = source, target
        self.start()

    def run(self) -> None:
        try:
            while words := self.source.read1():
                self.target.write(words)
            self.target.flush()
        except OSError:  # psql ended first; it is asked why when the block ends
            self.source.close()
