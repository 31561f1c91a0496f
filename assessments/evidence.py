"""What may be handed in as evidence: photos and PDF that really are what they say, made harmless to look at.

A file is accepted when its name, its first bytes and a full decode agree. A picture is shown only as a new
JPEG made from its pixels, so neither a hidden script nor the place where it was taken is ever served.
"""

import io
import struct
import unicodedata
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
import puremagic
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from stationstd import refusals

TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}
SHOWN_PIXELS = 2560  # of the longer side of the picture that is shown
_SNIFFED = 4096  # bytes that decide the type
_NAME = 120  # characters kept of a file name
_PDF_PAGES = 500
_PDF_PARTS = 200_000

# Phones reach 108 million pixels as JPEG, which is decoded small; a PNG has to be decoded whole.
Image.MAX_IMAGE_PIXELS = 120_000_000
_PNG_PIXELS = 40_000_000
_BROKEN_IMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError)

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"}
_ACTIVE_TYPES = {"/EmbeddedFile"}


@dataclass(frozen=True)
class Accepted:
    """A file that passed: the bytes as they came, and those to show (empty for a PDF)."""

    name: str
    media_type: str
    original: bytes
    shown: bytes = b""


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
    if media_type == "application/pdf":
        _require_passive(content, name)
        return Accepted(name, media_type, content)
    return Accepted(name, media_type, content, _redrawn(content, media_type, name))


def safe_name(raw: str) -> str:
    """A file's name as it is stored and offered: its last part, without control and direction characters."""
    last = (raw or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    path = PurePosixPath(shown.strip().lstrip(".-") or "file")
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


def _redrawn(content: bytes, media_type: str, name: str) -> bytes:
    """The picture as a new JPEG: upright, at most SHOWN_PIXELS, pixels only."""
    try:
        with warnings.catch_warnings(), _whole_pictures_only():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decoded(content, media_type, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except _BROKEN_IMAGE as error:
        raise _not_what_it_says(name) from error


@contextmanager
def _whole_pictures_only():
    """Refuse a picture that is cut off, also in a process in which WeasyPrint has told Pillow to bear with them."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _decoded(content: bytes, media_type: str, name: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        if Image.MIME[image.format] != media_type and image.format != "MPO":
            raise _not_what_it_says(name)
        if media_type == "image/png" and image.width * image.height > _PNG_PIXELS:
            raise _too_many_pixels(name)
        image.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
        return _as_jpeg(upright)


def _as_jpeg(image: Image.Image) -> bytes:
    ground = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    ground.paste(layer, mask=layer.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def _too_many_pixels(name: str):
    return refusals.too_large(_("“%(name)s” has too many pixels. Make the picture smaller.") % _of(name))


def _require_passive(content: bytes, name: str) -> None:
    """Refused (415) unless the PDF opens without a password, has pages, and holds nothing that acts or hides."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages, is_safe = len(document.pages), not document.is_encrypted and _is_passive(document)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError) as error:
        raise _not_what_it_says(name) from error
    if not 1 <= pages <= _PDF_PAGES:
        raise _not_what_it_says(name)
    if not is_safe:
        raise refusals.unsupported(
            _("“%(name)s” is locked or holds scripts or other files. Print it to a plain PDF and add that.") % _of(name)
        )


def _is_passive(document: pikepdf.Pdf) -> bool:
    waiting, seen = [document.trailer, *document.objects], 0
    while waiting:
        thing, seen = waiting.pop(), seen + 1
        if seen > _PDF_PARTS or _acts(thing):
            return False
        waiting.extend(part for part in _parts(thing) if not part.is_indirect)
    return True


def _acts(thing) -> bool:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return (
        not _ACTIVE_KEYS.isdisjoint(thing.keys())
        or str(thing.get("/S", "")) in _ACTIVE_ACTIONS
        or str(thing.get("/Type", "")) in _ACTIVE_TYPES
    )


def _parts(thing):
    """The objects right below this one; plain numbers and texts come as Python's own and are left out."""
    if isinstance(thing, pikepdf.Array):
        below = iter(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        below = (value for _key, value in thing.items())
    else:
        below = iter(())
    return (part for part in below if isinstance(part, pikepdf.Object))
