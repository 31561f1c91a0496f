"""Fill in a page as a browser does: what it shows, with some fields typed over."""

from html import unescape
from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Collects {name: value} of each form as a browser would send it; what is in a <template> is not sent."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.select = None
        self.templates = 0

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append({})
        self.templates += tag == "template"
        if self.templates or not self.forms:
            return
        if tag == "select":
            self.select = found["name"]
            self.forms[-1][self.select] = ""
        elif tag == "option" and "selected" in found:
            self.forms[-1][self.select] = found["value"]
        elif tag == "input" and "name" in found:
            self._input(found)

    def _input(self, found):
        if found.get("type") not in {"checkbox", "radio"}:
            self.forms[-1][found["name"]] = found.get("value", "")
        elif "checked" in found:
            self.forms[-1][found["name"]] = found.get("value", "on")

    def handle_endtag(self, tag):
        self.templates -= tag == "template"


def shown(response) -> dict[str, str]:
    """The fields of the form of a register, the first one with a fingerprint."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return next(form for form in parser.forms if "based_on" in form)


def save(client, address, typed: dict, *, without=()):
    """Open the page, type, send; the answer of the POST."""
    values = shown(client.get(address)) | typed
    return client.post(address, {name: value for name, value in values.items() if name not in without})


def text(response) -> str:
    return unescape(response.content.decode())
