"""The demo's commands where there is no demo."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.demo.people import LOGINS
from stations.models import Bureau

pytestmark = pytest.mark.django_db


def test_without_the_demo_no_login_is_printed():
    printed = StringIO()
    call_command("demo_logins", stdout=printed)

    assert not any(login.username in printed.getvalue() for login in LOGINS)


def test_the_demo_is_not_loaded_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert not Bureau.objects.exists()
