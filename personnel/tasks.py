"""What is tidied up at night."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import accounts, lockout


@shared_task
def deactivate_stale() -> None:
    """Deactivate accounts that nobody uses any more."""
    accounts.deactivate_stale()


@shared_task
def tidy() -> None:
    """Drop sessions that have ended and counts of failed logins that say nothing any more."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    lockout.tidy()
