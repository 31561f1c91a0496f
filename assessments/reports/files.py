"""Finished documents on disk, each under the SHA-256 of its bytes: written whole, read back only unchanged."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Damaged(Exception):
    """The file of a digest is gone, or its bytes are not those that were written."""


def folder() -> Path:
    return settings.VAR / "files" / "reports"


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def keep(content: bytes) -> str:
    """Store `content` and return its digest. On disk before this returns; storing the same again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    os.replace(new.name, target)
    _sync(target.parent)
    return digest


def _sync(directory: Path) -> None:
    """A rename survives a power cut only once its folder is on disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(digest: str) -> bytes:
    """The bytes stored under `digest`. Raises Damaged."""
    try:
        content = path_of(digest).read_bytes()
    except FileNotFoundError as error:
        raise Damaged(digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(digest)
    return content
