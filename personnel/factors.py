"""The second factor of an account: what begins, completes and takes it away; whether a login has shown it.

It is asked wherever an account has one. Which roles must have one is a setting; without one they set it up right after
the login. Nobody takes away the own one: whoever has lost it goes to the security administrator.
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from audit import events
from audit.models import Event

from . import codes
from .models import SecondFactor, User

CODE, CERTIFICATE = "code", "certificate"
_SHOWN = "factor"  # in the session: by what


def must_have(user) -> bool:
    return user.role in settings.SECOND_FACTOR_ROLES


def is_asked(user) -> bool:
    """Whether the account logs in with more than its password."""
    return bool(user.second_factor_at or user.certificate)


def note(session, by: str) -> None:
    """Remember in the session what the login has shown, CODE or CERTIFICATE."""
    session[_SHOWN] = by


def shown(session) -> str | None:
    """CODE, CERTIFICATE, or None for a login with a password alone."""
    return session.get(_SHOWN)


@transaction.atomic
def begin(user) -> None:
    """Draw a secret for an account that has no second factor yet, or begin anew; PermissionDenied when it has one."""
    if User.objects.select_for_update().get(pk=user.pk).second_factor_at:
        raise PermissionDenied("second factor")
    codes.draw(user)


def pending_key(user) -> str | None:
    """The secret, as it is typed, of an account that has begun and not given its first code; else None."""
    return None if user.second_factor_at else codes.typed_key(user)


@transaction.atomic
def complete(user, code: str) -> bool:
    """Whether this was the first code of the secret drawn by `begin`; from now on codes are asked."""
    account = User.objects.select_for_update().get(pk=user.pk)
    if account.second_factor_at or not codes.take(account, code):
        return False
    user.second_factor_at = timezone.now()
    user.save(update_fields=["second_factor_at"])
    events.record("account.factor", f"account:{user.pk}", by=user)
    return True


@transaction.atomic
def reset(user, *, by, reason: str) -> bool:
    """Take the second factor away; every session of the account ends. False when there is none.

    PermissionDenied for the own account. `by` is None for somebody at the server itself.
    """
    if by is not None and user.pk == by.pk:
        raise PermissionDenied("account.manage")
    account = User.objects.select_for_update().get(pk=user.pk)
    if not account.second_factor_at:
        return False
    SecondFactor.objects.filter(user=account).delete()
    account.second_factor_at = None
    account.save(update_fields=["second_factor_at"])
    events.record("account.factor_reset", f"account:{user.pk}", by=by, reason=reason)
    return True


def reset_since(user, moment) -> Event | None:
    """Who took the second factor away since the owner was last here (None: never was); None when nobody did."""
    resets = Event.objects.filter(chain=f"account:{user.pk}", action="account.factor_reset")
    resets = resets.filter(at__gt=moment) if moment else resets
    return resets.select_related("by").first()
