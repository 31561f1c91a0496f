"""The editions of the standard, to be read by everybody who works with them."""

from uuid import uuid4

from django.conf import settings
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from personnel.access import requires
from stations.models import StationClass

from .. import outline
from ..models import Edition
from .drafts import listed as draft_list


@requires("edition.view")
@require_safe
def editions(request):
    listed = Edition.objects.annotate(period_count=Count("periods")).order_by("-published_at", "-pk")
    may_edit = request.user.may("edition.edit")
    context = {"editions": listed, "may_edit": may_edit, "drafts": draft_list(request.user) if may_edit else []}
    return render(request, "assessments/editions.html", context)


@requires("edition.view")
@require_safe
def edition(request, pk):
    """One edition, criterion by criterion; with ?class=CODE as stations of that class are asked."""
    found = get_object_or_404(Edition, pk=pk)
    standard, kind, lang = found.standard, request.GET.get("class", ""), get_language()
    if kind and kind not in standard.classes:
        raise Http404
    variant = outline.variant(found, lang, kind) if kind else None
    context = {
        "edition": found,
        "standard": standard,
        "variant": variant,
        "chapters": variant.chapters if variant else outline.of(found, lang),
        "grades": list(zip(standard.grades, standard.shares, strict=True)),
        "has_shares": any(standard.shares),
        "gates": outline.gates(found, lang, kind),
        "vetoes": outline.vetoes(found, lang, kind),
        "classes": {kind.code: kind for kind in StationClass.objects.all()},
        "may_report": request.user.may("report.request"),
        "may_edit": request.user.may("edition.edit"),
        "may_open": request.user.may("period.manage"),
        "languages": settings.LANGUAGES,
        "language": lang,
        "op_id": uuid4(),
    }
    return render(request, "assessments/edition.html", context)
