"""The standard being written: begun, changed, published or thrown away. The one way to write a Draft.

Every change is judged against the revision that its author saw, so that two people never write over each other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.events import record
from stationstd import refusals

from . import editions, parents
from .models import Draft, Edition
from .scoring import Standard, StandardError, editing, tomlwords
from .scoring.build import LARGEST_STANDARD
from .scoring.lint import lint
from .scoring.problemwords import place_told, told
from .scoring.reading import toml
from .scoring.shaping import misshapen
from .scoring.tomltext import document as written

HEAD = ("code", "version", "title", "title_en")
_NAMED = 5  # places that a message names
Edit = Callable[[dict], None]


class EditError(Exception):
    """A change that cannot be made; the words are for the person who asked for it."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a draft. `is_refused`: it cannot be published with it; otherwise it is advice.

    where      the place in words, with the titles of what it names
    criterion  the id of the criterion it concerns, "" for anything else
    todo       what to do about it; "" where `what` says it
    place      the place as the text names it, such as "criterion staffing.load: rule.ratio"
    """

    where: str
    what: str
    todo: str
    criterion: str
    is_refused: bool
    place: str = ""


@transaction.atomic
def copy(edition: Edition, *, by, **head: str) -> Draft:
    """A new draft with the text of an edition under another `code`, `version`, `title` or `title_en`."""
    text = editing_of(edition.text, lambda document: editing.put(document, head))
    return _begin(text, based_on=edition, by=by)


@transaction.atomic
def begin(text: str, *, by) -> Draft:
    """A new draft of this text, such as one brought in as a file. EditError when it is no TOML or lacks its titles."""
    return _begin(text, based_on=None, by=by)


@transaction.atomic
def change(pk: int, revision: int, edit: Edit, *, by, **told) -> Draft:
    """Let `edit` change the draft's document in place, and write it. `told` goes into the log.

    Http404 when the draft is outside this user's sight; Refused (409) when it is published or somebody changed it since
    `revision`; EditError when what the edit names is not there or its name is taken.
    """
    draft = _locked(pk, revision, by)
    return _write(draft, editing_of(draft.text, edit), by, told)


@transaction.atomic
def replace(pk: int, revision: int, text: str, *, by) -> Draft:
    """Put another text in the place of the draft's. Raises as `change` does, and EditError when it is no TOML."""
    draft = _locked(pk, revision, by)
    return _write(draft, text, by, {"replaced": True})


@transaction.atomic
def publish(pk: int, revision: int, *, by) -> Edition:
    """Take the draft into use: an edition that never changes again.

    Raises as `change` does; StandardError with every problem; Refused (409) when this code and version are taken.
    """
    draft = _locked(pk, revision, by)
    edition, _created = editions.load(draft.text, draft.name, by=by)
    if Draft.objects.filter(edition=edition).exists():
        raise refusals.wrong_state(_("This text is published already. Give the draft a new version."))
    Draft.objects.filter(pk=draft.pk).update(edition=edition, changed_by=by, changed_at=Now())
    record("draft.publish", f"draft:{draft.pk}", by=by, edition=edition.pk, digest=edition.digest)
    return edition


@transaction.atomic
def discard(pk: int, revision: int, *, by) -> None:
    """Throw the draft away; the log keeps what it was called and its last text's size. Raises as `change` does."""
    draft = _locked(pk, revision, by)
    record("draft.discard", f"draft:{draft.pk}", by=by, code=draft.code, version=draft.version)
    draft.delete()


def editing_of(text: str, edit: Edit) -> str:
    """The text after `edit`. Section sums follow the points of their criteria. EditError as `change` says."""
    document = _document(text)
    try:
        edit(document)
    except LookupError as error:
        name = place_told(str(error.args[0]), get_language() or "zh-hans")
        raise EditError(_("“%(name)s” is not there any more. Reload the page.") % {"name": name}) from None
    except editing.Taken as error:
        raise EditError(_("“%(name)s” is there already. Choose another name.") % {"name": error.args[0]}) from None
    except editing.NotEmpty as error:
        words = _("The section “%(name)s” still holds criteria. Move or remove them first.")
        raise EditError(words % {"name": error.args[0]}) from None
    editing.settle(document)
    return written(document)


def problems(draft: Draft) -> list[Problem]:
    """Everything that is wrong with the draft in the reader's language: what refuses it first, then advice."""
    lang = get_language() or "zh-hans"
    return [*_weaker(draft, lang), *_problems(draft.text, draft.name, lang)]


def in_words(lines: Iterable[str], text: str) -> list[str]:
    """The engine's complaints about a text, without its name, in the reader's language."""
    lang = get_language() or "zh-hans"
    try:
        is_shaped = not misshapen(_document(text))
    except EditError:
        is_shaped = False
    titles = _titles(text, "title" if lang.startswith("zh") else "title_en") if is_shaped else {}
    said = (_refused(line, lang, titles) for line in lines)
    return [": ".join(filter(None, (each.where, each.what))) for each in said]


