"""The WSGI application served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationstd.settings")
# Nobody waits for a page as long as for a worker or a command: the settings' own figure is theirs.
os.environ.setdefault("STATEMENT_SECONDS", "10")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  every view is loaded before the first process is forked from this one
