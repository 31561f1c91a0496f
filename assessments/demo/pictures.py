"""Drawn pictures that stand for photos: one for each criterion that wants evidence, marked as illustrative."""

import io
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from .. import evidence, sealed
from ..models import Assessment, Evidence
from ..scoring import Criterion, Standard
from . import chance

SIZE = (960, 640)
WALL, FLOOR, LINE, INK = "#e8edf3", "#cfd8e3", "#5b7390", "#1f4e8c"
CAPTION = "示例图片，非真实照片"


class Picture(NamedTuple):
    """A sealed picture."""

    digest: str
    shown_digest: str
    size: int


def seal_all(standard: Standard) -> dict[str, Picture]:
    """{criterion: its picture}, sealed as an upload would be, for every criterion that requires evidence."""
    return {c.id: _seal(c) for c in standard.criteria if c.evidence == "required"}


def _seal(criterion: Criterion) -> Picture:
    accepted = evidence.accept(SimpleUploadedFile(f"{criterion.id}.jpg", drawn(criterion)))
    return Picture(
        sealed.evidence.seal(accepted.original), sealed.evidence.seal(accepted.shown), len(accepted.original)
    )


def drawn(criterion: Criterion) -> bytes:
    """A room seen from its door: a few boxes, a camera in the corner, and words that say what it is."""
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    draw.rectangle((0, 420, width, height), fill=FLOOR)
    rng = chance.of("picture", criterion.id)
    for left in range(60, width - 160, 190):
        top = rng.randint(250, 370)
        draw.rectangle((left, top, left + rng.randint(90, 150), 470), outline=LINE, width=4)
    draw.polygon(((width - 90, 40), (width - 30, 40), (width - 30, 90)), outline=INK, width=4)
    draw.text((40, 40), f"ILLUSTRATIVE  {criterion.id}", fill=INK, font=ImageFont.load_default(34))
    draw.text((40, 560), "StationStd demo, not a photograph", fill=LINE, font=ImageFont.load_default(26))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def rows(assessment: Assessment, pictures: dict[str, Picture], by, at, without=()) -> list[Evidence]:
    """Evidence for every criterion that requires it, but for those `without`; not saved yet."""
    standard = assessment.period.edition.standard
    return [
        Evidence(
            assessment=assessment,
            criterion=criterion,
            digest=picture.digest,
            shown_digest=picture.shown_digest,
            media_type="image/jpeg",
            name=f"{standard.criterion(criterion).title}.jpg",
            caption=CAPTION,
            size=picture.size,
            added_by=by,
            added_at=at,
        )
        for criterion, picture in pictures.items()
        if criterion not in without
    ]
