"""The Celery application: a doorbell for jobs that stand in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationstd.settings")
app = Celery("stationstd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
