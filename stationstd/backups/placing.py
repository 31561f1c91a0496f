"""Where restored files go: beside the present ones until the database has its rows, then by one rename each."""

import datetime
import os
import shutil
from pathlib import Path

from django.conf import settings

from . import BackupError

STAGED, SET_ASIDE = ".restoring", ".replaced-"


class Place:
    """The folder of stored files. A folder `.restoring` in it means that a restore did not come to its end."""

    def __init__(self):
        self.folder = settings.VAR / "files"
        self.staged = self.folder / STAGED

    def prepare(self, *, replace: bool) -> None:
        """Make room for what comes. Raises BackupError when there are files already that nobody said to replace."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.staged.exists() and not replace:
            raise BackupError(f"{self.staged} is there: a restore runs or was cut off. --replace begins anew")
        if self._present() and not replace:
            raise BackupError(f"{self.folder} is not empty. Name another STATIONSTD_VAR, or say --replace")
        self.drop()
        self.staged.mkdir()

    def put(self, name: str, content: bytes) -> None:
        """One file below the folder. Raises BackupError for a name that leads out of it."""
        target = self.staged / name
        if not target.resolve().is_relative_to(self.staged.resolve()):
            raise BackupError(f"{name} leads out of the folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def finish(self) -> Path | None:
        """Let the staged files take their place; returns where those from before now lie, None when there were none."""
        aside = self._set_aside()
        for each in sorted(self.staged.iterdir()):
            each.rename(self.folder / each.name)
        self.staged.rmdir()
        return aside

    def drop(self) -> None:
        """Take away what was staged."""
        shutil.rmtree(self.staged, ignore_errors=True)

    def _present(self) -> list[Path]:
        return [each for each in self.folder.iterdir() if not each.name.startswith((STAGED, SET_ASIDE))]

    def _set_aside(self) -> Path | None:
        present = self._present()
        if not present:
            return None
        aside = self.folder / f"{SET_ASIDE}{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir()
        for each in present:
            each.rename(aside / each.name)
        return aside
