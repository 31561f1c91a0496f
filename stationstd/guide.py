"""The ten-minute guide for somebody who has never used a system: eight steps, each with a picture.

The pictures are made by a browser that goes these steps: bin/make-guide, tests/browser/test_guide.py.
"""

from typing import NamedTuple

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Step(NamedTuple):
    """`picture` is the name of its file; `alt` says what is to be seen in it; `lines` are what to do, in order."""

    picture: str
    title: Promise
    lines: tuple[Promise, ...]
    alt: Promise

    @property
    def address(self) -> str:
        """Of the picture in the reader's language."""
        return static(f"img/guide/{folder(get_language())}/{self.picture}.png")


def folder(language: str | None) -> str:
    """Where the pictures of a language lie."""
    return "en" if (language or "").startswith("en") else "zh"


STEPS = (
    Step(
        "login",
        _("Log in"),
        (
            _("Type the user name and the password that the security administrator gave you, then press Enter."),
            _("The first time you are asked for a new password of your own. Tell it to nobody, your clerk included."),
            _("English or Chinese: the button at the top right, at any time."),
        ),
        _("The login page with the fields for user name and password"),
    ),
    Step(
        "home",
        _("Begin at My station"),
        (
            _("The card at the top shows the days left, how much is filled in, and the rate if you submitted now."),
            _("Below stand the cheapest next points. Click one: it leads to the field."),
            _("Press Continue filling in. It leads to the first page on which something is missing."),
        ),
        _("The home page of a station with the days left, what is filled in and the rate so far"),
    ),
    Step(
        "fill",
        _("Fill in"),
        (
            _("Most figures stand there already: they come from your registers. Check them, and type what is missing."),
            _("Enter goes to the next field. Everything is saved by itself: look for the word Saved beside the field."),
            _("Where the register says something else, Take over puts its value into the field."),
            _("Not sure of a figure? Give your best one and tick Estimated: the reviewer sees it as such."),
            _("Points and the reason for them change while you type."),
        ),
        _("A page of the sheet: figures with the register's value, Take over, Estimated and the word Saved"),
    ),
    Step(
        "evidence",
        _("Add photos"),
        (
            _("Where it says required, add a photo or a PDF: choose files or drag them; on a phone take a picture."),
            _("Take the picture so that the sign on the door can be read. Nothing personal belongs into it."),
        ),
        _("The evidence of an item with a photo that was added"),
    ),
    Step(
        "check",
        _("Check"),
        (
            _("Open Check and submit. What is missing stands there as links; what does not fit asks for a word."),
            _("A clerk can do everything up to here. Submitting is for the chief alone."),
        ),
        _("The page Check and submit: nothing is missing, the declaration is ticked"),
    ),
    Step(
        "submitted",
        _("Submit"),
        (
            _("Tick the declaration and press Submit. Your password may be asked for again."),
            _("You get a receipt. From now on the sheet can only be read, until the bureau sends it back."),
        ),
        _("The receipt of a submitted sheet"),
    ),
    Step(
        "returned",
        _("Sent back?"),
        (
            _("My station shows who sent it back, why, and until when. Each item with a remark is a link."),
            _("Only what was sent back is open. Put it right, then check and submit again."),
        ),
        _("The home page of a station whose sheet was sent back, with the reasons"),
    ),
    Step(
        "objection",
        _("Not agreed? Object"),
        (
            _("After verification you have some days: open Objections, choose the item, write the ground."),
            _("Another reviewer than the one who verified it answers. The answer comes among your messages."),
        ),
        _("The page Objections with an item chosen and the ground written down"),
    ),
)
