import unicodedata

from django.core.management.base import BaseCommand
from django.utils import translation

from assessments.demo.people import LOGINS
from assessments.demo.places import CITY, counties
from personnel.models import User

HEAD = ("用户名 User name", "密码 Password", "角色 Role", "单位 Place")


class Command(BaseCommand):
    help = "Print the demo's user names and passwords."

    def handle(self, *args, **options):
        there = set(User.objects.filter(username__in=[login.username for login in LOGINS]).values_list("username"))
        rows = [HEAD, *(_row(login) for login in LOGINS if (login.username,) in there)]
        widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _row(login) -> tuple[str, str, str, str]:
    roles = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            roles.append(str(login.role.label))
    return login.username, login.password, " ".join(dict.fromkeys(roles)), _places().get(login.place, "")


def _places() -> dict[str, str]:
    named = [CITY, *({"code": c.code, "name": c.name, "name_en": c.name_en} for c in counties())]
    named += [{"code": p.code, "name": p.name, "name_en": p.name_en} for c in counties() for p in c.places]
    return {place["code"]: f"{place['name']} {place['name_en']}" for place in named}


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
