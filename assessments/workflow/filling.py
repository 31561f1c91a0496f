"""The station's acts: save a fact, take the register's value, submit."""

from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers, crossing, digests, lifting, registers, scores, store, unlocking
from ..answers import Cell
from ..models import Assessment, Layer, State, Submission
from . import carrying
from .locking import event, lock, now, require_open, require_round


class Saved(NamedTuple):
    """What stands after a save.

    facts are the self layer's, evidence the criteria that something is attached to, lifted those of which nothing is
    required now (lifting.py).
    """

    assessment: Assessment
    cell: Cell
    facts: dict[str, Cell]
    evidence: frozenset[str]
    lifted: frozenset[str]


@transaction.atomic
def save(
    pk: int, metric: str, value, *, state: str, version: int | None, op_id: UUID | None, by, origin="typed"
) -> Saved:
    """Write one fact of the self layer.

    `value` is a clean number, None (clears the answer), or the text a person typed, which is refused (400) unless
    it is a number this metric may have; `version` is the one the person saw.
    Sent twice with the same op_id it takes effect once.
    """
    if version is None or op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.fill")
    address = address_of(assessment, Layer.SELF, metric)
    before = store.before(address, op_id)
    if before.is_replay:
        return _saved(assessment, before, before.cell, before.facts)
    require_open(assessment, before.now)
    _require_unlocked(assessment, metric, before)
    value = _cleaned(assessment, metric, value)
    scores.require_countable(assessment, before.facts | {metric: before.cell._replace(value=value, state=state)})
    written = {"version": version, "by": by, "op_id": op_id, "at": before.now}
    cell = put(address, before.cell, value, state, origin, **written)
    return _saved(assessment, before, cell, before.facts | {metric: cell})


def _saved(assessment: Assessment, before: store.Before, cell: Cell, facts: dict[str, Cell]) -> Saved:
    lifted = lifting.of(assessment.period.edition.standard, before.exempted, before.returned)
    return Saved(assessment, cell, facts, before.evidence, lifted)


def _require_unlocked(assessment: Assessment, metric: str, before: store.Before) -> None:
    """Refused (409) for a fact that did not come back, unless it stands in a relation that blocks the sheet."""
    if unlocking.is_locked(assessment.period.edition.standard, metric, before.returned):
        if metric not in crossing.errors(assessment, before.facts):
            raise unlocking.locked()


def _cleaned(assessment: Assessment, metric: str, value):
    if not isinstance(value, str):
        return value
    try:
        return answers.clean(assessment.period.edition.standard.metrics[metric], value)
    except ValidationError as error:
        raise refusals.invalid(error.messages[0], field=metric) from error


def address_of(assessment: Assessment, layer: str, metric: str) -> store.Address:
    """Where a metric's fact stands. Refused (400) for a metric that the edition does not know."""
    standard = assessment.period.edition.standard
    if metric not in standard.metrics:
        raise refusals.invalid(_("This standard has no such figure."))
    return store.Address(assessment, layer, answers.dimension_of(standard, metric), metric)


def put(address, old: Cell, value, state: str, origin: str, *, version, by, op_id, reason="", at=None) -> Cell:
    """Compare-and-set with history; the caller holds the lock. Refused (409) when `old` is not what was seen.

    `at` is when the caller judged that this may be done; None: the history says when it was written.
    """
    new = Cell(value, _state(value, state), origin, version + 1)
    said = {"by": by, "op_id": op_id, "reason": reason, "at": at}
    if old.version != version or not store.compare_and_set(address, old, new, based_on=version, **said):
        raise refusals.stale(current=old, metric=address.metric)
    return new


def _state(value, state: str) -> str:
    if state == "na":
        return "na"
    return "missing" if value is None else state


def take(pk: int, metric: str, *, version: int | None, op_id: UUID | None, by) -> Saved:
    """Put the register's present value of `metric` into the self layer. Refused (409) when the register has none."""
    assessment = Assessment.objects.editable_by(by).with_places().filter(pk=pk).first()
    value = registers.facts_of(assessment).get(metric) if assessment else None
    if assessment is not None and value is None:
        raise refusals.incomplete(_("The register has no value for this figure. Enter it in the register first."))
    return save(pk, metric, value, state="answered", version=version, op_id=op_id, by=by, origin="register")


@transaction.atomic
def submit(pk: int, *, round_: int | None, by) -> Assessment:
    """Hand the self-assessment in: frozen for the station, scored, with the digest of what was handed in."""
    assessment = lock(pk, by, "assessment.submit")
    require_round(assessment, round_)
    require_open(assessment, clock := now())
    missing = scores.missing(assessment)
    if missing:
        raise refusals.incomplete(
            _("Not everything that is required has been filled in. The check page lists it."), missing=missing
        )
    _require_settled(assessment)
    _register_submission(assessment, by)
    assessment.state = State.SUBMITTED
    assessment.submitted_at = clock
    assessment.save(update_fields=["state", "submitted_at"])
    scores.record([assessment], Layer.SELF)
    event(assessment, "assessment.submit", by, round=assessment.round, still_accepted=carrying.carry(assessment))
    return assessment


def _require_settled(assessment: Assessment) -> None:
    """Refused (409) while figures contradict each other, or a warning has no word of explanation."""
    found = [each for each in crossing.conflicts(assessment) if each.is_open]
    if any(each.is_error for each in found):
        message = _("Figures contradict each other. The check page lists them: correct them before you submit.")
    else:
        message = _("Some figures need a word of explanation. The check page lists them.")
    if found:
        raise refusals.incomplete(message, checks=[each.check.code for each in found])


def _register_submission(assessment: Assessment, by) -> None:
    try:
        with transaction.atomic():
            Submission.objects.create(
                assessment=assessment,
                round=assessment.round,
                by=by,
                digest=digests.of_assessment(assessment),
                digest_form=Submission.NEWEST_FORM,
            )
    except IntegrityError as error:
        raise refusals.wrong_state() from error
