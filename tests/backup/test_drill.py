"""The drill: a backup made while people work comes out again whole, elsewhere (R13), and is no use to a thief (T42)."""

import secrets
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from assessments import sealed, workflow
from assessments.models import Assessment
from audit import events, roles, seals
from stationstd.backups import archive, cipher
from tests import factories
from tests.backup.conftest import at

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "金丝雀-canary-7137"
METRIC = "video.blind_spots"
CHANGES = "SELECT to_jsonb(change) FROM assessments_answerchange change ORDER BY id"
EVENTS = "SELECT chain, number, hash FROM audit_event WHERE action <> 'backup.restore' ORDER BY chain, number"
MAY_LINK = "SELECT has_function_privilege('stationstd_app', 'audit_link(audit_event)', 'EXECUTE')"
MAY_CHANGE_THE_LOG = "SELECT has_table_privilege('stationstd_app', 'audit_event', 'UPDATE')"
MAY_FILL = "SELECT has_table_privilege('stationstd_app', 'assessments_answers', 'UPDATE')"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


class Saving(Thread):
    """A chief who saves again and again, through the write path, until told to stop; each save writes the log too."""

    def __init__(self, assessment: Assessment, chief):
        super().__init__()
        self.assessment, self.chief, self.enough, self.saved = assessment, chief, Flag(), 0

    def run(self):
        version = 0
        try:
            while not self.enough.is_set():
                given = {"state": "answered", "version": version, "op_id": uuid4(), "by": self.chief}
                version = workflow.save(self.assessment.pk, METRIC, self.saved % 7, **given)[1].version
                events.record("login", f"account:{self.chief.pk}", by=self.chief)
                self.saved += 1
        finally:
            connection.close()


def with_files(assessment: Assessment) -> None:
    """Evidence whose bytes are really there, for every criterion that wants some."""
    chief = factories.anybody("chief", assessment.station)
    for criterion in assessment.period.edition.standard.criteria:
        content = f"{CANARY} {assessment.pk} {criterion.id}".encode()
        digest = sealed.evidence.seal(content)
        about = {"criterion": criterion.id, "digest": digest, "size": len(content), "caption": CANARY}
        with transaction.atomic():
            events.record("evidence.add", f"assessment:{assessment.pk}", by=chief)
            assessment.evidence.create(media_type="image/jpeg", name="照片.jpg", added_by=chief, **about)


@pytest.fixture
def busy():
    """A published quarter, and a chief in the middle of the next one."""
    period = factories.period()
    for assessment in Assessment.objects.for_period(period).with_places():
        with_files(assessment)
    factories.published(period)
    sealed.reports.seal(f"%PDF-1.7 {CANARY}".encode())
    seals.seal()
    now = factories.assessment(factories.period(bureau=period.bureau, name="2026年第四季度"))
    saving = Saving(now, factories.anybody("chief", now.station))
    saving.start()
    yield saving
    saving.enough.set()
    saving.join()


def backed_up_as_the_application(here, target, passphrase):
    """Make a backup with the rights of the application."""
    roles.settle()
    password = secrets.token_hex(8)
    roles.set_password(roles.APP, password)
    code, said = here._replace(database=at(here.database, user=f"{roles.APP}:{password}")).run(
        "backup", target, "--passphrase-file", passphrase
    )
    assert code == 0, said


def test_a_backup_made_during_work_is_restored_whole_and_readable_by_nobody_else(
    here, busy, fresh, passphrase, tmp_path
):
    """R13, T42."""
    backup = tmp_path / "quarter.backup"
    backed_up_as_the_application(here, backup, passphrase)
    busy.enough.set()
    busy.join()

    assert CANARY.encode() not in backup.read_bytes()
    with cipher.decrypted(backup, passphrase=passphrase) as plain:
        found = [name for name, content in archive.members(plain) if CANARY.encode() in content]
    assert found  # so it is in there

    first = fresh["first"]
    code, said = first.run("restore", backup, "--passphrase-file", passphrase)
    assert code == 0, said
    assert "restored: rows, files, audit log and published figures are those of the backup" in said
    saves_come_out_up_to_one_moment(here, first, busy)
    files_come_out(here, first)
    rights_come_out(first)
    it_is_not_restored_over(first, backup, passphrase)
    it_replaces_when_told(first, backup, passphrase)
    a_broken_dump_leaves_nothing(fresh["second"], tmp_path, passphrase)


def saves_come_out_up_to_one_moment(here, restored, busy):
    """Rows and events of the backup are the beginning of those that are here, and work went on afterwards."""
    then, now = restored.rows(CHANGES), here.rows(CHANGES)
    assert then == now[: len(then)]
    assert 0 < len(then) < len(now) >= busy.saved
    events_then, events_now = set(restored.rows(EVENTS)), set(here.rows(EVENTS))
    assert events_then < events_now


def files_come_out(here, restored):
    def stored(installation):
        return {
            path.relative_to(installation.folder): path.read_bytes()
            for path in (installation.folder / "files").rglob("*")
            if path.is_file()
        }

    assert stored(restored) == stored(here)
    needed = {digest for (digest,) in restored.rows("SELECT digest FROM assessments_evidence")}
    assert needed <= {path.name for path in stored(restored)}


def rights_come_out(restored):
    assert restored.rows(MAY_FILL) == [(True,)]
    assert restored.rows(MAY_CHANGE_THE_LOG) == restored.rows(MAY_LINK) == [(False,)]
    assert restored.rows("SELECT count(*) FROM django_session") == [(0,)]


def it_is_not_restored_over(restored, backup, passphrase):
    code, said = restored.run("restore", backup, "--passphrase-file", passphrase)
    assert code == 1
    assert "Make an empty one, or say --replace" in said


def it_replaces_when_told(restored, backup, passphrase):
    code, said = restored.run("restore", backup, "--passphrase-file", passphrase, "--replace")
    assert code == 0, said
    assert "files from before:" in said
    assert restored.rows("SELECT count(*) FROM audit_event WHERE action = 'backup.restore'") == [(1,)]


def a_broken_dump_leaves_nothing(empty, tmp_path, passphrase):
    """Genuine encryption around a dump that PostgreSQL cannot read."""
    backup = tmp_path / "broken.backup"
    state = {"rows": {}, "chains": "", "seal": "", "migrations": []}
    with open(backup, "wb") as output, cipher.encrypted(output, passphrase=passphrase, recipient=None) as pipe:
        writer = archive.Writer(pipe)
        writer.add("files/evidence/aa/aa", b"a file")
        writer.add("database/00000001", b"no dump at all")
        writer.finish({"state": state})
    code, said = empty.run("restore", backup, "--passphrase-file", passphrase, "--migrate")
    assert code == 1
    assert "pg_restore failed" in said
    assert empty.rows(TABLES) == [(0,)]
    assert list((empty.folder / "files").iterdir()) == []
