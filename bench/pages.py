"""python -m bench.pages: what a page of the sheet, a saved answer and a preview cost, as ratios of one run.

Starts a database of its own through bin/services and fills it with the demonstration. Requests go through the whole
product, middleware and session included, in this process; each round does everything once.
"""

import argparse
import io
import sys
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import uuid4

from . import nation
from .measure import Board, Goal, interleaved, ratio

CHIEF, DIMENSION, METRIC = "chengguan.chief", "zones", "rooms.interview"
BARE = "/bench/bare/"
TOKEN = "a" * 32  # any secret does that the cookie and the header share


class Visitor:
    """One logged-in person's requests to the WSGI application, without a server between."""

    def __init__(self, username: str):
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        self.application = get_wsgi_application()
        self.user = get_user_model().objects.get(username=username)
        client = Client()
        client.force_login(self.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def __call__(self, path: str, body: bytes | None = None) -> str:
        """The page; raises AssertionError for anything but 200."""
        said = {}
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": sys.stderr,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "HTTP_X_CSRFTOKEN": TOKEN,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body or b"")),
        }
        if body is not None:
            environ["HTTP_HX_REQUEST"] = "true"
        answer = self.application(environ, lambda status, headers: said.update(status=status))
        page = b"".join(answer).decode()
        answer.close()
        assert said["status"].startswith("200"), (path, said["status"], page[:500])
        return page


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--profile", choices=("page", "save", "preview"), help="print where this one spends its time")
    parser.add_argument("--check", action="store_true", help="exit code 1 where a goal is missed")
    options = parser.parse_args()
    nation.with_database("bench.pages")
    work = prepared()
    if options.profile:
        return _profile(work[options.profile])
    took = interleaved(work, options.rounds)
    board = Board()
    board.tell("page ÷ crispy's own fields", ratio(took, "page", "crispy"), Goal(most=1.3))
    board.tell("saved answer ÷ bare view", ratio(took, "save", "bare"), Goal(most=8))
    board.tell("preview ÷ bare view", ratio(took, "preview", "bare"), Goal(most=20))
    board.times(f"{work['page'].__doc__}, shortest of {options.rounds} rounds", took)
    return 1 if options.check and board.missed else 0


def prepared() -> dict[str, Callable[[], object]]:
    """{name: what is measured}: the page, its fields by crispy alone, a saved answer, a preview, an empty answer."""
    from crispy_forms.utils import render_crispy_form
    from django.core.management import call_command
    from django.http import HttpResponse
    from django.urls import path
    from django.utils import translation

    from assessments.models import Assessment
    from stationstd import urls

    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    urls.urlpatterns.insert(0, path(BARE.strip("/") + "/", lambda request: HttpResponse(request.user.username)))
    translation.activate("zh-hans")
    visit = Visitor(CHIEF)
    sheet = Filling.of(Assessment.objects.editable_by(visit.user).with_places().latest("pk"))
    return {
        "bare": lambda: visit(BARE),
        "page": lambda: visit(sheet.page),
        "crispy": lambda: render_crispy_form(sheet.plain_form()),
        "save": lambda: visit(sheet.saving, sheet.next_save(METRIC)),
        "preview": lambda: visit(sheet.previewing, sheet.typed),
    }


class Filling:
    """The running quarter of one chief, and what his browser sends."""

    def __init__(self, pk: int, figures: list):
        self.page = f"/assessments/{pk}/fill/{DIMENSION}/"
        self.saving, self.previewing = f"/assessments/{pk}/save/", f"/assessments/{pk}/preview/{DIMENSION}/"
        self.figures = figures
        self.versions = {f.metric.code: f.cell.version for f in figures}

    @classmethod
    def of(cls, assessment) -> "Filling":
        from assessments.sheet import Sheet, surroundings

        sheet = Sheet.of(assessment)
        cards = sheet.cards(sheet.section(DIMENSION), surroundings(assessment, with_registers=True))
        return cls(assessment.pk, [f for card in cards for f in card.figures if f.applies])

    def plain_form(self):
        """The fields of the page as crispy renders them by itself: label, control, help."""
        from crispy_forms.helper import FormHelper
        from crispy_forms.layout import Field, Layout
        from django.forms import Form

        from assessments.forms.dimension import FigureField

        form = Form()
        for figure in self.figures:
            form.fields[figure.metric.code] = FigureField(figure)
            form.initial[figure.metric.code] = figure.cell.value
        form.helper = FormHelper()
        form.helper.form_tag = False
        form.helper.layout = Layout(*(Field(figure.metric.code) for figure in self.figures))
        return form

    def next_save(self, metric: str) -> bytes:
        """Another answer to a yes-or-no question than the last, on the version that the last save made."""
        version = self.versions[metric]
        self.versions[metric] += 1
        said = {"metric": metric, "value": version % 2, "version": version, "op_id": uuid4()}
        return urlencode(said).encode()

    @property
    def typed(self) -> bytes:
        """The whole page, one figure changed."""
        said = {f.metric.code: "" if f.cell.value is None else f"{f.cell.value:g}" for f in self.figures}
        versions = {f"{f.metric.code}.version": f.cell.version for f in self.figures}
        return urlencode(said | versions | {METRIC: 0}).encode()


def _profile(act) -> int:
    import cProfile
    import pstats
    from time import process_time

    for _ in range(3):
        act()
    with cProfile.Profile(process_time) as profile:
        for _ in range(10):
            act()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(180)
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
