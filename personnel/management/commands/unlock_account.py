"""Open a locked account at the server: for when no security administrator can log in."""

from personnel import accounts
from personnel.management.accounts import AccountCommand


class Command(AccountCommand):
    help = "Unlock an account that wrong passwords have locked; recorded with the reason."
    nothing = "is not locked"
    done = "is unlocked"

    def act(self, account, reason):
        return accounts.unlock(account, by=None, reason=reason)
