"""HTML to PDF. WeasyPrint is imported here and nowhere else, and this module in workers only."""

import gc
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import charts

_log = logging.getLogger(__name__)
_PROGRESS = logging.getLogger("weasyprint.progress")
_REPORT_EVERY = 1.0  # seconds between two writes of progress


class Pdf(NamedTuple):
    content: bytes
    pages: int


class UnsafeAddress(Exception):
    """The document asked for something that is not the product's own; no file is made of it."""


class Incomplete(Exception):
    """A part of the document could not be drawn; no file is made of the rest."""


class Fetcher(URLFetcher):
    """Knows the pictures it was given, as chart:name, and nothing else: no network, no files, no data: addresses.

    `refused` keeps what was asked for besides: inside a picture WeasyPrint swallows even a fatal error.
    """

    def __init__(self, images: Mapping[str, bytes]):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._images = images
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        scheme, _colon, name = url.partition(":")
        if scheme != "chart" or name not in self._images:
            self.refused.append(url[:200])
            _log.warning("a document asked for %s", url[:200])
            raise FatalURLFetchingError(url[:200])
        return URLFetcherResponse(url, self._images[name], {"Content-Type": "image/svg+xml"})


def pdf(html: str, images: Mapping[str, bytes], *, progress: Callable[[int], None] = lambda percent: None) -> Pdf:
    """The document as tagged PDF/UA with the fonts it uses embedded. The same input gives the same bytes.

    `progress` is called with a growing percentage now and then; what it raises stops the rendering.
    Raises UnsafeAddress when `html` refers to anything but `images`, Incomplete when a picture cannot be drawn.
    """
    fonts = FontConfiguration()
    fetcher = Fetcher(images)
    styles = [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in (_stylesheet(), _page_numbers())]
    try:
        with _reporting(progress), _failures() as failures:
            source = HTML(string=html, url_fetcher=fetcher)
            document = source.render(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
            content = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise UnsafeAddress(str(error)) from error
    if fetcher.refused:
        raise UnsafeAddress(fetcher.refused[0])
    if failures:
        raise Incomplete(failures[0])
    pages = len(document.pages)
    del document
    gc.collect()  # a layout is full of cycles; collecting once here is cheaper than all the time
    return Pdf(content, pages)


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return Path(finders.find("css/report.css")).read_text("utf-8")


def _page_numbers() -> str:
    """The footer's "Page 3 of 12" in the language in force, as CSS."""
    parts = re.split(r"(\{pages?\})", _("Page {page} of {pages}"))
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    content = " ".join(counters.get(part, f'"{part}"') for part in parts if part)
    return f"@page {{ @bottom-right {{ content: {content}; }} }} @page cover {{ @bottom-right {{ content: none; }} }}"


class _Steps(logging.Handler):
    """Turns WeasyPrint's log of its steps into a percentage: half of it is layout, page by page."""

    def __init__(self, report: Callable[[int], None]):
        super().__init__(logging.INFO)
        self._report, self._percent, self._due = report, 0, 0.0

    def emit(self, record):
        step = re.match(r"Step (\d)(?:.*Page (\d+))?", record.getMessage())
        if step:
            pages = int(step[2] or 0)
            self._percent = max(self._percent, (int(step[1]) - 1) * 8 + round(50 * pages / (pages + 25)))
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + _REPORT_EVERY
            self._report(min(self._percent, 99))


@contextmanager
def _reporting(report: Callable[[int], None]):
    handler, level = _Steps(report), _PROGRESS.level
    _PROGRESS.addHandler(handler)
    _PROGRESS.setLevel(logging.INFO)
    _PROGRESS.propagate = False
    try:
        yield
    finally:
        _PROGRESS.removeHandler(handler)
        _PROGRESS.setLevel(level)
        _PROGRESS.propagate = True


class _Errors(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record):
        self.said.append(record.getMessage())


@contextmanager
def _failures():
    """What WeasyPrint logs as an error and then leaves out, whatever the cause: lack of memory or of time too."""
    handler, log = _Errors(), logging.getLogger("weasyprint")
    log.addHandler(handler)
    try:
        yield handler.said
    finally:
        log.removeHandler(handler)


def warm() -> None:
    """Load fonts and the chart engine, render once, and keep what that made out of later garbage collections."""
    charts.svg({"series": []}, 10, 10)
    pdf('<!doctype html><html lang="zh-CN"><title>暖</title><p>派出所 Police station 0123456789</p></html>', {})
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
