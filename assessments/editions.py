"""Take a standard into use: after this its text can never change."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from stationstd import refusals

from . import parents
from .models import Edition
from .scoring import Standard, StandardError
from .scoring.inherited import Finding
from .scoring.standard import RATE_DECIMALS


@transaction.atomic
def load(text: str, name: str = "standard.toml", *, by=None) -> tuple[Edition, bool]:
    """(the edition of this text, whether it is new). Loading the same text again changes nothing.

    Raises StandardError with one line for each problem, also where the standard names a parent that is not in use or
    asks less than it; Refused (409) when this code and version stand there
    with another text.
    """
    standard = Standard.loads(text, name)
    if standard.rate_decimals > RATE_DECIMALS:
        stored = f"rates are stored with {RATE_DECIMALS} decimals, not {standard.rate_decimals}"
        raise StandardError([f"{name}: rate_decimals: {stored}; manage.py score knows more"])
    if weaker := parents.weaknesses(standard, "en"):
        raise StandardError([_line(name, each) for each in weaker])
    edition, created = Edition.objects.get_or_create(
        code=standard.code,
        version=standard.version,
        defaults={
            "title": standard.title,
            "title_en": standard.title_en,
            "text": standard.text,
            "digest": standard.digest,
        },
    )
    if edition.digest != standard.digest:
        raise refusals.wrong_state(
            _("%(code)s %(version)s is in use with another text. Give the changed standard a new version.")
            % {"code": standard.code, "version": standard.version}
        )
    if created:
        record("edition.load", f"edition:{edition.pk}", by=by, code=edition.code, digest=edition.digest)
    return edition, created


def _line(name: str, weaker: Finding) -> str:
    place = f"criterion {weaker.criterion}" if weaker.criterion else weaker.where
    return f"{name}: {place}: {weaker.what}; {weaker.todo}"
