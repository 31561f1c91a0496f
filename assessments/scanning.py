"""The bureau's own virus scanner, where there is one: a command that reads the file and answers by its exit code."""

import logging
import shlex
import subprocess

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record

from . import sealed
from .models import Evidence

SECONDS = 60
AT_ONCE = 100  # files a worker looks at before it lets others have their turn
_ANSWERS = {0: Evidence.Scan.CLEAN, 1: Evidence.Scan.FOUND}
_log = logging.getLogger(__name__)


def scan(content: bytes) -> str:
    """What the scanner says: clean, found, or waiting where it gives no answer; "" where none is set."""
    if not settings.EVIDENCE_SCANNER:
        return Evidence.Scan.NONE
    command = shlex.split(settings.EVIDENCE_SCANNER)
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.error("the scanner gave no answer: %s", type(error).__name__)
        return Evidence.Scan.WAITING
    if done.returncode not in _ANSWERS:
        _log.error("the scanner gave no answer: exit code %s", done.returncode)
    return _ANSWERS.get(done.returncode, Evidence.Scan.WAITING)


def is_withheld(evidence: Evidence) -> bool:
    """Whether others than the station must wait for, or never get, the file as it was handed in."""
    if evidence.scan == Evidence.Scan.NONE:
        return bool(settings.EVIDENCE_SCANNER)
    return evidence.scan != Evidence.Scan.CLEAN


def why_withheld(evidence: Evidence) -> str:
    if evidence.scan == Evidence.Scan.FOUND:
        return _("The virus scanner found something in this file. It is not given out.")
    return _("Not scanned for viruses yet. Only the station itself may fetch it until that is done.")


def catch_up() -> int:
    """Scan what the scanner has not answered for yet, also what was there before it; how many it answered for."""
    if not settings.EVIDENCE_SCANNER:
        return 0
    unknown = Evidence.objects.filter(scan__in=(Evidence.Scan.NONE, Evidence.Scan.WAITING)).order_by("-added_at")
    return sum(_scanned(evidence) for evidence in unknown[:AT_ONCE])


def _scanned(evidence: Evidence) -> bool:
    try:
        said = scan(sealed.evidence.unseal(evidence.digest))
    except sealed.Damaged:
        return False  # evidence_scrub names it
    if said not in _ANSWERS.values():
        return False
    with transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(scan=said)
        record("evidence.scan", f"assessment:{evidence.assessment_id}", evidence=str(evidence.pk), said=said)
    return True
