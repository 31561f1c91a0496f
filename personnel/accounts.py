"""The acts of the security administrator, and the one a person does on the own account. Each is recorded.

Nobody changes the own role or place: whoever grants rights grants them to others.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.forms.models import model_to_dict
from django.utils import timezone

from audit import events
from audit.models import Event

from . import lockout
from .models import User
from .roles import Role

COLUMNS = ("name", "role", "station", "bureau", "certificate", "is_active")
# No letters or digits that are mistaken for each other when read out: 0 O, 1 l I.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 14
PASSWORD_COLUMNS = ("password", "password_set_at", "password_is_one_time")
REMEMBERED = 5  # passwords: the present one and those before it


@transaction.atomic
def create(user: User, *, by) -> str:
    """Save a new account; returns its first password, which is shown once and kept nowhere."""
    password = one_time_password()
    user.set_password(password)
    user.password_is_one_time = True
    user.save(force_insert=True)
    events.record("account.create", chain(user), by=by, changed=_changes({}, _row(user)), username=user.username)
    return password


@transaction.atomic
def change(user: User, *, by, reason: str) -> User:
    """Save name, role, place and activity. PermissionDenied for the own account. Its sessions end, unless only the
    name changed (User._get_session_auth_hash).
    """
    before = _locked(user, by)
    if user.is_active and not before.is_active:
        user.active_since = timezone.now()
    user.save(update_fields=[*COLUMNS, "active_since"])
    if changed := _changes(_row(before), _row(user)):
        events.record("account.change", chain(user), by=by, reason=reason, changed=changed)
    return user


@transaction.atomic
def reset_password(user: User, *, by) -> str:
    """Replace the password; returns the new one. Every session of the account ends: it hangs on the old hash."""
    account = _locked(user, by)
    password = one_time_password()
    _keep_old(account)
    account.set_password(password)
    account.password_is_one_time = True
    account.save(update_fields=PASSWORD_COLUMNS)
    lockout.forget(account.username)
    events.record("account.password_reset", chain(user), by=by)
    return password


@transaction.atomic
def unlock(user: User, *, by, reason: str) -> bool:
    """Open the lock of failed logins; False when there is none. `by` is None for somebody at the server itself."""
    if by is not None and user.pk == by.pk:
        raise PermissionDenied("account.manage")
    if not lockout.lock_of(user):
        return False
    lockout.forget(user.username)
    events.record("account.unlock", chain(user), by=by, reason=reason)
    return True


@transaction.atomic
def change_own_password(form) -> User:
    """Save a valid password form of the person's own account."""
    _keep_old(form.user)
    user = form.save(commit=False)
    user.password_is_one_time = False
    user.save(update_fields=PASSWORD_COLUMNS)
    events.record("account.password", chain(user), by=user)
    return user


@transaction.atomic
def deactivate_stale() -> int:
    """Deactivate the accounts nobody has logged in with for STALE_ACCOUNT_DAYS; how many. One security administrator
    stays active in any case: somebody has to activate the others again.
    """
    days = settings.STALE_ACCOUNT_DAYS
    # PostgreSQL's GREATEST leaves out a login that never was.
    people = User.objects.filter(is_active=True).annotate(used=Greatest(F("last_login"), F("active_since")))
    people = list(people.select_for_update(of=["self"]).order_by("-used"))
    last = next((person for person in people if person.role == Role.SECADMIN), None)
    stale = [person for person in people if person.used < timezone.now() - timedelta(days=days) and person != last]
    for person in stale:
        person.is_active = False
        person.save(update_fields=["is_active"])
        events.record("account.stale", chain(person), days=days, changed={"is_active": [True, False]})
    return len(stale)


def deactivated(user) -> Event | None:
    """What made an inactive account inactive; None for an active one."""
    events_of = Event.objects.filter(chain=chain(user), detail__changed__is_active=[True, False])
    return None if user.is_active else events_of.select_related("by").order_by("-id").first()


def note_language(user, code: str) -> None:
    """Remember the language a person has chosen, for other browsers."""
    User.objects.filter(pk=user.pk).update(language=code)


def note_session(user, session) -> None:
    """Remember which session is the account's: after a login, and after its key was changed."""
    if session.session_key is None:
        session.create()
    user.session_key = session.session_key
    user.save(update_fields=["session_key"])


def was_used(user, password: str) -> bool:
    """Whether this is the present password or one of the four before it."""
    hashes = [user.password, *user.old_passwords.values_list("hash", flat=True)[: REMEMBERED - 1]]
    return any(check_password(password, hash_) for hash_ in hashes)


def last_given(user) -> Event | None:
    """Who gave the account the one-time password it has, and when; None for one the person chose."""
    given = Event.objects.filter(chain=chain(user), action__in=["account.create", "account.password_reset"])
    return given.select_related("by").order_by("-id").first() if user.password_is_one_time else None


def one_time_password() -> str:
    """Fourteen characters, 80 bits, easy to read out."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def chain(user) -> str:
    return f"account:{user.pk}"


def _keep_old(user):
    """Remember the present password; forget the fifth before it."""
    stored = User.objects.get(pk=user.pk).password
    if stored and is_password_usable(stored):
        user.old_passwords.create(hash=stored)
    kept = user.old_passwords.values_list("pk", flat=True)[: REMEMBERED - 1]
    user.old_passwords.exclude(pk__in=list(kept)).delete()


def _locked(user, by):
    if user.pk == by.pk:
        raise PermissionDenied("account.manage")
    return User.objects.select_for_update().get(pk=user.pk)


def _row(user):
    """The columns as the record shows them: places by their codes."""
    places = {"station": user.station and user.station.code, "bureau": user.bureau and user.bureau.code}
    return model_to_dict(user, fields=COLUMNS) | places


def _changes(before, after):
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
