"""The authenticator app on a person's phone, as a test holds it."""

from base64 import b32decode

from django.utils import timezone
from django_otp.oath import TOTP

from personnel import codes, factors


class Phone:
    """Shows codes of the secret it was given."""

    def __init__(self, key: str):
        self.totp = TOTP(b32decode(key.replace(" ", "")))

    def code(self, later: int = 0) -> str:
        """The six digits it shows now, or so many steps of half a minute later."""
        self.totp.time = timezone.now().timestamp() + later * 30
        return f"{self.totp.token():06d}"


def enrolled(person) -> Phone:
    """The phone of somebody who has set up the second factor; the code of the step before was its first."""
    factors.begin(person)
    phone = Phone(codes.typed_key(person))
    assert factors.complete(person, phone.code(-1))
    return phone


def wrong(phone: Phone) -> str:
    """Six digits that the phone shows neither now nor a step before or after."""
    shown = {phone.code(step) for step in (-1, 0, 1)}
    return next(digits for digits in ("000000", "111111", "222222", "333333") if digits not in shown)
