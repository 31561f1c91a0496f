"""Take away a lost second factor at the server: for when no other security administrator can."""

from django.core.management.base import BaseCommand, CommandError

from personnel import factors
from personnel.models import User


class Command(BaseCommand):
    help = "Reset the second factor of an account; recorded with the reason, and its owner is told."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *, username, reason, **options):
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"There is no account {username!r}.")
        if not factors.reset(account, by=None, reason=reason):
            raise CommandError(f"{username!r} has no second factor.")
        self.stdout.write(f"{username} has no second factor any more.")
