"""Who guesses passwords is stopped: a user name after five wrong ones, an address after fifty failed logins.

Names that are nobody's are counted like all others, so that a stranger learns from no answer which accounts there are.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit import alarms, events

from . import codes
from .models import FailedLogins, User
from .roles import ADMINISTRATORS

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
FAILURES_OF_AN_ADDRESS = 50
WINDOW_OF_AN_ADDRESS = timedelta(minutes=10)
KEPT = timedelta(days=1)


@transaction.atomic
def take_try(username: str) -> int:
    """The number, from 1, of this try at the name's password, counted before it is looked at; 0: no try is left.

    Whoever takes the last one has locked the name, until `forget`. So do not many guesses at once get more than five.
    """
    now = timezone.now()
    row = _row(_of_name(username), now)
    if is_closed(row, now):
        return 0
    if row.locked_at or now - row.since > WINDOW:
        row.count, row.since, row.locked_at = 0, now, None
    row.count += 1
    if row.count == TRIES:
        row.locked_at = now
        row.is_held = User.objects.filter(username=username, role__in=ADMINISTRATORS).exists()
    row.save()
    return row.count


@transaction.atomic
def note_failure(username: str, number: int) -> None:
    """Record that the account is locked, when the try of this number was its last one and was wrong."""
    account = User.objects.filter(username=username).first()
    if account and number == TRIES:
        held = account.role in ADMINISTRATORS
        events.record("account.lock", f"account:{account.pk}", minutes=None if held else LOCK.seconds // 60)
        alarms.note_lock()


def check(user: User, password: str, code: str | None = None) -> bool:
    """Whether this is the person's password and, unless None, the code of the phone.

    Counted like a login, so that an open page is no place to guess either.
    """
    number = take_try(user.username)
    if number and user.check_password(password) and (code is None or codes.take(user, code)):
        forget(user.username)
        return True
    note_failure(user.username, number)
    events.record("account.wrong_password", f"account:{user.pk}", by=user)
    return False


def check_code(user: User, code: str) -> bool:
    """Whether this is the code of the phone of somebody who has just given the password; counted like a password."""
    number = take_try(user.username)
    if number and codes.take(user, code):
        forget(user.username)
        return True
    note_failure(user.username, number)
    return False


def give_back(username: str) -> None:
    """The try that was taken was right, but the login is not complete: it does not count, wrong ones before it do."""
    rows = FailedLogins.objects.filter(of=_of_name(username), count__gt=0)
    rows.update(count=F("count") - 1, locked_at=None, is_held=False)


def forget(username: str) -> None:
    """Begin to count anew: the right password was given, or the security administrator opened the lock."""
    FailedLogins.objects.filter(of=_of_name(username)).update(count=0, locked_at=None, is_held=False)


def lock_of(user: User) -> FailedLogins | None:
    """What locks the account now; None while it is open."""
    row = FailedLogins.objects.filter(of=_of_name(user.username)).first()
    return row if row and is_closed(row, timezone.now()) else None


def is_closed(row: FailedLogins, now) -> bool:
    return row.locked_at is not None and (row.is_held or now - row.locked_at < LOCK)


def note_address(address: str | None) -> None:
    """Count one failed login from there; one that has no address (a local socket) is not counted."""
    if address:
        with transaction.atomic():
            now = timezone.now()
            row = _row(_of_address(address), now)
            if now - row.since > WINDOW_OF_AN_ADDRESS:
                row.count, row.since = 0, now
            row.count += 1
            row.save()
            if row.count == FAILURES_OF_AN_ADDRESS:
                events.record("address.lock", "administration")


def address_is_closed(address: str | None) -> bool:
    """Whether so many logins failed from there that no further one is looked at for the rest of ten minutes."""
    since = timezone.now() - WINDOW_OF_AN_ADDRESS
    rows = FailedLogins.objects.filter(of=_of_address(address or ""), since__gt=since)
    return rows.filter(count__gte=FAILURES_OF_AN_ADDRESS).exists()


def tidy() -> int:
    """Drop counts that say nothing any more; how many they were."""
    old = Q(since__lt=timezone.now() - KEPT) & ~Q(is_held=True)
    return FailedLogins.objects.filter(old).delete()[0]


def _row(of: str, now) -> FailedLogins:
    """The counter, locked until the transaction ends; a new one begins now."""
    FailedLogins.objects.bulk_create(
        [FailedLogins(of=of, since=now)], update_conflicts=True, unique_fields=["of"], update_fields=["of"]
    )
    return FailedLogins.objects.get(of=of)


def _of_name(username: str) -> str:
    """No name is kept: one that is nobody's may be a password typed too early."""
    return "name:" + salted_hmac("personnel.lockout", username, algorithm="sha256").hexdigest()


def _of_address(address: str) -> str:
    return f"address:{address}"
