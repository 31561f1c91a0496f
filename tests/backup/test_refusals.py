"""What is no whole backup is not restored, and says why; nothing is overwritten; no passphrase gets about."""

import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments import sealed
from audit.models import Event
from stationstd.backups import BackupError, archive, cipher, making, placing, restoring
from tests import factories
from tests.backup.conftest import written_to

STATE = {"rows": {}, "chains": "", "seal": "", "migrations": []}
ABOUT = {"release": "0", "at": "2026-11-22T00:00:00+00:00", "files": 1, "lost": [], "state": STATE}


def written(path: Path, *, passphrase=None, recipient=None, about=(), promise=None) -> Path:
    """A small backup made of one file and a few bytes for a dump; `promise` names a member that is not in it."""
    with open(path, "wb") as output, cipher.encrypted(output, passphrase=passphrase, recipient=recipient) as pipe:
        writer = archive.Writer(pipe)
        writer.add("files/evidence/ab/abc", b"a picture " * 50_000)
        writer.add("database/00000001", b"a dump")
        if promise:
            writer.members[promise] = archive.Written(1, "0" * 64)
        writer.finish(ABOUT | dict(about))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The bytes of a small backup."""
    folder = tmp_path_factory.mktemp("small")
    return written(folder / "backup", passphrase=written_to(folder / "passphrase")).read_bytes()


@pytest.fixture
def backup(tmp_path, small):
    path = tmp_path / "small.backup"
    path.write_bytes(small)
    return path


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_whole_backup_passes_the_check(backup, passphrase):
    assert restoring.check(backup, passphrase=passphrase)["at"] == ABOUT["at"]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda content: flipped(content, len(content) // 2), "damaged"),
        (lambda content: flipped(content, len(content) - 3), "damaged"),
        (lambda content: flipped(content, 6), "the passphrase is another one, or the file's beginning is damaged"),
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda content: content[:-1], "damaged"),
        (lambda content: b"", "damaged or cut short"),
        (lambda content: b"PK\x03\x04 something else", "it is no backup"),
    ],
    ids=["flipped", "flipped at the end", "flipped at the beginning", "half", "a byte short", "empty", "no backup"],
)
def test_damage_is_found_before_anything_is_restored(backup, passphrase, damage, why):
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(BackupError, match=why):
        restoring.check(backup, passphrase=passphrase)


def test_a_member_that_is_missing_is_named(tmp_path, passphrase):
    backup = written(tmp_path / "x.backup", passphrase=passphrase, promise="files/evidence/cd/cdef")
    with pytest.raises(BackupError, match="files/evidence/cd/cdef"):
        restoring.check(backup, passphrase=passphrase)


def test_another_passphrase_opens_nothing(backup, passphrase):
    passphrase.write_text("another one that is long enough\n")
    with pytest.raises(BackupError, match="the passphrase is another one"):
        restoring.check(backup, passphrase=passphrase)


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        ("long enough but open to all\n", 0o644, "chmod 600"),
        ("short\n", 0o600, "at least 20 characters"),
        ("", 0o600, "at least 20 characters"),
    ],
)
def test_a_careless_passphrase_is_refused(tmp_path, content, mode, why):
    file = tmp_path / "careless"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(BackupError, match=why):
        cipher.passphrase_options(file)


def test_a_public_key_is_enough_to_make_a_backup_and_not_to_read_it(tmp_path, monkeypatch):
    home, key = tmp_path / "keyring", tmp_path / "key.asc"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--quiet"]
    try:
        subprocess.run(
            [*gpg, "--passphrase", "", "--quick-generate-key", "backup", "future-default", "default", "never"],
            check=True,
            capture_output=True,
        )
        key.write_bytes(subprocess.run([*gpg, "--armor", "--export"], check=True, capture_output=True).stdout)
        backup = written(tmp_path / "for-a-key.backup", recipient=key)
        monkeypatch.setenv("GNUPGHOME", str(tmp_path))
        with pytest.raises(BackupError, match="the secret key it was made for is not"):
            restoring.check(backup, passphrase=None)
        monkeypatch.setenv("GNUPGHOME", str(home))
        assert restoring.check(backup, passphrase=None)["release"] == "0"
    finally:
        for agent in (home, tmp_path):
            subprocess.run(["gpgconf", "--homedir", agent, "--kill", "gpg-agent"], check=False)


def test_a_backup_of_a_newer_release_is_not_restored(db, tmp_path, passphrase):
    state = STATE | {"migrations": ["assessments.9999_tomorrow"]}
    backup = written(tmp_path / "x.backup", passphrase=passphrase, about={"state": state})
    with pytest.raises(BackupError, match=r"newer release \(it has assessments\.9999_tomorrow\)"):
        restoring.restore(backup, passphrase=passphrase, replace=True, say=str)


def test_a_backup_of_an_older_release_is_only_restored_with_its_migrations(db, backup, passphrase):
    with pytest.raises(BackupError, match="--migrate brings it up"):
        restoring.restore(backup, passphrase=passphrase, replace=True, say=str)


def test_a_folder_with_files_is_left_alone(tmp_path, settings):
    settings.VAR = tmp_path
    sealed.evidence.seal(b"somebody's picture")
    with pytest.raises(BackupError, match="is not empty"):
        placing.Place().prepare(replace=False)


def test_a_restore_that_was_cut_off_is_noticed(tmp_path, settings):
    settings.VAR = tmp_path
    placing.Place().prepare(replace=False)
    with pytest.raises(BackupError, match="was cut off"):
        placing.Place().prepare(replace=False)


def test_no_member_leads_out_of_the_folder(tmp_path, settings):
    settings.VAR = tmp_path
    place = placing.Place()
    place.prepare(replace=False)
    with pytest.raises(BackupError, match="leads out"):
        place.put("../../outside", b"")


def test_nothing_is_overwritten_and_a_cut_off_backup_is_known_by_its_name(tmp_path, passphrase):
    target = tmp_path / "day.backup"
    target.write_text("yesterday's")
    with pytest.raises(BackupError, match="is there already"):
        making.make(target, passphrase=passphrase)
    assert target.read_text() == "yesterday's"
    target.rename(tmp_path / "day.backup.partial")
    with pytest.raises(BackupError, match="was cut off and may be removed"):
        making.make(target, passphrase=passphrase)


@pytest.mark.django_db(transaction=True)
def test_evidence_that_is_lost_already_is_named_and_does_not_stop_the_backup(tmp_path, settings, passphrase, capsys):
    settings.VAR = tmp_path / "var"
    assessment = factories.assessment()
    there = sealed.evidence.seal(b"a picture")
    sealed.evidence.path_of(there).write_bytes(b"another")
    gone = factories.evidence(assessment, "video.coverage").digest
    target = tmp_path / "day.backup"
    with pytest.raises(CommandError, match="1 files of evidence were gone or damaged") as stopped:
        call_command("backup", target, passphrase_file=passphrase)
    assert stopped.value.returncode == 3
    assert f"lost: evidence {gone}" in capsys.readouterr().out
    manifest = restoring.check(target, passphrase=passphrase)
    assert (manifest["lost"], manifest["damaged"]) == ([gone], [there])
    assert Event.objects.get(action="backup.make").detail["lost"] == 1
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_nothing(tmp_path, settings, passphrase, monkeypatch):
    settings.VAR = tmp_path / "var"
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is missing"):
        making.make(tmp_path / "day.backup", passphrase=passphrase)
    assert [path.name for path in tmp_path.iterdir()] == ["passphrase"]
    assert not Event.objects.filter(action="backup.make").exists()
