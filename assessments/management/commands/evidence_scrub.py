"""Read every file of evidence again and name what is gone or changed."""

from django.core.management.base import BaseCommand, CommandError

from assessments import scrubbing


class Command(BaseCommand):
    help = "Hold all files of evidence against their digests. Exit code 1 names each file that is gone or changed."
    requires_system_checks = []

    def handle(self, *args, **options):
        seen = scrubbing.scrub()
        for line in scrubbing.lines(seen.damaged):
            self.stdout.write(line)
        self.stdout.write(f"{seen.files} files read, {len(seen.damaged)} damaged")
        if seen.damaged:
            raise CommandError("evidence is not whole", returncode=1)
