"""Walk the product as somebody: every page of the table of addresses, every link, every search and export behind it."""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
from django.test import Client
from django.urls import reverse

from tests.access.test_matrix import ROUTES, arguments

_HOST = "http://testserver"
_WAYS = 4  # of one page, to sort and filter it
_NOWHERE = re.compile(r"^(#|data:|blob:|mailto:)")


class Page(NamedTuple):
    """One answer. `text` is everything readable in it: headers, and of a workbook all its parts."""

    url: str
    status: int
    kind: str
    body: bytes
    headers: str

    @property
    def is_html(self) -> bool:
        return self.kind.startswith("text/html")

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        return self.headers + "\n" + _readable(self.body)


def _readable(body: bytes) -> str:
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(f"{name}\n{parts.read(name).decode()}" for name in parts.namelist())


def as_person(person, language: str = "zh-hans") -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    client.cookies["django_language"] = language
    return client


def get(client, url: str) -> Page:
    response = client.get(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return Page(url, response.status_code, response.headers.get("Content-Type", ""), body, headers)


def own_pages(scene, role, places: Iterable[str] = ("near", "near old", "near autumn")) -> list[str]:
    """The addresses of all pages that this role may see, for each place of the scene."""
    found = [
        reverse(route.name, kwargs=arguments(scene, route, place, role))
        for place in places
        for route in ROUTES
        if route.method == "GET" and role in route.roles() and route.name != "login"
    ]
    return list(dict.fromkeys(found))


def crawl(client, addresses: Iterable[str], *, words: str = "") -> Iterator[Page]:
    """These addresses and whatever they lead to, each once; search fields are filled with `words`.

    Of the many ways to sort and filter one page only the first few are followed.
    """
    waiting = deque(dict.fromkeys(addresses))
    known, ways = set(waiting), Counter()
    while waiting:
        page = get(client, waiting.popleft())
        yield page
        for url in _leads_to(page, words):
            path = urlsplit(url).path
            if url not in known and ways[path] < _WAYS:
                ways[path] += 1
                known.add(url)
                waiting.append(url)


def _leads_to(page: Page, words: str) -> Iterator[str]:
    if location := re.search(r"^Location: (.*)$", page.headers, re.MULTILINE):
        yield from _own(page.url, [location[1]])
    if page.is_html:
        elements = Elements.of(page.html)
        yield from _own(page.url, elements.links)
        for action, fields in elements.searches:
            yield from _own(
                page.url, [f"{action or urlsplit(page.url).path}?{urlencode(dict.fromkeys(fields, words))}"]
            )


def _own(base: str, links: Iterable[str]) -> Iterator[str]:
    for link in links:
        whole = urlsplit(urljoin(_HOST + base, link))
        if f"{whole.scheme}://{whole.netloc}" == _HOST and not _NOWHERE.match(link):
            if not whole.path.startswith("/static/"):
                yield whole.path + (f"?{whole.query}" if whole.query else "")


class Elements(NamedTuple):
    """What leads on from a page: its links, and its search forms as (action, names of text fields)."""

    links: list[str]
    searches: list[tuple[str, list[str]]]

    @classmethod
    def of(cls, html: str) -> "Elements":
        root = lxml.html.document_fromstring(html or "<html></html>")
        forms = root.xpath("//form[not(@method) or translate(@method, 'GET', 'get') = 'get']")
        fields = "descendant::input[not(@type) or @type = 'text' or @type = 'search']/@name"
        links = root.xpath("//@href | //@src | //@*[name() = 'hx-get']")
        return cls(list(map(str, links)), [(form.get("action", ""), form.xpath(fields)) for form in forms])
