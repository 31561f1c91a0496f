"""The archive: a stream of named members, each small enough to be held, with a manifest as the last of them.

It is written and read from front to back only, so that it can pass through encryption without a disk.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from typing import IO, NamedTuple

from . import BackupError, BrokenArchive

MANIFEST = "manifest.json"
PART_BYTES = 8 * 1024 * 1024
LARGEST_BYTES = 512 * 1024 * 1024
FORMAT = 1


class Written(NamedTuple):
    """A member's size in bytes and the SHA-256 of its content, as the manifest has it."""

    size: int
    sha256: str


class Writer:
    """Writes members and remembers each for the manifest."""

    def __init__(self, stream: IO[bytes]):
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)
        self.members: dict[str, Written] = {}

    def add(self, name: str, content: bytes) -> None:
        self._put(name, content)
        self.members[name] = Written(len(content), hashlib.sha256(content).hexdigest())

    def add_stream(self, folder: str, stream: IO[bytes]) -> None:
        """A stream of any length as numbered parts of `folder`."""
        number = 0
        while part := stream.read(PART_BYTES):
            number += 1
            self.add(f"{folder}/{number:08}", part)

    def finish(self, about: dict) -> dict:
        """Write the manifest, `about` and every member so far, and end the archive."""
        manifest = {"format": FORMAT} | about | {"members": self.members}
        self._put(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        self._tar.close()
        return manifest

    def _put(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))


def members(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every member, the manifest last. Raises BrokenArchive."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                if not member.isfile() or member.size > LARGEST_BYTES:
                    raise tarfile.ReadError(member.name)
                yield member.name, tar.extractfile(member).read()
        while stream.read(PART_BYTES):  # to the end, where encryption tells whether all of it is genuine
            pass
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BrokenArchive("it is damaged or cut short") from error


def read(stream: IO[bytes], take=lambda name, content: None) -> dict:
    """Hand every member to `take` and return the manifest, once all of them are what it says."""
    found, manifest = {}, None
    for name, content in members(stream):
        if name == MANIFEST:
            manifest = json.loads(content)
            continue
        found[name] = [len(content), hashlib.sha256(content).hexdigest()]
        take(name, content)
    if manifest is None:
        raise BrokenArchive("it ends before its manifest")
    if manifest.get("format") != FORMAT:
        raise BackupError(f"it is of format {manifest.get('format')}; this release reads {FORMAT}")
    _compare(found, manifest["members"])
    return manifest


def _compare(found: dict, promised: dict) -> None:
    wrong = sorted(name for name in {*found, *promised} if found.get(name) != promised.get(name))
    if wrong:
        raise BrokenArchive(f"{len(wrong)} members are not what its manifest says, the first is {wrong[0]}")