def refusals_of(drafts: Sequence[Draft]) -> list[int]:
    """How many problems keep each draft from being published. A fixed number of queries."""
    standards = [_standard(each.text, each.name) for each in drafts]
    whole = [each for each in standards if each]
    weaker = dict(zip(map(id, whole), parents.weaknesses_of(whole, "en"), strict=True))
    return [
        len(weaker[id(standard)]) if standard else len(_problems(each.text, each.name, "en"))
        for each, standard in zip(drafts, standards, strict=True)
    ]


def digest_of(draft: Draft) -> str:
    """The digest that the edition would have."""
    return sha256(draft.text.removeprefix("\ufeff").encode()).hexdigest()


@lru_cache(maxsize=64)
def _standard(text: str, name: str) -> Standard | None:
    """The standard of a text; None for one that is refused."""
    try:
        return Standard.loads(text, name)
    except StandardError:
        return None


def _weaker(draft: Draft, lang: str) -> list[Problem]:
    """Where the draft asks less than the parent it names; not kept, since a parent may come into use."""
    standard = _standard(draft.text, draft.name)
    found = parents.weaknesses(standard, lang) if standard else []
    places = [f"criterion {each.criterion}" if each.criterion else "parent" for each in found]
    return [
        Problem(each.where, each.what, each.todo, each.criterion, True, place)
        for each, place in zip(found, places, strict=True)
    ]


@lru_cache(maxsize=64)
def _problems(text: str, name: str, lang: str) -> tuple[Problem, ...]:
    try:
        standard = Standard.loads(text, name)
    except StandardError as error:
        titles = _titles(text, "title" if lang.startswith("zh") else "title_en")
        return tuple(_refused(line.removeprefix(f"{name}: "), lang, titles) for line in error.problems)
    found = lint(standard, lang=lang)
    return tuple(
        Problem(place_told(each.where, lang), each.what, each.todo, _criterion(each.where), False, each.where)
        for each in found
    )


def _refused(line: str, lang: str, titles: dict[str, str]) -> Problem:
    said = told(line, lang, titles)
    return Problem(said.where, said.what, "", _criterion(said.place), True, said.place)


def _titles(text: str, key: str) -> dict[str, str]:
    """What the codes and ids of a document are called."""
    document = _document(text)
    rows = [(each.get(named), each) for list_, named in editing.LISTED.items() for each in document.get(list_, ())]
    rows += [pair for list_ in ("metric", "derived") for pair in document.get(list_, {}).items()]
    return {code: each[key] for code, each in rows if isinstance(each.get(key), str)}


def _criterion(place: str) -> str:
    """The id after "criterion ", "" when the place is no criterion."""
    kind, _space, rest = place.partition(" ")
    return rest.split(" ")[0].rstrip(":") if kind == "criterion" else ""


def published_words() -> str:
    """Why a draft that is an edition now cannot be changed."""
    return _("This draft is published and stays as it is. Copy the edition to change it.")


def _locked(pk: int, revision: int, by) -> Draft:
    draft = Draft.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if draft is None:
        raise Http404
    if draft.edition_id is not None:
        raise refusals.wrong_state(published_words())
    if draft.revision != revision:
        raise refusals.stale(revision=draft.revision)
    return draft


def _begin(text: str, *, based_on: Edition | None, by) -> Draft:
    head = _head(text)
    draft = Draft.objects.create(bureau=by.bureau, based_on=based_on, text=text, created_by=by, changed_by=by, **head)
    record("draft.begin", f"draft:{draft.pk}", by=by, code=draft.code, version=draft.version)
    return draft


def _write(draft: Draft, text: str, by, told: dict) -> Draft:
    for field, value in (_head(text) | {"text": text, "revision": draft.revision + 1, "changed_by": by}).items():
        setattr(draft, field, value)
    draft.changed_at = Now()
    draft.save()
    record("draft.change", f"draft:{draft.pk}", by=by, revision=draft.revision, **told)
    return draft


def _head(text: str) -> dict[str, str]:
    """Code, version and titles of a text, cut to what a list shows.

    EditError without a code, version or title, and for a text whose tables are not even of the shape of a standard.
    """
    document = _document(text)
    if wrong := misshapen(document):
        words = _("This is not written as a standard is; these places are of another kind: %(places)s")
        raise EditError(words % {"places": _(", ").join(wrong[:_NAMED])})
    head = {key: document.get(key, "") for key in HEAD}
    for key in ("code", "version", "title"):
        if not isinstance(head[key], str) or not head[key].strip():
            raise EditError(_("The head of the text lacks “%(key)s”.") % {"key": key})
    most = {field: Draft._meta.get_field(field).max_length for field in HEAD}
    return {key: str(value)[: most[key]] for key, value in head.items()}


def _document(text: str) -> dict:
    if len(text) > LARGEST_STANDARD:
        raise EditError(_("The text is longer than %(n)s characters.") % {"n": f"{LARGEST_STANDARD:,}"})
    try:
        return toml(text.removeprefix("\ufeff"))
    except ValueError as error:
        what = tomlwords.told(str(error), get_language() or "zh-hans")
        raise EditError(_("This is no TOML: %(what)s") % {"what": what}) from None


__all__ = ["EditError", "Problem", "begin", "change", "copy", "discard", "problems", "publish", "replace"]
