"""Bring a backup into the database and the folder of files, and verify it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stationstd.backups import BackupError, restoring


class Command(BaseCommand):
    help = "Restore a backup into an empty database and folder, as the database's owner (docs/backup.md)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path)
        key = "mode 600, the passphrase in line one; without it the secret key in this account's GnuPG keyring"
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=key)
        parser.add_argument("--check", action="store_true", help="only read the whole backup; needs no database")
        parser.add_argument("--migrate", action="store_true", help="bring an older release's rows up to this release")
        parser.add_argument("--replace", action="store_true", help="replace what is there; its files are set aside")

    def handle(self, *, backup: Path, passphrase_file, check, migrate, replace, **options):
        try:
            if check:
                self._tell(restoring.check(backup, passphrase=passphrase_file))
                return
            restored = restoring.restore(
                backup, passphrase=passphrase_file, migrate=migrate, replace=replace, say=self.stdout.write
            )
        except (BackupError, OSError) as error:
            raise CommandError(f"{backup}: {error}") from error
        self._tell(restored.manifest)
        if restored.aside:
            self.stdout.write(f"files from before: {restored.aside}")
        for line in restored.wrong:
            self.stdout.write(f"wrong: {line}")
        if restored.wrong:
            raise CommandError("restored, but it does not verify")
        self.stdout.write("restored: rows, files, audit log and published figures are those of the backup")

    def _tell(self, manifest: dict) -> None:
        state = manifest["state"]
        self.stdout.write(
            f"as of {manifest['at']}, release {manifest['release']}: {sum(state['rows'].values())} rows in "
            f"{len(state['rows'])} tables, {manifest['files']} files, {len(manifest['lost'])} of them lost before, "
            f"newest seal {state['seal'] or 'none'}"
        )
        for table, rows in state["rows"].items():
            self.stdout.write(f"  {rows:>9}  {table}")
