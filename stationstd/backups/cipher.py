"""Encryption by GnuPG, which Debian and Ubuntu carry: authenticated, streaming, by a passphrase or a public key."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from . import BackupError, BrokenArchive

SHORTEST_PASSPHRASE = 20
_QUIET = ("gpg", "--batch", "--no-tty", "--quiet", "--no-options")
_STRONG = ("--cipher-algo", "AES256", "--s2k-digest-algo", "SHA512", "--s2k-count", "65011712")
_PLAIN = ("--compress-algo", "none")  # the dump and the pictures are compressed already
# What GnuPG says in the C locale, and what it means here.
_SAID = {
    "Bad session key": "it does not open: the passphrase is another one, or the file's beginning is damaged",
    "No secret key": "it does not open: the secret key it was made for is not in this account's keyring",
    "no valid OpenPGP data": "it is no backup",
    "has been manipulated": "it is damaged: its bytes are not those that were written",
    "Unusable public key": "the public key cannot encrypt; make one as docs/backup.md says",
    "No space left": "no space left on the device",
}
_DAMAGED = "it is damaged or cut short"
_PIECE_BYTES = 1024 * 1024


def passphrase_options(file: Path) -> list[str]:
    """GnuPG's options for a passphrase that stands in the first line of `file`. Raises BackupError for a bad one."""
    try:
        mode, lines = file.stat().st_mode, file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{file}: the passphrase cannot be read ({error})") from error
    if stat.S_IMODE(mode) & 0o077:
        raise BackupError(f"{file}: others may read the passphrase; chmod 600 {file}")
    if not lines or len(lines[0]) < SHORTEST_PASSPHRASE:
        raise BackupError(f"{file}: a passphrase has at least {SHORTEST_PASSPHRASE} characters in the first line")
    return ["--no-autostart", "--pinentry-mode", "loopback", "--passphrase-file", str(file)]


@contextmanager
def encrypted(output: IO[bytes], *, passphrase: Path | None, recipient: Path | None) -> Iterator[IO[bytes]]:
    """A pipe whose content ends up encrypted in `output`: by a passphrase's file, or a public key's."""
    if recipient:
        how = ["--no-autostart", "--encrypt", "--trust-model", "always", "--recipient-file", str(recipient)]
    else:
        how = [*passphrase_options(passphrase), "--symmetric"]
    with tempfile.TemporaryDirectory(prefix="stationstd-gpg-") as home:
        command = [*_QUIET, "--homedir", home, *_STRONG, *_PLAIN, *how]
        with _running(command, stdin=subprocess.PIPE, stdout=output) as gpg:
            yield gpg.stdin


@contextmanager
def decrypted(path: Path, *, passphrase: Path | None) -> Iterator[IO[bytes]]:
    """A pipe with the content of `path`; without a passphrase's file the keyring of this account opens it.

    What was read is only to be trusted once the block has ended without an error.
    """
    with tempfile.TemporaryDirectory(prefix="stationstd-gpg-") as home, open(path, "rb") as source:
        how = ["--homedir", home, *passphrase_options(passphrase)] if passphrase else []
        command = [*_QUIET, *how, "--decrypt"]
        with _running(command, stdin=source, stdout=subprocess.PIPE) as gpg:
            yield gpg.stdout


@contextmanager
def _running(command, **pipes) -> Iterator[subprocess.Popen]:
    """GnuPG at work. When it fails that is the reason, whatever broke in the block because of it."""
    with tempfile.TemporaryFile() as said, _started(command, stderr=said, **pipes) as gpg:
        broken = None
        try:
            yield gpg
        except (BrokenPipeError, BrokenArchive) as error:
            broken = error
        except BaseException:
            gpg.kill()
            raise
        _let_it_end(gpg)
        failed = gpg.wait()
        said.seek(0)
        if failed:
            raise BackupError(_reason(said.read().decode(errors="replace")))
        if broken:
            raise broken


def _started(command, **pipes) -> subprocess.Popen:
    try:
        return subprocess.Popen(command, env=os.environ | {"LC_ALL": "C"}, **pipes)
    except FileNotFoundError as error:
        raise BackupError("GnuPG is missing. Install it: apt-get install gnupg") from error


def _let_it_end(gpg: subprocess.Popen) -> None:
    """Only at the end of its input and of its output does it know whether all was genuine."""
    if gpg.stdin:
        with suppress(BrokenPipeError):
            gpg.stdin.close()
    while gpg.stdout and gpg.stdout.read(_PIECE_BYTES):
        pass


def _reason(said: str) -> str:
    return next((meaning for words, meaning in _SAID.items() if words in said), f"{_DAMAGED}\n{said}".strip())
