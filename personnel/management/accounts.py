"""A command at the server about one account, recorded with a reason."""

from abc import abstractmethod

from django.core.management.base import BaseCommand, CommandError

from ..models import User


class AccountCommand(BaseCommand):
    """`act(account, reason)` does it and answers whether there was anything to do; `nothing` and `done` say so."""

    nothing: str
    done: str

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *, username, reason, **options):
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"There is no account {username!r}.")
        if not self.act(account, reason):
            raise CommandError(f"{username!r} {self.nothing}.")
        self.stdout.write(f"{username} {self.done}.")

    @abstractmethod
    def act(self, account: User, reason: str) -> bool: ...
