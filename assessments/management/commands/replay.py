from django.core.management.base import BaseCommand, CommandError

from assessments import replaying
from assessments.models import Period, Publication


class Command(BaseCommand):
    help = (
        "Score published results again from the stored facts, the edition and what was frozen with them, and print "
        "every stored figure that does not come out again. Writes nothing; exit code 1 when there is one."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", type=int, metavar="N", help="only this period (its number in the address)")

    def handle(self, *, period: int | None, **options):
        publications = Publication.objects.select_related("period__edition", "period__bureau", "bureau")
        if period is not None:
            publications = publications.filter(period=period)
        publications = publications.order_by("published_at", "pk")
        if not publications:
            raise CommandError("Nothing has been published" + (f" in period {period}." if period else "."))
        wrong = sum(self._replay(publication) for publication in publications)
        wrong += sum(self._places(each) for each in {each.period_id: each.period for each in publications}.values())
        if wrong:
            raise CommandError(f"{wrong} stored figures do not come out again.")

    def _places(self, period: Period) -> int:
        lines = list(replaying.standings(period))
        for line in lines:
            self.stdout.write(line)
        return len(lines)

    def _replay(self, publication: Publication) -> int:
        lines = list(replaying.differences(publication))
        for line in lines:
            self.stdout.write(line)
        if not lines:
            count, digest = publication.ranks.count(), publication.digest[:16]
            where = f"{publication.period} · {replaying.named(publication)}"
            self.stdout.write(f"{where}: {count} stations, the same ({digest})")
        return len(lines)
