"""SHA-256 over what was handed in or published, so that paper and database can be held against each other."""

import hashlib
import json

from . import answers
from .models import Assessment, Evidence, Layer


def of_json(thing) -> str:
    """Digest of canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def of_assessment(assessment: Assessment, layer: str = Layer.SELF) -> str:
    """Digest over all facts of `layer` and over the digests of all evidence. Two queries."""
    return of_assessments([assessment], layer)[assessment.pk]


def of_assessments(assessments: list[Assessment], layer: str = Layer.SELF) -> dict[int, str]:
    """{assessment: its digest} for any number of them. Two queries."""
    pks = [assessment.pk for assessment in assessments]
    facts = answers.by_assessment(pks, layer)
    evidence: dict[int, list] = {pk: [] for pk in pks}
    rows = Evidence.objects.present().filter(assessment__in=pks).order_by("criterion", "digest")
    for pk, *row in rows.values_list("assessment", "criterion", "digest"):
        evidence[pk].append(row)
    return {pk: of_json({"facts": answers.digest(facts.get(pk, {})), "evidence": evidence[pk]}) for pk in pks}
