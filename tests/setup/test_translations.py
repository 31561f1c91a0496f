"""Every sentence of the interface is in the Chinese catalogue, translated."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("stationstd", "stations", "personnel", "assessments", "audit", "templates", "locale", "static")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """The Chinese catalogue as makemessages writes it from today's sources, made in a copy of them."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, copy / folder)
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    options = ["--settings", "stationstd.settings", "-l", "zh_Hans", "--no-obsolete", "--ignore", "node_modules"]
    made = subprocess.run(
        [sys.executable, "manage.py", "makemessages", *options], cwd=copy, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    with open(copy / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        return read_po(file, locale="zh_Hans")


def text(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_nothing_is_untranslated(catalogue):
    assert [text(message) for message in catalogue if message.id and not all_of(message.string)] == []


def all_of(translation) -> bool:
    return all(translation) if isinstance(translation, tuple) else bool(translation)


def test_nothing_is_guessed(catalogue):
    assert [text(message) for message in catalogue if message.id and message.fuzzy] == []


def test_every_placeholder_survives_the_translation(catalogue):
    errors = {text(message): [str(error) for error in message.check(catalogue)] for message in catalogue}
    assert {sentence: found for sentence, found in errors.items() if found} == {}
