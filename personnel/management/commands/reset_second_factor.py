"""Take away a lost second factor at the server: for when no other security administrator can."""

from personnel import factors
from personnel.management.accounts import AccountCommand


class Command(AccountCommand):
    help = "Reset the second factor of an account; recorded with the reason, and its owner is told."
    nothing = "has no second factor"
    done = "has no second factor any more"

    def act(self, account, reason):
        return factors.reset(account, by=None, reason=reason)
