"""T13: what people write makes a report neither fetch anything nor carry a file of the server away."""

import json
import logging
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import count

import pikepdf
import pytest

from assessments.models import Period
from assessments.reports import render
from personnel.models import User
from stations.models import Bureau, Station
from tests import factories
from tests.assessments.test_report_pdf import Paper, report_of

from . import texts

CANARY = "canary-7f3a91c2"
# {web} is a listener of ours, {file} a file that the worker could read.
ASKING = (
    "<img src={web}/img>",
    "<img src={file}>",
    "<link rel=attachment href={file}>",
    "<link rel=stylesheet href={web}/css>",
    "<style>@import url({web}/import)</style>",
    "<style>p{{background:url({web}/url)}}</style><p>x",
    "<p style=background:url({web}/style)>x",
    "<svg><image href={web}/image /></svg>",
    "<object data={file}></object>",
    "<embed src={web}/embed>",
    "<img src={web}/away>",  # answers with a redirect to the file
    "<img src=data:image/svg+xml,%3Csvg%2F%3E>",
    "<img src=chart:../../{file}>",
    "<a rel=attachment href={file}>x</a>",
)
# WeasyPrint knows nothing of them, so that nothing is refused; nothing is fetched either.
UNKNOWN = ("<svg><use href={web}/use#a /></svg>", "<meta http-equiv=refresh content='0;url={web}/refresh'>")


class Listener:
    """A web server on the loopback that keeps what it was asked for."""

    def __init__(self, away: str):
        self.asked: list[str] = []
        listener = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                listener.asked.append(self.path)
                self.send_response(302 if self.path == "/away" else 200)
                self.send_header("Location", away)
                self.end_headers()

            def log_message(self, *arguments):
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "f"
    path.write_text(CANARY)
    return path.as_uri()


@pytest.fixture
def listener(file):
    listener = Listener(file)
    yield listener
    listener.stop()


def carries(content: bytes) -> list[str]:
    """What a PDF should not have: the file's text, anything embedded, any address outside."""
    found = []
    with pikepdf.open(BytesIO(content)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                found += [CANARY] if CANARY.encode() in each.read_bytes() else []
            shown = str(each.get("/Type", "")) if isinstance(each, pikepdf.Stream | pikepdf.Dictionary) else ""
            if shown in ("/EmbeddedFile", "/Filespec") or (hasattr(each, "keys") and "/URI" in each.keys()):
                found.append(shown or "/URI")
        found += ["/EmbeddedFiles"] if "/EmbeddedFiles" in pdf.Root.get("/Names", {}) else []
    return found


@pytest.mark.parametrize("markup", ASKING)
def test_markup_that_asks_for_something_makes_no_document(markup, listener, file, caplog):
    page = f"<!doctype html><html lang=zh-CN><title>x</title>{markup.format(web=listener.address, file=file)}"
    with caplog.at_level(logging.WARNING, "assessments.reports.render"), pytest.raises(render.UnsafeAddress):
        render.pdf(page, {})
    assert listener.asked == []
    assert "a document asked for" in caplog.text


@pytest.mark.parametrize("markup", UNKNOWN)
def test_markup_that_nobody_follows_fetches_nothing(markup, listener, file):
    page = f"<!doctype html><html lang=zh-CN><title>x</title>{markup.format(web=listener.address, file=file)}"
    assert carries(render.pdf(page, {}).content) == []
    assert listener.asked == []


def test_in_a_report_such_words_are_printed_and_nothing_is_fetched(db, listener, file):
    words = [markup.format(web=listener.address, file=file) for markup in (*ASKING, *UNKNOWN)]
    period = published(words)
    paper = Paper(report_of(period))
    assert listener.asked == []
    assert carries(paper.pdf.content) == []
    letters = paper.letters()
    for shown in written(words, period):
        assert "".join(shown.split()) in letters


def published(words: list[str]) -> Period:
    """A published quarter in which every name and title is one of these words."""
    number = count()
    text = factories.TINY.read_text("utf-8").replace('code = "tiny"', 'code = "fetching"', 1)
    titles = re.compile(r'^((?:title|unit)(?:_en)?) = ".*"$', re.MULTILINE)
    edition = factories.edition_of(
        titles.sub(lambda found: f"{found[1]} = {json.dumps(words[next(number) % len(words)])}", text)
    )
    place = factories.bureau()
    factories.chengguan(place), factories.beishe(place)
    period = factories.period(bureau=place, edition=edition)
    factories.published(period)
    for column in texts.columns():
        if column.model in (Station, Bureau, Period, User) and column.field.name != "username":
            fitting = [word for word in words if len(word) <= column.most]
            texts.write(column, lambda n, _row, fitting=fitting: fitting[n % len(fitting)] if fitting else None)
    period.refresh_from_db()
    return period


def written(words: list[str], period: Period) -> list[str]:
    """What must stand in the report as it was typed."""
    names = [*Station.objects.values_list("name", flat=True), period.name]
    assert all(name in words for name in names)
    return names


def test_the_listener_would_have_noticed(listener):
    """The probe itself: what is asked for is kept."""
    import urllib.request

    with urllib.request.urlopen(f"{listener.address}/img") as answer:  # noqa: S310  our own listener
        assert answer.status == 200
    assert listener.asked == ["/img"]
