"""Numbers that name a person: 18-digit ID numbers and mobile numbers, found in free text and masked in what is kept."""

import re
import unicodedata

_ID = re.compile(r"(?<![0-9A-Za-z_-])([1-9]\d{5})[ -]?((?:18|19|20)\d{6})[ -]?(\d{3}[\dXx])(?![0-9A-Za-z_-])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z_.-])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![0-9A-Za-z_.-])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def id_numbers(text: str) -> list[str]:
    """The ID numbers of GB 11643 in a text, their last digit checked."""
    found = ("".join(match.groups()).upper() for match in _ID.finditer(_plain(text)))
    return [number for number in found if _check(number) == number[-1]]


def mobile_numbers(text: str) -> list[str]:
    return ["".join(match.groups()) for match in _MOBILE.finditer(_plain(text))]


def masked(text: str) -> str:
    """The text with such numbers reduced to their ends, also where a digit was mistyped: 110101********002X."""
    if not any(character.isdigit() for character in text):
        return text
    text = _ID.sub(lambda found: f"{found[1]}********{found[3]}", _plain_digits(text))
    return _MOBILE.sub(lambda found: f"{found[1]}****{found[3]}", text)


def _check(number: str) -> str:
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def _plain(text: str) -> str:
    """Digits as everybody types them: full-width ones become ordinary."""
    return unicodedata.normalize("NFKC", text)


_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


def _plain_digits(text: str) -> str:
    return text.translate(_DIGITS)
