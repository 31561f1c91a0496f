"""No database: whatever asks for one is told which setting is missing."""

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.dummy import base


def missing(*args, **kwargs):
    raise ImproperlyConfigured("DATABASE_URL is not set; docs/setup.md lists every setting")


class DatabaseOperations(base.DatabaseOperations):
    quote_name = missing


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to nothing. Raises ImproperlyConfigured when somebody tries."""

    vendor = "none"
    display_name = "no database"
    ops_class = DatabaseOperations
    ensure_connection = missing
    _cursor = missing
    _commit = missing
    _set_autocommit = missing
