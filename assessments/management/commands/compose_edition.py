from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.scoring import StandardError, library, plans


class Command(BaseCommand):
    help = "Write the standard that a plan makes of the indicator library (docs/editions.md). Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("plan", type=Path, help="a TOML file such as assessments/library/editions/core-2027.toml")
        parser.add_argument("--out", type=Path, help="the file to write; without it the text is printed")

    def handle(self, *, plan: Path, out: Path | None, **options):
        try:
            text = plans.plan_text(library.shipped(), plan.read_text("utf-8"), plan.name)
            if out is not None:
                out.write_text(text, "utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{plan}: {error}") from error
        except StandardError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text.rstrip() if out is None else f"Composed {plan.name} into {out}")
