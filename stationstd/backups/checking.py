"""Hold a restored product against its backup's manifest and against itself."""

import io
from collections.abc import Iterator

from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from assessments import sealed
from assessments.models import Evidence, Publication
from audit import verifying

from . import state


def figures(wanted: state.State) -> list[str]:
    """What of the rows, chains, seals and migrations did not come out again."""
    with transaction.atomic():
        return state.differences(wanted, state.current())


def wrong(manifest: dict) -> Iterator[str]:
    """Evidence without its bytes, breaks of the log, published figures that do not come out again."""
    yield from _evidence(set(manifest["lost"]))
    with translation.override("en"):
        yield from (f"{broken.name}: {broken.said}" for broken in verifying.verify().broken)
    yield from _replayed()


def _evidence(lost_before: set[str]) -> Iterator[str]:
    for digests in Evidence.objects.values_list("digest", "shown_digest").iterator():
        for digest in filter(None, digests):
            try:
                sealed.evidence.unseal(digest)
            except sealed.Damaged:
                before = ", as it was when the backup was made" if digest in lost_before else ""
                yield f"evidence {digest} is gone or damaged{before}"


def _replayed() -> Iterator[str]:
    if not Publication.objects.exists():
        return
    said = io.StringIO()
    try:
        call_command("replay", stdout=said)
    except CommandError as error:
        yield f"replay: {error}"
        yield from said.getvalue().splitlines()
