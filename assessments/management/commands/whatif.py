from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments import tables, whatif, whatifbook
from assessments.management.commands.score import plain_errors, read_standard
from assessments.models import Period, Publication
from assessments.scoring.tablewords import Words


class Command(BaseCommand):
    help = (
        "Hold the published results of a period against another standard (docs/what-if.md). Writes nothing but RESULT."
    )

    def add_arguments(self, parser):
        parser.add_argument("period", type=int, help="its number, as in the address of its ranking")
        parser.add_argument("standard", type=Path, help="a TOML file, docs/standard-format.md")
        parser.add_argument("--out", type=Path, required=True, metavar="RESULT", help=".csv or .xlsx")

    def handle(self, *, period: int, standard: Path, out: Path, **options):
        words = Words("zh-hans")
        with plain_errors():
            tables.check_place(out, (standard,), words)
            movement, record = self._compared(period, read_standard(standard, words))
            tables.write(out, *whatifbook.table(record, movement), words)
        found = movement.summary()
        self.stdout.write(
            f"{found.stations} stations: {found.moved} with another place, {found.upgraded} with a better grade, "
            f"{found.downgraded} with a worse one. Written to {out}"
        )
        if not record.agrees:
            self.stdout.write("The stored facts no longer give the published results: see manage.py replay.")

    def _compared(self, number: int, standard):
        period = Period.objects.select_related("edition").filter(pk=number).first()
        if period is None:
            raise CommandError(f"There is no period {number}.")
        if period.is_rehearsal:
            raise CommandError(f"Period {number} is a rehearsal: nobody has a place in it.")
        places = list(whatif.places(Publication.objects.filter(period=period).newest()))
        if not places:
            raise CommandError(f"Nothing has been published in period {number}.")
        record = whatif.record(period, places)
        try:
            return whatif.under(record, standard), record
        except whatif.Unfit as error:
            raise CommandError(str(error)) from error
