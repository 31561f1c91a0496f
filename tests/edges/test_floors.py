"""T43: what reads other people's bytes is at least as new as the last release that mended a known hole."""

import re
from importlib import metadata
from itertools import zip_longest

import pytest

from stationstd.settings import BASE_DIR

# The release that closed what was known when these were chosen, 2026-11-21 (requirements/base.in asks for no less).
FLOORS = {
    "django": "5.2.19",  # multipart memory, leak through a cache, forged formsets
    "weasyprint": "70.0",  # stylesheets and metadata past the fetcher
    "pillow": "13.0.0",  # two overflows in decoding JPEG
    "celery": "5.7.0",
    "redis": "8.1.0",
    "gunicorn": "27.0.1",
    "psycopg2-binary": "2.9.13",
    "argon2-cffi": "25.1.0",
    "django-csp": "4.0",
    "django-otp": "1.7.5",
    "puremagic": "1.30",
    "openpyxl": "3.1.5",
    "defusedxml": "0.7.1",
    "xlsxwriter": "3.3.1",
    "pikepdf": "10.17.0",
}
# Each aborts on a small file, is no longer mended, or runs what it reads.
UNWANTED = {"python-calamine", "python-magic", "wkhtmltopdf", "pdfkit", "pyyaml", "django-celery-results"}


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.match(r"\d+(?:\.\d+)*", version)[0].split(".")]


def _is_at_least(version: str, floor: str) -> bool:
    pairs = zip_longest(_numbers(version), _numbers(floor), fillvalue=0)
    return next((ours > theirs for ours, theirs in pairs if ours != theirs), True)


def _locked() -> dict[str, str]:
    lines = re.findall(r"^([a-z0-9.-]+)==(\S+)", (BASE_DIR / "requirements" / "base.txt").read_text(), re.MULTILINE)
    return dict(lines)


@pytest.mark.parametrize("name", FLOORS)
def test_installed_and_locked_are_not_older_than_the_last_mended_hole(name):
    assert _is_at_least(metadata.version(name), FLOORS[name])
    assert _is_at_least(_locked()[name], FLOORS[name])


def test_nothing_unwanted_is_locked():
    assert not UNWANTED & set(_locked())


def test_versions_are_compared_as_numbers():
    assert _is_at_least("13.0", "13.0.0")
    assert _is_at_least("5.10", "5.9.9")
    assert not _is_at_least("5.2.18", "5.2.19")
