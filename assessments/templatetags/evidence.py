"""What the page says of files before they are sent, in words that the server would use too."""

import json
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..evidence import TYPES

register = template.Library()
_MB = 1024**2


@register.simple_tag
def evidence_limits() -> str:
    """JSON for the page's script: {"types": {ending: bytes}, "words": {what is wrong or under way: text}}."""
    return _limits(get_language())


@lru_cache(maxsize=8)
def _limits(_language: str) -> str:
    pdf, image = settings.EVIDENCE_PDF_BYTES, settings.EVIDENCE_IMAGE_BYTES
    types = {ending: pdf if media_type == "application/pdf" else image for ending, media_type in TYPES.items()}
    name = {"name": "{name}"}
    words = {
        "type": _("“%(name)s”: only JPEG and PNG photos and PDF files are accepted.") % name,
        "empty": _("“%(name)s” is empty.") % name,
        "size": _("“%(name)s” is too large: %(size)s MB, at most %(limit)s MB. Make it smaller and add it again.")
        % (name | {"size": "{size}", "limit": "{limit}"}),
        "room": _("“%(name)s” was not sent: the sheet holds as many files as it may. Remove one first.") % name,
        "waiting": _("Waiting"),
        "offline": _("No connection: it is sent when the network is back."),
        "again": _("Send again"),
        "pasted": _("Pasted picture"),
    }
    return json.dumps({"types": types, "words": words}, ensure_ascii=False)


@register.simple_tag
def evidence_sizes() -> dict:
    """The limits as whole numbers for a sentence."""
    return {
        "image": settings.EVIDENCE_IMAGE_BYTES // _MB,
        "pdf": settings.EVIDENCE_PDF_BYTES // _MB,
        "files": settings.EVIDENCE_FILES_PER_ASSESSMENT,
        "all": settings.EVIDENCE_BYTES_PER_ASSESSMENT // _MB,
    }
