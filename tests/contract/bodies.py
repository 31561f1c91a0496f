"""What a browser would send to an address: the form of its page, or a body written here where there is no such page."""

from html.parser import HTMLParser
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.access.scene import CRITERION, picture
from tests.access.walk import Route, arguments

_WRITTEN = {
    "audit:export": {},  # its page is a workbook
    "login": {"username": "nobody", "password": "wrong"},
    "language": {"code": "en", "next": "/"},
    "personnel:training_delete": {"based_on": "0" * 64},
    "assessments:register_import": {},
    "assessments:register_marked": {"payload": "x"},
    "assessments:register_apply": {"payload": "x"},
    "personnel:account_unlock": {"reason": "核实"},
    "assessments:save": {"metric": "zones.service", "value": "1", "version": "0"},
    "assessments:take": {"metric": "zones.service", "version": "0"},
    "assessments:evidence_add": {"caption": "大门"},
    "assessments:evidence_change": {"caption": "侧门", "turns": "1"},
    "assessments:submit": {"round": "1", "declared": "on"},
    "assessments:explain": {"check": "flag:past:staff.officers", "text": "新分配民警。", "round": "1"},
    "assessments:receipt_make": {},
    "assessments:exemption_ask": {"criterion": CRITERION, "reason": "不承担此项任务。", "round": "1"},
    "assessments:exemption_withdraw": {"exemption": "1", "round": "1"},
    "assessments:exemption_approve": {"exemption": "1", "round": "1"},
    "assessments:exemption_decline": {"exemption": "1", "why": "适用。", "round": "1"},
    "assessments:verify_change": {
        "metric": "zones.service",
        "value": "1",
        "reason": "核查。",
        "version": "0",
        "round": "1",
    },
    "assessments:verify_accept": {"criterion": CRITERION, "round": "1"},
    "assessments:send_back": {"reason": "请补正。", "due_at": "2099-01-01T18:00", "round": "1"},
    "assessments:finish_verifying": {"round": "1"},
    "assessments:confirm": {"round": "1"},
    "assessments:veto_impose": {"reason": "发生责任事故。", "approver": "张局长", "day": "2026-01-01", "round": "1"},
    "assessments:veto_withdraw": {"veto": "1", "reason": "更正。", "round": "1"},
    "assessments:publish": {"sure": "yes"},
    "assessments:offline": {},
    "assessments:offline_apply": {"round": "1", "value.zones.service": "1", "take.zones.service": "0"},
    "assessments:draft_import": {},
    "assessments:draft_files": {},
    "assessments:draft_rule_preview": {"points": "1", "rule.shape": "yes_no", "rule.of": "zones.service"},
    "assessments:draft_metric_remove": {"revision": "1"},
    "assessments:draft_points": {"revision": "1", f"points.{CRITERION}": "2", "scale": "on"},
    "assessments:draft_move": {"revision": "1", "down": CRITERION},
    "assessments:draft_remove": {"revision": "1", "remove": CRITERION},
    "assessments:draft_section_remove": {"revision": "1"},
    "assessments:draft_pick": {"revision": "1", "pick": ["party.meetings"], "section": ""},
}
_WITH_OP = {
    "assessments:save",
    "assessments:take",
    "assessments:offline_apply",
    "assessments:verify_change",
    "assessments:exemption_ask",
}


def valid(client, scene, route: Route, role: str) -> dict:
    """What this role would send; {} for a route nobody has written anything for and whose page has no form."""
    if route.name in _WRITTEN:
        said = dict(_WRITTEN[route.name])
        if route.name in _WITH_OP:
            said["op_id"] = str(uuid4())
        if route.name == "assessments:publish":
            said["bureau"] = scene.people["reviewer"].bureau.code
        if route.name == "assessments:evidence_add":
            said["files"] = picture()
        if route.name == "assessments:offline":
            said["file"] = SimpleUploadedFile("sheet.xlsx", b"PK")
        if route.name in {"assessments:draft_import", "assessments:draft_files"}:
            said["file"] = SimpleUploadedFile("standard.toml", b'code = "county"')
        if route.name == "assessments:register_import":
            said["file"] = SimpleUploadedFile("register.xlsx", b"")
        return said
    if route.method != "GET":
        return {}
    address = reverse(route.name, kwargs=arguments(scene, route, "near", role))
    return shown(client.get(address).content.decode(), address)


def shown(page: str, address: str) -> dict[str, str | list[str]]:
    """What the page's own form would send to this address; {} when it has none."""
    parser = _Form(address)
    parser.feed(page)
    return {name: values[0] if len(values) == 1 else values for name, values in parser.said.items()}


class _Form(HTMLParser):
    """Collects the fields of the first form that posts to the address, also those that name it by `form=`."""

    def __init__(self, address: str):
        super().__init__()
        self.address, self.said = address, {}
        self.id, self.inside, self.templates, self.taken = None, False, 0, False
        self.select = self.area = None

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        self.templates += tag == "template"
        if tag == "form" and not self.taken and found.get("method") == "post":
            self.inside = self.taken = found.get("action", self.address) == self.address
            self.id = found.get("id") if self.taken else None
        if self.templates or "disabled" in found or not self._belongs(found, tag):
            return
        if tag == "select":
            self.select = found["name"]
        elif tag == "option" and "selected" in found:
            self._say(self.select, found["value"])
        elif tag == "textarea":
            self._say(found["name"], "")
        elif tag == "input" and (found.get("type") not in {"checkbox", "radio"} or "checked" in found):
            self._say(found["name"], found.get("value", "on" if found.get("type") == "checkbox" else ""))

    def _belongs(self, found, tag) -> bool:
        if tag == "option":
            return self.select is not None
        return "name" in found and (found["form"] == self.id if "form" in found else self.inside)

    def _say(self, name, value):
        if name != "csrfmiddlewaretoken":
            self.said.setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        self.templates -= tag == "template"
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = None
