"""The sealed picture that is shown, turned by quarters and as small as it is needed; the sealed one stays."""

import io

from PIL import Image

SMALL = 320  # pixels of the longer side of a preview: twice what the page takes, for sharp screens
_QUALITY = 85
# Pillow turns counter-clockwise.
_TURNED = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


def turned(shown: bytes, turns: int, side: int | None = None) -> bytes:
    """A JPEG of our own making (decoder.py) as another one: `turns` quarters clockwise, at most `side` pixels.

    The same bytes where neither is asked for.
    """
    if not turns and side is None:
        return shown
    with Image.open(io.BytesIO(shown), formats=("JPEG",)) as image:
        if side is not None:
            image.draft("RGB", (side, side))
            image.thumbnail((side, side))
        image.load()
        upright = image.transpose(_TURNED[turns]) if turns else image
        written = io.BytesIO()
        upright.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
