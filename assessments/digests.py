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
    evidence = Evidence.objects.present().filter(assessment=assessment).order_by("criterion", "digest")
    return of_json(
        {
            "facts": answers.digest(answers.cells(assessment, layer)),
            "evidence": [list(row) for row in evidence.values_list("criterion", "digest")],
        }
    )
