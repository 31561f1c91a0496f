"""Carry forward what has not changed since last period: shown as a list first, then done in one act."""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import answers, closing, forwarding, reusing, workflow
from ..forms.saving import read_op_id
from ..models import Assessment, Evidence, Layer
from ..scoring import Criterion, Section
from ..sheet import surroundings
from .evidence import DAMAGED

PREFIX = "carry."  # of the name of a ticked figure; its value is the value that the page showed
FILE = "file."  # of the name of a ticked file of last period


@require_http_methods(["GET", "POST"])
@requires("assessment.fill")
@takes("op_id", "dimension", "carry.*", "file.*")  # a figure or file that is not known is refused by the act
def carry(request, pk):
    """The list of what can be carried forward, of one dimension or of the whole sheet; POST carries what is ticked.

    Of one dimension it leads back to its page, of the whole sheet to what is left to do.
    """
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    said = request.POST if request.method == "POST" else request.GET
    dimension = said.get("dimension", "")
    sections = {section.code: section for section in assessment.period.edition.standard.dimensions}
    if dimension and dimension not in sections:
        raise Http404
    if request.method == "GET":
        return _shown(request, assessment, sections, dimension)
    try:
        carried = workflow.carry_forward(pk, _ticked(said), _files(said), op_id=read_op_id(said), by=request.user)
    except Refused as refusal:
        return refusal.marked(_shown(request, assessment, sections, dimension, refusal))
    _tell(request, carried)
    return redirect("assessments:fill", pk, dimension) if dimension else redirect("assessments:check", pk)


def _ticked(said) -> dict[str, str]:
    return {name.removeprefix(PREFIX): said[name] for name in said if name.startswith(PREFIX)}


def _files(said) -> set[UUID]:
    try:
        return {UUID(name.removeprefix(FILE)) for name in said if name.startswith(FILE)}
    except ValueError as error:
        raise refusals.invalid(_("This is no evidence of last period.")) from error


def _shown(request, assessment: Assessment, sections: dict, dimension: str, refusal: Refused | None = None):
    closed = closing.why(assessment)
    around = surroundings(assessment, with_registers=True)
    offers = [] if closed else forwarding.offers(assessment, answers.own_cells(assessment, Layer.SELF), around)
    proofs = [] if closed else _proofs(assessment, around)
    every = [group for section in sections.values() if any((group := _Group.of(section, offers, proofs))[1:])]
    here = [group for group in every if group.section.code == dimension]
    groups = here or every  # where nothing is left on its page, what is left elsewhere
    context = {
        "assessment": assessment,
        "closed": closed,
        "section": here[0].section if here else None,
        "back": dimension or next(iter(sections)),
        "groups": groups,
        "count": sum(group.count for group in groups),
        "everywhere": sum(group.count for group in every),
        "op_id": uuid4(),
        "refusal": refusal,
    }
    return render(request, "assessments/carry.html", context, status=refusal.status if refusal else 200)


class _Group(NamedTuple):
    """What one dimension can take over: figures, and (criterion, its files of last period)."""

    section: Section
    offers: list[forwarding.Offer]
    proofs: list[tuple[Criterion, list[Evidence]]]

    @classmethod
    def of(cls, section, offers, proofs) -> "_Group":
        return cls(
            section,
            [offer for offer in offers if offer.metric.dimension == section.code],
            [(criterion, files) for criterion, files in proofs if criterion.dimension == section.code],
        )

    @property
    def count(self) -> int:
        return len(self.offers) + sum(len(files) for _criterion, files in self.proofs)


def _proofs(assessment: Assessment, around) -> list[tuple[Criterion, list[Evidence]]]:
    here = list(Evidence.objects.present().filter(assessment=assessment))
    attached = {file.criterion for file in here}
    return forwarding.evidence(assessment, reusing.offers(assessment, here), attached, around)


def _tell(request, carried) -> None:
    words = ngettext(
        "%(done)d figure carried forward. Clear a field to take it back.",
        "%(done)d figures carried forward. Clear a field to take it back.",
        carried.done,
    )
    messages.success(request, words % {"done": carried.done})
    if carried.files:
        words = ngettext(
            "%(files)d file of last period is attached again.",
            "%(files)d files of last period are attached again.",
            carried.files,
        )
        messages.success(request, words % {"files": carried.files})
    for name in carried.damaged:
        messages.error(request, DAMAGED % {"name": name})
    if carried.left:
        left = _("Left as they are, because somebody has answered them meanwhile: %(left)d.")
        messages.info(request, left % {"left": carried.left})
