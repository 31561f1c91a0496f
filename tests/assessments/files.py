"""Files as people hand them in, good and hostile, made on the spot."""

import io
import struct
import zlib

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SCRIPT = b"<script>alert(document.domain)</script>"


def jpeg(size=(64, 48), *, exif: Image.Exif | None = None, colour="navy", **options) -> bytes:
    written = io.BytesIO()
    if exif is not None:
        options["exif"] = exif
    Image.new("RGB", size, colour).save(written, "JPEG", **options)
    return written.getvalue()


def located() -> Image.Exif:
    """EXIF of a phone held upright, with the place in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 12.0, 11.0)
    return exif


def png(size=(64, 48)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 128)).save(written, "PNG")
    return written.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of side × side black pixels in a few kilobytes."""
    rows = zlib.compressobj(9)
    line = b"\0" * (1 + side // 8)
    data = b"".join(rows.compress(line * 100) for _ in range(side // 100)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def pdf(change=None, **saving) -> bytes:
    """One blank page; `change(document)` may spoil it."""
    document, written = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    if change:
        change(document)
    document.save(written, **saving)
    return written.getvalue()


def with_script(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_nested_script(document) -> None:
    """On a page, two dictionaries deep, none of them an object of its own."""
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.pages[0].obj["/AA"] = pikepdf.Dictionary(O=action)


def with_launch(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def with_attachment(document) -> None:
    document.attachments["secret.exe"] = b"MZ"


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
