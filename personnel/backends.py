"""The one way a password becomes a login: through the count of wrong ones."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from . import factors, lockout


class CountingBackend(ModelBackend):
    """Looks at no password of a name that is locked. Has no permissions of Django's: roles say who may do what."""

    def authenticate(self, request, username=None, password=None, **credentials):
        if username is None or password is None:
            return None
        number = lockout.take_try(username)
        user = super().authenticate(request, username, password) if number else None
        if user is None:
            lockout.note_failure(username, number)
        elif factors.is_asked(user):
            lockout.give_back(username)
        else:
            lockout.forget(username)
        return user

    def user_can_authenticate(self, user):
        """Neither a deactivated account nor a one-time password that nobody has used in time."""
        is_in_time = not user.password_is_one_time or timezone.now() < user.password_ends_at
        return is_in_time and super().user_can_authenticate(user)
