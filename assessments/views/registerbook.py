"""The registers of a station as workbooks: downloaded, checked in a dry run, applied when a person confirms."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from stations.views.pages import station_for
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import registerfile
from ..exporting import XLSX, named
from ..registerbooks import BOOKS, TITLES

_SHOWN = 200  # lines of a dry run on one page


@requires("registers.view")
@require_safe
def register_file(request, code, book):
    """The register as it stands; an empty one is the template."""
    station = station_for(request, code)
    layout = _book(book)(station)
    return _file(registerfile.write(layout, layout.cells()), station, book)


@requires("registers.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(files=["file"])
def register_import(request, code, book):
    """Choose a file; a POST shows what is in it, cell by cell, and writes nothing. 422: nobody can read it."""
    station, run, payload, refusal = station_for(request, code), None, "", None
    _book(book)
    if request.method == "POST":
        try:
            if (upload := request.FILES.get("file")) is None:
                raise Refused(422, "unfit", _("Choose a file."))
            cells = registerfile.received(upload)
            run = registerfile.tried(station, book, cells)
            payload = registerfile.sealed(cells, run, request.user, station, book)
        except Refused as refused:
            refusal = refused
    return _shown(request, station, book, run=run, payload=payload, refusal=refusal)


@requires("registers.edit")
@require_POST
@takes("payload")
def register_marked(request, code, book):
    """The file of a dry run with the cells that will not do in red."""
    station, layout = station_for(request, code), _book(book)
    told = registerfile.unsealed(request.POST.get("payload", ""), request.user, station, book)
    run = registerfile.tried(station, book, told["cells"])
    return _file(registerfile.write(layout(station), told["cells"], run.faults), station, f"{book}-errors")


@requires("registers.edit")
@require_POST
@takes("payload")
def register_apply(request, code, book):
    """Do what the dry run showed. 409 where somebody saved the register since."""
    station = station_for(request, code)
    _book(book)
    told = registerfile.unsealed(request.POST.get("payload", ""), request.user, station, book)
    try:
        count = registerfile.applied(station, book, told["cells"], told["based_on"], by=request.user)
    except Refused as refusal:
        return _shown(request, station, book, refusal=refusal)
    words = ngettext("%(n)s value taken over.", "%(n)s values taken over.", count)
    messages.success(request, words % {"n": count} if count else _("Nothing had changed."))
    return redirect(station)


def _book(name):
    if name not in BOOKS:
        raise Http404
    return BOOKS[name]


def _shown(request, station, book, *, run=None, payload="", refusal=None):
    context = {"station": station, "book": book, "heading": TITLES[book], "run": run, "payload": payload}
    if run:
        context["faults"] = [(registerfile.where(each), each.what) for each in run.faults[:_SHOWN]]
        context["changes"] = run.changes[:_SHOWN]
        context["more"] = max(0, len(run.faults) - _SHOWN) or max(0, len(run.changes) - _SHOWN)
    status = refusal.status if refusal else 200
    answer = render(request, "assessments/register_import.html", context | {"refusal": refusal}, status=status)
    return refusal.marked(answer) if refusal else answer


def _file(content: bytes, station, name: str) -> HttpResponse:
    headers = {"Content-Disposition": named(station.code, name, "xlsx")}
    return HttpResponse(content, content_type=XLSX, headers=headers)
