"""Sessions in PostgreSQL, as Django keeps them, except for what a lost database is called."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
    """Django takes every failure to save for a session that was deleted meanwhile, and answers 400.

    The act of that request may be done. A browser repeats it after a 503, and it takes effect once; after a 400 it
    would not.
    """

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise
