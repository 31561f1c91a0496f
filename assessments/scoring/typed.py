"""Numbers as people type them and as fields show them: decimals all the way, never floats."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from .factcell import has_odd_digits
from .reading import is_near

LONGEST = 40  # characters of a number


def number(text: str) -> Decimal:
    """The number that was typed; full-width digits, thousands commas and a percent sign are understood.

    Raises ValueError for anything else.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().removesuffix("%")
    if has_odd_digits(text) or not plain.isascii() or "_" in plain or len(plain) > LONGEST:
        raise ValueError(text)
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite() or not is_near(found):
        raise ValueError(text)
    return found


def shown(value) -> str:
    """A number of a document as a field shows it: 2.50 stays, 1E+2 is 100."""
    return f"{Decimal(value):f}"
