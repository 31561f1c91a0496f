"""SHA-256 over what was handed in or published, so that paper and database can be held against each other.

What a chief hands in is sealed in the newest form; each submission says in which form its own digest was made, so that
an old receipt is held against the same things as on the day it was given.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable

from . import answers
from .models import Assessment, Evidence, Exemption, Layer, Remark, Submission


def of_json(thing) -> str:
    """Digest of canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def of_assessment(assessment: Assessment, form: int = Submission.NEWEST_FORM) -> str:
    """Digest over all that the station says on its sheet, as it stands now. As many queries as of_assessments()."""
    return of_assessments([assessment], form)[assessment.pk]


def of_assessments(assessments: list[Assessment], form: int = Submission.NEWEST_FORM) -> dict[int, str]:
    """{assessment: its digest} for any number of them. Two queries in form 1, four in form 2."""
    pks = [assessment.pk for assessment in assessments]
    return {pk: of_json(said) for pk, said in _FORMS[form](pks).items()}


def _facts_and_files(pks: list[int]) -> dict[int, dict]:
    """Form 1: the facts, and which files are attached to what."""
    facts = _facts(pks)
    files = _lists(_evidence(pks).order_by("criterion", "digest"), "criterion", "digest")
    return {pk: {"facts": facts[pk], "evidence": files[pk]} for pk in pks}


def _everything_said(pks: list[int]) -> dict[int, dict]:
    """Form 2: the facts; the files in their order, each with what is said of it and how it is shown; every word of
    explanation; every request that a criterion is not applicable, whatever the bureau answers, but those taken back.
    """
    facts = _facts(pks)
    in_order = _evidence(pks).order_by("place", "added_at", "pk")
    files = _lists(in_order, "criterion", "digest", "caption", "turns", "valid_until")
    remarks = _lists(Remark.objects.filter(assessment__in=pks).order_by("round", "pk"), "code", "round", "text")
    asked = Exemption.objects.filter(assessment__in=pks).exclude(outcome=Exemption.Outcome.WITHDRAWN)
    requests = _lists(asked.order_by("pk"), "criterion", "round", "reason")
    return {
        pk: {
            "form": 2,
            "facts": facts[pk],
            "evidence": _by_first(files[pk]),
            "explanations": _by_first(remarks[pk]),
            "requests": requests[pk],
        }
        for pk in pks
    }


def _by_first(rows: list[list]) -> list[list]:
    """By their first column, else as they came; here and not in the database, whose order of texts its locale says."""
    return sorted(rows, key=lambda row: row[0])


_FORMS = {1: _facts_and_files, 2: _everything_said}


def _facts(pks: list[int]) -> dict[int, str]:
    found = answers.by_assessment(pks, Layer.SELF)
    return {pk: answers.digest(found.get(pk, {})) for pk in pks}


def _evidence(pks: list[int]):
    return Evidence.objects.present().filter(assessment__in=pks)


def _lists(rows, *columns: str) -> dict[int, list[list]]:
    """{assessment: its rows}, each a list of numbers, texts and None."""
    found: dict[int, list[list]] = defaultdict(list)
    for pk, *row in rows.values_list("assessment", *columns):
        found[pk].append(_plain(row))
    return found


def _plain(row: Iterable) -> list:
    return [value if value is None or isinstance(value, int | str) else str(value) for value in row]
