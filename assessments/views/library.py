"""The indicator library, to be picked from into a draft, and the list of what may not be a target."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from personnel.access import requires
from stations.models import StationClass
from stationstd.keys import takes

from .. import draftoutline, draftpage, picking
from ..layered import language
from ..models import Draft
from ..picking import Wanted
from ..scoring import forbidden as bans
from ..scoring import library as indicators
from ..scoring.build import TIERS
from ..scoring.shapewords import SHAPES

OPEN = 60  # found indicators that are listed; of more only the groups, each with a link to what is in it
FEW = 20  # found indicators that are listed with all that is known of them


@requires("edition.edit")
@require_safe
def draft_library(request, pk):
    """Search the library and choose from what is found. `show` asks for all that is known of one indicator."""
    draft = draftpage.found(request, pk)
    context = {"section": request.GET.get("section", ""), "shown": request.GET.get("show", "")}
    return _page(request, draft, _wanted(request.GET, draft), context)


@requires("edition.edit")
@require_POST
@takes("revision", "section", "keeps", *Wanted.__dataclass_fields__, several=("pick",))
def draft_pick(request, pk):
    """Put what was chosen into a section, or each into that of its group."""
    draft = draftpage.found(request, pk)
    wanted, section = _wanted(request.POST, draft), request.POST.get("section", "")
    picked = request.POST.getlist("pick")
    came: dict = {"added": 0, "clashes": ()}

    def edit(document: dict) -> None:
        try:
            came["added"] = picking.put(document, picked, section, keeps="keeps" in request.POST)
        except picking.Unfit as error:
            came["clashes"] = error.clashes
            raise

    refusal = draftpage.outdated(request, draft) or draftpage.write(request, draft, edit)
    if refusal:
        context = {"section": section, "picked": picked, "clashes": came["clashes"]}
        return _page(request, draft, wanted, context, refusal)
    words = ngettext("%(n)s criterion was added.", "%(n)s criteria were added.", came["added"])
    messages.success(request, words % {"n": came["added"]})
    return redirect(f"{reverse('assessments:draft_library', args=[pk])}?{urlencode(wanted.said())}")


def _wanted(said, draft: Draft) -> Wanted:
    return Wanted.read(said, draftoutline.document(draft).get("classes", ()))


def _page(request, draft: Draft, wanted: Wanted, context: dict, refusal=None):
    document, lang = draftoutline.document(draft), language()
    offers = picking.offers(wanted, document, lang)
    chosen = {*context.get("picked", ()), context.get("shown")}
    context = {
        "outline": draftoutline.of(draft, lang),
        "wanted": wanted,
        "groups": _by_group(offers, chosen),
        "has_few": len(offers) <= FEW,
        "all_groups": _groups(),
        "count": len(offers),
        "shapes": [(code, words.name[lang == "en"]) for code, words in SHAPES.items()],
        "tiers": TIERS,
        "bases": picking.BASIS_NAMES.items(),
        "classes": {each.code: each for each in StationClass.objects.all()},
        "kinds": document.get("classes", ()),
        "picked": (),
    } | context
    return draftpage.show(request, draft, "assessments/drafts/library.html", "draft_library", context, refusal)


def _by_group(offers: list[picking.Offer], chosen: set[str]) -> list[tuple]:
    """(group, its offers, how many of them the draft has, whether they are listed) of every group with an offer."""
    found: dict[str, list[picking.Offer]] = {}
    for offer in offers:
        found.setdefault(offer.indicator.group, []).append(offer)
    groups = [(group, found[group.code]) for group in _groups() if group.code in found]
    return [(group, here, _there(here), _is_open(offers, here, chosen)) for group, here in groups]


def _there(offers: list[picking.Offer]) -> int:
    return sum(offer.is_there for offer in offers)


def _is_open(offers: list[picking.Offer], here: list[picking.Offer], chosen: set[str]) -> bool:
    return len(offers) <= OPEN or any(offer.indicator.id in chosen for offer in here)


def _groups():
    return indicators.shipped().groups


@requires("edition.view")
@require_safe
def forbidden(request):
    """What national and provincial rules ban as a target, with the rule; a standard that has one is refused."""
    return render(request, "assessments/forbidden.html", {"bans": bans.shipped()})
