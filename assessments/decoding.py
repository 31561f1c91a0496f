"""Have a file opened by decoder.py, outside this process: what breaks there breaks nothing here."""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from stationstd.refusals import Refused

SHOWN_PIXELS = 2560  # of the longer side of the picture that is shown
# Phones reach 108 million pixels as JPEG, which is decoded small; a PNG has to be decoded whole.
JPEG_PIXELS, PNG_PIXELS = 120_000_000, 40_000_000
PDF_PAGES, PDF_PARTS = 500, 200_000
SECONDS = 30  # for one file, and to wait for one's turn
AT_ONCE = 2  # in one web process, so that many uploads do not take the machine's memory
_YEARS = range(1970, 2200)
_PROGRAM = Path(__file__).with_name("decoder.py")
_turns = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)


class Unreadable(Exception):
    """`why`: "pixels" too many of them, "broken" not what it says, "active" a PDF that is locked or acts."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Opened:
    """What was found in a file that is what it says.

    shown        the picture as a new JPEG; empty for a PDF
    fingerprint  64 bits with a sign, as the database keeps them, alike for alike pictures; None where there are none
    taken_at     when the camera says it was taken; None where it does not say
    """

    shown: bytes
    fingerprint: int | None
    taken_at: datetime | None


def open_file(content: bytes, media_type: str) -> Opened:
    """Raises Unreadable; Refused (503) when too many others are being opened."""
    if not _turns.acquire(timeout=SECONDS):
        raise Refused(503, "busy", _("Many files are being added at the moment. Try again."), retry_after=10)
    try:
        return _read(_run(content, media_type))
    finally:
        _turns.release()


def _run(content: bytes, media_type: str) -> bytes:
    told = {
        "media_type": media_type,
        "side": SHOWN_PIXELS,
        "jpeg_pixels": JPEG_PIXELS,
        "png_pixels": PNG_PIXELS,
        "pdf_pages": PDF_PAGES,
        "pdf_parts": PDF_PARTS,
    }
    command = [sys.executable, "-I", str(_PROGRAM), json.dumps(told)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env={}, cwd="/")
    except subprocess.TimeoutExpired as error:
        _log.warning("a file handed in as %s took too long to open", media_type)
        raise Unreadable("broken") from error
    if done.returncode:
        _log.warning("a file handed in as %s ended its decoder: %s", media_type, done.returncode)
        raise Unreadable("broken")
    return done.stdout


def _read(written: bytes) -> Opened:
    line, _newline, shown = written.partition(b"\n")
    about = json.loads(line)
    if "refused" in about:
        raise Unreadable(about["refused"])
    bits = about["fingerprint"]
    return Opened(shown, None if bits is None else bits - (bits >> 63 << 64), _moment(about["taken"]))


def _moment(taken: list[str] | None) -> datetime | None:
    """A camera's words as a moment, in the product's time zone where the camera names none; None for nonsense."""
    when, offset = taken or ("", "")
    try:
        zone = datetime.strptime(offset.strip(" \0"), "%z").tzinfo if offset.strip(" \0") else None
        read = datetime.strptime(when.strip(" \0") + "+00:00", "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None
    if read.year not in _YEARS:
        return None
    return read.replace(tzinfo=zone or timezone.get_default_timezone())
