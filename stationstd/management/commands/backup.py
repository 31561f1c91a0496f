"""Make one encrypted file of the database and of every stored file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stationstd.backups import BackupError, making

INCOMPLETE = 3


class Command(BaseCommand):
    help = "Make one encrypted file of everything (docs/backup.md). Exit code 3: made, but evidence was lost before."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="the file to make; it must not be there yet")
        key = parser.add_mutually_exclusive_group(required=True)
        key.add_argument("--passphrase-file", type=Path, metavar="FILE", help="mode 600, the passphrase in line one")
        key.add_argument(
            "--recipient-file", type=Path, metavar="FILE", help="a public key; its secret key lies elsewhere"
        )

    def handle(self, *, target: Path, passphrase_file, recipient_file, **options):
        try:
            made = making.make(target.absolute(), passphrase=passphrase_file, recipient=recipient_file)
        except (BackupError, OSError) as error:
            raise CommandError(f"no backup: {error}") from error
        state = made.manifest["state"]
        self.stdout.write(
            f"{target}: {made.size} bytes, SHA-256 {made.sha256}\n"
            f"as of {made.manifest['at']}: {sum(state['rows'].values())} rows in {len(state['rows'])} tables, "
            f"{made.manifest['files']} files, newest seal {state['seal'] or 'none'}"
        )
        lost = made.manifest["lost"]
        if lost:
            for digest in lost:
                self.stdout.write(f"lost: evidence {digest}")
            raise CommandError(
                f"{len(lost)} files of evidence were gone or damaged before this backup", returncode=INCOMPLETE
            )
