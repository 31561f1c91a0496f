"""What may be handed in as evidence: photos and PDF that really are what they say, made harmless to look at.

A file is accepted when its name, its first bytes and a full decode (decoding.py) agree. A picture is shown only as
a new JPEG made from its pixels, so neither a hidden script nor the place where it was taken is ever served.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from stationstd import refusals

from . import decoding, scanning
from .models import Evidence

TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}
_SNIFFED = 4096  # bytes that decide the type
_NAME = 120  # characters kept of a file name
# Names that Windows gives to devices, whatever stands behind the point.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # in a name on Windows


@dataclass(frozen=True)
class Accepted:
    """A file that passed: the bytes as they came, and those to show (empty for a PDF); the rest as in Opened."""

    name: str
    media_type: str
    original: bytes
    shown: bytes = b""
    fingerprint: int | None = None
    taken_at: datetime | None = None
    scan: str = Evidence.Scan.NONE


def accept(upload) -> Accepted:
    """Check an uploaded file. Refused: 413 when it is too large, 415 when it is not a photo or PDF as it says."""
    name = safe_name(upload.name)
    media_type = TYPES.get(PurePosixPath(name).suffix.lower())
    if media_type is None:
        raise refusals.unsupported(_("“%(name)s”: only JPEG and PNG photos and PDF files are accepted.") % _of(name))
    _require_size(upload.size, media_type, name)
    content = upload.read()
    if not _begins_as(content, media_type):
        raise _not_what_it_says(name)
    opened = _opened(content, media_type, name)
    said = scanning.scan(content)
    if said == Evidence.Scan.FOUND:
        raise refusals.unsupported(_("“%(name)s” was refused by the virus scanner.") % _of(name))
    return Accepted(name, media_type, content, opened.shown, opened.fingerprint, opened.taken_at, said)


def safe_name(raw: str) -> str:
    """A file's name as it is stored and offered: its last part, without control and direction characters, and one
    that every system can save."""
    last = (raw or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = _FORBIDDEN.sub("_", shown).strip(" .").lstrip(".- ") or "file"
    path = PurePosixPath("_" + plain if _DEVICES.match(plain) else plain)
    return path.stem[: _NAME - len(path.suffix[:10])] + path.suffix[:10]


def _of(name: str, **more) -> dict:
    return {"name": name, **more}


def _not_what_it_says(name: str):
    return refusals.unsupported(
        _("“%(name)s” is damaged or not what its name says. Make the photo or PDF again.") % _of(name)
    )


def _require_size(size: int, media_type: str, name: str) -> None:
    is_pdf = media_type == "application/pdf"
    limit = settings.EVIDENCE_PDF_BYTES if is_pdf else settings.EVIDENCE_IMAGE_BYTES
    if size == 0:
        raise refusals.unsupported(_("“%(name)s” is empty.") % _of(name))
    if size > limit:
        raise refusals.too_large(
            _("“%(name)s” is too large: %(size)s MB, at most %(limit)s MB. Make it smaller and add it again.")
            % _of(name, size=f"{size / 1024**2:.1f}", limit=limit // 1024**2)
        )


def _begins_as(content: bytes, media_type: str) -> bool:
    try:
        found = puremagic.magic_string(content[:_SNIFFED])
    except (puremagic.PureError, ValueError):
        return False
    return any(match.mime_type == media_type and match.offset == 0 for match in found)


def _opened(content: bytes, media_type: str, name: str) -> decoding.Opened:
    try:
        return decoding.open_file(content, media_type)
    except decoding.Unreadable as error:
        raise _refusal(error.why, name) from error


def _refusal(why: str, name: str) -> refusals.Refused:
    if why == "pixels":
        return refusals.too_large(_("“%(name)s” has too many pixels. Make the picture smaller.") % _of(name))
    if why == "active":
        return refusals.unsupported(
            _("“%(name)s” is locked or holds scripts or other files. Print it to a plain PDF and add that.") % _of(name)
        )
    return _not_what_it_says(name)
