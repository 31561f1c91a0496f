"""The database's own roles: the owner migrates, the application works, the auditor reads.

What a role may do is settled here, by the owner and after every migration; running it again changes nothing.
"""

from django.db import connection, transaction

from .rows import WATCHED

APP, AUDITOR = "stationstd_app", "stationstd_auditor"
LOG = ("audit_event", "audit_chain", "audit_seal", "audit_sealedhead")

_MAKE = """
DO $$ BEGIN
    CREATE ROLE {role} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
"""
# A table that is only ever inserted into says so by its trigger; nobody but the database writes the heads of chains.
_APP = """
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only' LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM {app}', kept);
    END LOOP;
END $$;
REVOKE INSERT, UPDATE, DELETE ON audit_chain, django_migrations FROM {app};
"""
_AUDITOR = "GRANT SELECT ON {tables} TO {auditor};"


@transaction.atomic
def settle() -> None:
    """Make the roles that are not there and give each what it needs and no more. As the owner of the tables."""
    make()
    with connection.cursor() as cursor:
        cursor.execute(_APP.format(app=APP))
        cursor.execute(_AUDITOR.format(tables=", ".join([*LOG, *WATCHED]), auditor=AUDITOR))


def make() -> None:
    """Make the roles that are not there, without any rights: a restored database names them."""
    with connection.cursor() as cursor:
        for role in (APP, AUDITOR):
            cursor.execute(_MAKE.format(role=role))


def set_password(role: str, password: str) -> None:
    """The role's password; "" leaves it as it is."""
    if password:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [password])
