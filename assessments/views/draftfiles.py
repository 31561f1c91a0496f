"""Standards as files: exported, and brought in after a dry run that a person confirms."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import drafting, draftpage, exporting, importing
from ..drafting import EditError
from ..forms.importing import FileForm, TakeForm, sealed, unsealed
from ..models import Draft, Edition
from ..scoring import tomltext
from ..scoring.editing import put
from ..scoring.reading import is_day, toml

_SHOWN = 200  # lines of a dry run on one page


@requires("edition.view")
@require_safe
def edition_toml(request, pk):
    edition = get_object_or_404(Edition, pk=pk)
    return _file(edition.text.encode(), exporting.TOML, edition, "toml")


@requires("edition.view")
@require_safe
def edition_xlsx(request, pk):
    edition = get_object_or_404(Edition, pk=pk)
    return _workbook(edition, exporting.xlsx_of_edition)


@requires("edition.edit")
@require_safe
def draft_export_toml(request, pk):
    draft = draftpage.found(request, pk)
    return _file(draft.text.encode(), exporting.TOML, draft, "toml")


@requires("edition.edit")
@require_safe
def draft_export_xlsx(request, pk):
    return _workbook(draftpage.found(request, pk), exporting.xlsx_of_draft)


@requires("edition.edit")
@require_safe
def draft_template(request):
    """The empty workbook of a paper scheme."""
    headers = {"Content-Disposition": 'attachment; filename="template.xlsx"'}
    return HttpResponse(exporting.template(), content_type=exporting.XLSX, headers=headers)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(files=["file"])
def draft_import(request):
    """Choose a file; a POST shows what is in it and writes nothing. 422: nobody can read it."""
    refusal = None
    if request.method == "POST":
        try:
            return _dry_run(request, None)
        except Refused as refused:
            refusal = refused
    return _marked(request, "assessments/drafts/import.html", {"form": FileForm()}, refusal)


@requires("edition.edit")
@require_POST
@takes(TakeForm)
def draft_take(request):
    """Begin the draft of a dry run. 422 where its name will not do."""
    form = TakeForm(request.POST)
    if not form.data.get("payload"):
        raise refusals.precondition_required()
    told = unsealed(form.data["payload"], request.user, None)
    refusal = draftpage.unfit()
    if form.is_valid():
        try:
            draft = drafting.begin(_under(told["text"], form.head()), by=request.user)
        except EditError as error:
            refusal = draftpage.unfit(str(error))
        else:
            return redirect("assessments:draft", draft.pk)
    return _marked(request, "assessments/drafts/dryrun.html", {"form": form, "name": told["name"]}, refusal)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(files=["file"])
def draft_files(request, pk):
    """The files of a draft: export, and a dry run of what would replace it."""
    draft, refusal = draftpage.found(request, pk), None
    if request.method == "POST":
        try:
            return _dry_run(request, draft)
        except Refused as refused:
            refusal = refused
    context = {"form": FileForm()}
    return draftpage.show(request, draft, "assessments/drafts/files.html", "draft_files", context, refusal)


@requires("edition.edit")
@require_POST
@takes("payload", "revision")
def draft_replace(request, pk):
    """Put the text of a dry run in the place of the draft's. 409 where somebody changed it since."""
    draft = draftpage.found(request, pk)
    revision = draftpage.revision_of(request)
    told = unsealed(request.POST.get("payload", ""), request.user, draft)
    try:
        drafting.replace(pk, revision, told["text"], by=request.user)
    except EditError as error:
        refusal = draftpage.unfit(str(error))
    except Refused as refused:
        if refused.code != "stale":
            raise
        draft.refresh_from_db()
        refusal = draftpage.quicker(draft)
    else:
        return redirect("assessments:draft", pk)
    context = {"form": FileForm()}
    return draftpage.show(request, draft, "assessments/drafts/files.html", "draft_files", context, refusal)


def _dry_run(request, draft: Draft | None):
    """The page that tells what a file says. Raises Refused for a file that nobody can read."""
    upload = request.FILES.get("file")
    if upload is None:
        raise draftpage.unfit(_("Choose a file."))
    base = toml(draft.text.removeprefix("\ufeff")) if draft else None
    brought = importing.read(upload, base=base, head=None if draft else _guessed(upload.name))
    context = {
        "brought": brought,
        "name": brought.name,
        "lines": brought.lines[:_SHOWN],
        "more": max(0, len(brought.lines) - _SHOWN),
        "payload": sealed(brought, request.user, draft),
    }
    if draft:
        context["difference"] = importing.difference(base, brought.document)
        return draftpage.show(request, draft, "assessments/drafts/dryrun_replace.html", "draft_files", context)
    context["form"] = TakeForm(initial=_named(brought) | {"payload": context["payload"]})
    return render(request, "assessments/drafts/dryrun.html", context)


def _guessed(name: str) -> dict:
    """The head of a paper scheme until the person says it: the page asks for each."""
    year = timezone.localdate().year
    title = importing.title_of(name)
    return {
        "code": "local",
        "version": f"{year}.1",
        "title": title,
        "title_en": title,
        "in_force": timezone.localdate(),
    }


def _named(brought) -> dict:
    """What the form of the name begins with."""
    head = {key: brought.document.get(key, "") for key in ("code", "version", "title", "title_en", "in_force")}
    if brought.above and brought.is_scheme:
        head["title"] = brought.above
        head["title_en"] = ""
    day = head["in_force"]
    return head | {"in_force": day if is_day(day) else date(timezone.localdate().year, 1, 1)}


def _under(text: str, head: dict) -> str:
    """The text with this head; as it stands where it says the same."""
    document = toml(text)
    if all(document.get(key) == value for key, value in head.items()):
        return text
    put(document, head)
    return tomltext.document(document)


def _workbook(thing, made):
    try:
        return _file(made(thing), exporting.XLSX, thing, "xlsx")
    except ValueError as error:
        raise refusals.wrong_state(_("A spreadsheet cannot hold this standard. Export it as TOML.")) from error


def _file(content: bytes, media_type: str, thing, suffix: str) -> HttpResponse:
    headers = {"Content-Disposition": exporting.named(thing.code, thing.version, suffix)}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _marked(request, template: str, context: dict, refusal: Refused | None):
    answer = render(request, template, context | {"refusal": refusal}, status=refusal.status if refusal else 200)
    return refusal.marked(answer) if refusal else answer
