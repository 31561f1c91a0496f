"""Commands as an operator runs them, and a second cluster to restore into."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WAIT = "import os, signal; print(os.environ['DATABASE_URL'], flush=True); signal.pause()"
PASSPHRASE = "drill-2026-long-enough-to-be-one"


class Installation(NamedTuple):
    """A database and a folder of files; bin/backup and bin/restore work on them."""

    database: str
    folder: Path

    def start(self, program: str, *arguments, **environment) -> subprocess.Popen:
        mine = {"DATABASE_URL": self.database, "STATIONSTD_VAR": str(self.folder), "STATIONSTD_ENV": "test"}
        return subprocess.Popen(
            [ROOT / "bin" / program, *map(str, arguments)],
            env=os.environ | mine | {"DJANGO_SETTINGS_MODULE": "stationstd.settings"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, program: str, *arguments) -> tuple[int, str]:
        """Exit code and everything it said."""
        process = self.start(program, *arguments)
        said, _none = process.communicate(timeout=120)
        return process.returncode, said

    def rows(self, sql: str) -> list[tuple]:
        with psycopg2.connect(self.database) as session, session.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


def at(url: str, *, name: str | None = None, user: str | None = None) -> str:
    """The address with another database or another account, "name:password"."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(netloc=f"{user}@{host}" if user else parts.netloc, path=f"/{name}" if name else parts.path)
    )


@pytest.fixture
def passphrase(tmp_path):
    """A passphrase's file as it should be."""
    return written_to(tmp_path / "passphrase")


def written_to(file: Path) -> Path:
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def here(settings):
    """This test's own database and files."""
    return Installation(at(os.environ["DATABASE_URL"], name=connection.settings_dict["NAME"]), settings.VAR)


@pytest.fixture
def fresh(tmp_path):
    """Two empty databases, `first` and `second`, in a cluster of their own, whose owner is no superuser."""
    command = [sys.executable, ROOT / "bin/services", "--", sys.executable, "-c", WAIT]
    services = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        superuser = services.stdout.readline().strip()
        session = psycopg2.connect(superuser)
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'of-the-drill'")
            for name in ("first", "second"):
                cursor.execute(f"CREATE DATABASE {name} OWNER keeper")
        session.close()
        yield {
            name: Installation(at(superuser, name=name, user="keeper:of-the-drill"), tmp_path / name)
            for name in ("first", "second")
        }
    finally:
        services.terminate()
        services.wait(60)
        services.stdout.close()
