"""A standard in whose every title, unit and hint somebody wrote something else."""

import json
import re
from itertools import count

from assessments.models import Edition
from tests import factories

from .payloads import PAYLOADS

_WORDS = re.compile(r'^((?:title|unit|source|hint|note|label)(?:_en)?) = ".*"$', re.MULTILINE)


def hostile() -> Edition:
    """The tiny standard with a payload in the place of every word that people read."""
    number = count()
    text = factories.TINY.read_text("utf-8").replace('code = "tiny"', 'code = "hostile"', 1)
    return factories.edition_of(_WORDS.sub(lambda found: f"{found[1]} = {json.dumps(_next(number))}", text))


def _next(number) -> str:
    return PAYLOADS[next(number) % len(PAYLOADS)]
