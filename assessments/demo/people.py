"""The demo's accounts. Fourteen have a password, printed by `manage.py demo_logins` and in both READMEs."""

from typing import NamedTuple

from personnel.models import User
from personnel.roles import STATION_ROLES, Role
from stations.models import Bureau, Station

from .places import CITY


class Login(NamedTuple):
    """`place` is the code of a station or bureau, "" for administrators of the whole installation."""

    username: str
    password: str
    name: str
    role: Role
    place: str


LOGINS = (
    Login("chengguan.chief", "maple-harbor-21", "王志强", Role.CHIEF, "JS01"),
    Login("chengguan.clerk", "willow-bridge-32", "李敏", Role.CLERK, "JS01"),
    Login("beishe.chief", "copper-lantern-43", "赵国华", Role.CHIEF, "JS02"),
    Login("beishe.clerk", "silver-meadow-54", "孙丽", Role.CLERK, "JS02"),
    Login("gucheng.chief", "spruce-anchor-57", "高建军", Role.CHIEF, "JS03"),
    Login("hekou.chief", "marble-lagoon-68", "马德福", Role.CHIEF, "JS04"),
    Login("jiusuo.reviewer", "amber-orchard-65", "周文涛", Role.REVIEWER, "JS"),
    Login("keyou.reviewer", "prairie-saddle-76", "包乌兰", Role.REVIEWER, "KY"),
    Login("songtao.reviewer", "bamboo-terrace-87", "杨晓梅", Role.REVIEWER, "ST"),
    Login("city.reviewer", "harvest-beacon-46", "何静", Role.REVIEWER, CITY["code"]),
    Login("city.leader", "granite-summit-98", "陈立新", Role.LEADER, CITY["code"]),
    Login("system.admin", "walnut-compass-19", "郑海", Role.SYSADMIN, CITY["code"]),
    Login("security.admin", "cedar-padlock-28", "吴静", Role.SECADMIN, ""),
    Login("audit.admin", "indigo-ledger-37", "冯远", Role.AUDITOR, ""),
)


def create(stations: dict[str, Station], bureaus: dict[str, Bureau]) -> None:
    """The accounts that log in, and a chief without a password for every other station."""
    for login in LOGINS:
        station = stations.get(login.place) if login.role in STATION_ROLES else None
        User.objects.create_user(
            login.username,
            login.password,
            name=login.name,
            role=login.role,
            station=station,
            bureau=None if station else bureaus.get(login.place),
        )
    led = {login.place for login in LOGINS if login.role == Role.CHIEF}
    others = [_chief(station) for code, station in stations.items() if code not in led]
    User.objects.bulk_create(others)


def _chief(station: Station) -> User:
    """Stands for whoever submits there; the security administrator can give it a password."""
    chief = User(
        username=f"{station.code.lower()}.chief",
        name=f"{station.name.removesuffix('派出所')}所所长",
        role=Role.CHIEF,
        station=station,
    )
    chief.set_unusable_password()
    return chief


def chiefs() -> dict[int, User]:
    """{station: its chief}, with the station at hand."""
    people = User.objects.filter(role=Role.CHIEF).select_related("station__bureau")
    return {chief.station_id: chief for chief in people}


def reviewers() -> dict[int, User]:
    """{bureau: its reviewer}; that of the city answers objections to what those of the counties verified."""
    people = User.objects.filter(role=Role.REVIEWER).select_related("bureau")
    return {reviewer.bureau_id: reviewer for reviewer in people}
