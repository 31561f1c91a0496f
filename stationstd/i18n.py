"""Data in two languages: Chinese in `field`, English in `field_en`."""

from django.utils.translation import get_language


def local(thing, field: str) -> str:
    """`thing.field` in the reader's language; Chinese where the English one is empty."""
    english = getattr(thing, f"{field}_en", "") if (get_language() or "").startswith("en") else ""
    return english or getattr(thing, field)
