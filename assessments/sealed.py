"""Files on disk, each under the SHA-256 of its bytes: written whole, read back only unchanged."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Damaged(Exception):
    """The file of a digest is gone, or its bytes are not those that were sealed."""


class Store(NamedTuple):
    """One folder of sealed files below VAR/files."""

    name: str

    def path_of(self, digest: str) -> Path:
        """Where the file of a digest lies. Names come from digests alone, never from what a person typed."""
        if not _DIGEST.fullmatch(digest):
            raise Damaged(digest)
        return settings.VAR / "files" / self.name / digest[:2] / digest

    def seal(self, content: bytes) -> str:
        """Store `content` and return its digest. On disk before this returns; the same again changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        os.replace(new.name, target)
        _sync(target.parent)
        return digest

    def has(self, digest: str) -> bool:
        return self.path_of(digest).exists()

    def files(self) -> Iterator[Path]:
        """Every file of the folder, also one that was never finished."""
        return (path for path in (settings.VAR / "files" / self.name).glob("*/*") if path.is_file())

    def is_whole(self, digest: str) -> bool:
        """Whether the bytes sealed under `digest` are there and the same."""
        try:
            with self.path_of(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def unseal(self, digest: str) -> bytes:
        """The bytes sealed under `digest`. Raises Damaged when they are gone or not the same any more."""
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError as error:
            raise Damaged(digest) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Damaged(digest)
        return content


def _sync(directory: Path) -> None:
    """A rename survives a power cut only once its folder is on disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


evidence = Store("evidence")
reports = Store("reports")
