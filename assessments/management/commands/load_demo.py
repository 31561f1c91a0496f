from django.core.management.base import BaseCommand, CommandError

from assessments.demo import loader


class Command(BaseCommand):
    help = "Load the demo bureau: three counties, eight published quarters and an open one. Does nothing to data."

    def handle(self, *args, **options):
        try:
            loaded = loader.load(say=self.stdout.write)
        except loader.NotHere as error:
            raise CommandError(str(error)) from error
        if not loaded:
            self.stdout.write("There are bureaus already; nothing was loaded.")
