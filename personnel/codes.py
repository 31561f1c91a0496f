"""Codes of an authenticator on the person's phone (RFC 6238): six digits, a new one every 30 seconds.

The secret is kept encrypted and leaves the database in two ways only: into the check of a code, and, until its first
code was given, onto the page where its owner takes it over.
"""

import logging
import secrets
from base64 import b32encode, urlsafe_b64encode
from urllib.parse import quote, urlencode

import segno
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from .models import SecondFactor

DIGITS = 6
SECRET_BYTES = 20  # as RFC 4226 recommends for SHA-1
TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be off, or a person slow
ISSUER = "StationStd"
_log = logging.getLogger(__name__)


def draw(user) -> None:
    """Give the account a new secret in place of the one it has."""
    secret = _box().encrypt(secrets.token_bytes(SECRET_BYTES)).decode()
    SecondFactor.objects.update_or_create(user=user, defaults={"secret": secret, "last_step": None})


@transaction.atomic
def take(user, typed: str) -> bool:
    """Whether the phone shows this code now, the step before or after. One that was taken is never taken again.

    Counts no failures: whoever asks does (personnel/lockout.py).
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    secret, code = factor and _opened(factor), "".join(typed.split())
    if secret is None or len(code) != DIGITS or not code.isdecimal():
        return False
    phone = TOTP(secret, digits=DIGITS)
    phone.time = timezone.now().timestamp()
    if not phone.verify(int(code), TOLERANCE, min_t=0 if factor.last_step is None else factor.last_step + 1):
        return False
    factor.last_step = phone.t()
    factor.save(update_fields=["last_step"])
    return True


def typed_key(user) -> str | None:
    """The secret for whoever cannot photograph it, in base32 and groups of four; None without a readable one."""
    factor = SecondFactor.objects.filter(user=user).first()
    secret = factor and _opened(factor)
    if secret is None:
        return None
    letters = b32encode(secret).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def picture(user, key: str) -> str:
    """The key as a QR code: a data address of an SVG picture, made here."""
    words = urlencode({"secret": key.replace(" ", ""), "issuer": ISSUER}, quote_via=quote)
    address = f"otpauth://totp/{ISSUER}:{quote(user.username)}?{words}"
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def _opened(factor: SecondFactor) -> bytes | None:
    """The secret; None, and a line in the log, when no key of ours fits it."""
    try:
        return _box().decrypt(factor.secret.encode())
    except InvalidToken:
        _log.error("second factor of account %s: no key of SECOND_FACTOR_KEYS opens it", factor.user_id)
        return None


def _box() -> MultiFernet:
    """Encrypts with the first key of the settings and reads with any."""
    keys = (
        salted_hmac("personnel.codes", "", secret=words, algorithm="sha256").digest()
        for words in settings.SECOND_FACTOR_KEYS
    )
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
