"""Opens one file that a stranger handed in, in a process of its own that may take little and then ends.

Run as a program by decoding.py: the media type and the limits come as JSON in the first argument, the file on
standard input. On standard output: one line of JSON, then the picture to show. Knows nothing of the product.

The line   {"refused": "pixels" | "broken" | "active"}, or
           {"fingerprint": 64 bits as a whole number or null, "taken": ["2026:11:01 10:00:00", "+08:00" or ""] or null}
"""

import io
import json
import resource
import struct
import sys
import warnings
import zlib

MEMORY = 1024**3  # bytes of address space: a photo of 40 million pixels and its copies need 0.6 GB
PROCESSOR_SECONDS = 20
QUALITY = 85
# Fewer levels of grey than this between the lightest and the darkest part: a blank page looks like every other.
_LEAST_CONTRAST = 16
_EXIF, _TAKEN, _OFFSET = 0x8769, 0x9003, 0x9011

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"}
_ACTIVE_TYPES = {"/EmbeddedFile"}


class Refused(Exception):
    """The one argument says why, in a word of the protocol."""


def main() -> None:
    _confine()
    told = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read()
    try:
        about, shown = (_pdf if told["media_type"] == "application/pdf" else _picture)(content, told)
    except Refused as refused:
        about, shown = {"refused": str(refused)}, b""
    except MemoryError:
        about, shown = {"refused": "pixels"}, b""
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + shown)


def _confine() -> None:
    """Neither memory nor processor beyond a photo's needs, no file, no core of what was handed in."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _picture(content: bytes, told: dict) -> tuple[dict, bytes]:
    """The first picture in the file, upright, as a new JPEG of at most told["side"] pixels: pixels only."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = told["jpeg_pixels"]
    warnings.simplefilter("ignore")  # phones write EXIF and second pictures that are odd, and no harm
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return _drawn(content, told)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error) as error:
        raise Refused("broken") from error


def _drawn(content: bytes, told: dict) -> tuple[dict, bytes]:
    from PIL import Image, ImageOps

    side = told["side"]
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        if Image.MIME[image.format] != told["media_type"] and image.format != "MPO":
            raise Refused("broken")
        if told["media_type"] == "image/png" and image.width * image.height > told["png_pixels"]:
            raise Refused("pixels")
        taken = _taken(image)
        image.draft("RGB", (side, side))
        image.load()
        # Made small before it is turned: a copy of all pixels is the dearest step.
        small = image.convert("RGBA") if image.mode in ("1", "P") else image
        small.thumbnail((side, side))
        upright = _on_white(ImageOps.exif_transpose(small))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=QUALITY, optimize=True)
    return {"fingerprint": _fingerprint(upright), "taken": taken}, written.getvalue()


def _on_white(image):
    from PIL import Image

    ground = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _taken(image) -> list[str] | None:
    """When the camera says the picture was taken, and its distance from UTC where it says that too."""
    try:
        told = image.getexif().get_ifd(_EXIF)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return None
    when, offset = told.get(_TAKEN), told.get(_OFFSET, "")
    return [when, offset if isinstance(offset, str) else ""] if isinstance(when, str) else None


def _fingerprint(image) -> int | None:
    """64 bits that a copy of the picture shares however it was saved: in a grid of 9 × 8, is each part lighter
    than the part to its right? None for a picture without contrast."""
    from PIL import Image

    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    if max(grey) - min(grey) < _LEAST_CONTRAST:
        return None
    bits = (grey[9 * row + at] > grey[9 * row + at + 1] for row in range(8) for at in range(8))
    return sum(bit << place for place, bit in enumerate(bits))


def _pdf(content: bytes, told: dict) -> tuple[dict, bytes]:
    """Refused unless it opens without a password, has pages, and holds nothing that acts or hides."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
            is_passive = not document.is_encrypted and _is_passive(document, told["pdf_parts"], pikepdf)
    except pikepdf.PasswordError as error:
        raise Refused("active") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refused("broken") from error
    if not 1 <= pages <= told["pdf_pages"]:
        raise Refused("broken")
    if not is_passive:
        raise Refused("active")
    return {"fingerprint": None, "taken": None}, b""


def _is_passive(document, most: int, pikepdf) -> bool:
    waiting, seen = [document.trailer, *document.objects], 0
    while waiting:
        thing, seen = waiting.pop(), seen + 1
        if seen > most or _acts(thing, pikepdf):
            return False
        waiting.extend(part for part in _parts(thing, pikepdf) if not part.is_indirect)
    return True


def _acts(thing, pikepdf) -> bool:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return (
        not _ACTIVE_KEYS.isdisjoint(thing.keys())
        or str(thing.get("/S", "")) in _ACTIVE_ACTIONS
        or str(thing.get("/Type", "")) in _ACTIVE_TYPES
    )


def _parts(thing, pikepdf):
    """The objects right below this one; plain numbers and texts come as Python's own and are left out."""
    if isinstance(thing, pikepdf.Array):
        below = iter(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        below = (value for _key, value in thing.items())
    else:
        below = iter(())
    return (part for part in below if isinstance(part, pikepdf.Object))


if __name__ == "__main__":
    main()
