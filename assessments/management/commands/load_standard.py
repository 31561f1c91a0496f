from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments import bookfile, editions, importing, tables
from assessments.scoring import StandardError, tomltext
from assessments.scoring.book import faults, reading
from assessments.scoring.book.found import Bad, Unreadable
from assessments.scoring.tablewords import Words
from stationstd.refusals import Refused


class Command(BaseCommand):
    help = (
        "Take a standard into use: a TOML file (docs/standard-format.md) or its workbook (docs/standard-workbook.md). "
        "Prints every problem of the file."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            edition, created = editions.load(_text(file), file.name)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except (StandardError, tables.FileFault) as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        done = "Loaded" if created else "Already there:"
        self.stdout.write(f"{done} {edition.code} {edition.version}, {edition.digest}")


def _text(file: Path) -> str:
    """The TOML of a file. CommandError with every cell of a workbook that cannot be read."""
    if file.suffix.lower() != ".xlsx":
        return file.read_text("utf-8")
    tables.checked(file, Words("en"), importing.LARGEST_FILE)
    try:
        found = reading.read(bookfile.read(file.read_bytes(), file.name, Words("en")), importing.class_names())
    except Unreadable as error:
        raise CommandError(faults.say(error.key, error.given, "en")) from error
    if found.faults:
        raise CommandError("\n".join(_line(file, each) for each in found.faults))
    return tomltext.document(found.document)


def _line(file: Path, bad: Bad) -> str:
    cell = f"{bad.sheet}, row {bad.row}, {bad.head or 'row'} “{bad.value}”"
    return f"{file.name}: {cell}: {faults.say(bad.key, bad.given, 'en', bad.value)}"
