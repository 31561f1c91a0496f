"""Data in two languages: Chinese in `field`, English in `field_en`."""

from django.conf import settings
from django.utils.translation import get_language

_YEAR_SECONDS = 365 * 24 * 60 * 60


def note_language(request, response, code: str) -> None:
    """Let this browser remember the language for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def local(thing, field: str) -> str:
    """`thing.field` in the reader's language; Chinese where the English one is empty."""
    english = getattr(thing, f"{field}_en", "") if (get_language() or "").startswith("en") else ""
    return english or getattr(thing, field)
