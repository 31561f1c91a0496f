"""Backup and restore of the whole product in one encrypted file (docs/backup.md).

The file is a tar archive under GnuPG: every stored file, then the database's dump in parts, then a manifest of all
of it. Nothing of it touches a disk in the clear.
"""


class BackupError(Exception):
    """Why there is no backup, or nothing was restored; the text is for the person at the keyboard."""


class BrokenArchive(BackupError):
    """An archive is not what was once written; the encryption around it may know better why."""
