"""Rows that the tests of one file share: made once, changed by each test in a savepoint of its own, then taken away.

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker):
        yield from rows(build, django_db_blocker)

    @pytest.fixture
    def scene(made, db):
        return deepcopy(made)  # a test may also change the objects

Not for a file with tests that commit. The clock of the transaction, now(), stands still for all of them.
"""

from collections.abc import Callable, Iterator

from django.db import connection, transaction


def rows(make: Callable[[], object], django_db_blocker) -> Iterator:
    """What `make()` returns; the rows it wrote stand as long as the fixture that yields from here."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make()
        connection.check_constraints()  # else every test checks the foreign keys of all these rows again
        yield made
        transaction.set_rollback(True)
