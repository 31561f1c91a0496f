"""The product's web application on a machine whose clock is an hour behind."""

from datetime import timedelta

from django.utils import timezone

BEHIND = timedelta(hours=1)
_now = timezone.now


def now():
    return _now() - BEHIND


timezone.now = now

from stationstd.wsgi import application  # noqa: E402  whatever it loads finds the wrong clock

__all__ = ["application"]
