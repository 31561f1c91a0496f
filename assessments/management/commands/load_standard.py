from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments import editions
from assessments.scoring import StandardError
from stationstd.refusals import Refused


class Command(BaseCommand):
    help = "Take a standard (a TOML file, docs/standard-format.md) into use. Prints every problem of the file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            edition, created = editions.load(file.read_text("utf-8"), file.name)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except StandardError as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        done = "Loaded" if created else "Already there:"
        self.stdout.write(f"{done} {edition.code} {edition.version}, {edition.digest}")
