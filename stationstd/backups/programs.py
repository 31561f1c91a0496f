"""PostgreSQL's own programs, pointed at the product's database; no password is ever among their arguments."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from . import BackupError

ENDING_SECONDS = 2


class ProgramError(BackupError):
    """A program failed, or one that reads from it did."""


def program(name: str) -> str:
    """Where the program is: in PG_BINDIR, else on the PATH."""
    folder = os.environ.get("PG_BINDIR")
    found = shutil.which(name, path=folder) if folder else shutil.which(name)
    if not found:
        raise BackupError(f"{name} is missing. Install it (apt-get install postgresql-client) or set PG_BINDIR")
    return found


def address() -> dict[str, str]:
    """The environment in which a program finds the database of DATABASE_URL."""
    settings = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(settings[name]) for variable, name in names.items() if settings[name]}
    return os.environ | given | {"PGCONNECT_TIMEOUT": "10", "LC_ALL": "C.UTF-8"}


@contextmanager
def running(name: str, *arguments: str, **pipes) -> Iterator[subprocess.Popen]:
    """The program at work; raises ProgramError with its words when it fails, or when the block fails because of it."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([program(name), *arguments], env=address(), stderr=said, **pipes)
        try:
            yield process
        except (BrokenPipeError, ProgramError):
            if not _ends(process):
                raise
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait():
            said.seek(0)
            raise ProgramError(f"{name} failed: {said.read().decode(errors='replace').strip()}")


def _ends(process: subprocess.Popen) -> bool:
    """Whether the program fails by itself, so that it can say why; one that is still waiting is ended."""
    try:
        return process.wait(ENDING_SECONDS) != 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
