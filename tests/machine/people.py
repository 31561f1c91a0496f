"""Who may do what where, and what becomes of those whose account changes."""

from .paper import AGAIN, BELOW, MAY_NOT, STRANGER, Person, Sheet, refuse_if


def require(who: Person, *roles: str) -> None:
    refuse_if(not who.is_in, STRANGER)
    refuse_if(who.role not in roles, MAY_NOT)


def of_station(who: Person, sheet: Sheet) -> bool:
    return who.place == sheet.station


def oversees(who: Person, sheet: Sheet) -> bool:
    return sheet.bureau in BELOW.get(who.place, ())


def change_account(who: Person, whom: Person, role: str, place: str, is_active: bool) -> tuple:
    """Whatever an account began its session with has to hold: else that session is over."""
    require(who, "secadmin")
    refuse_if(not who.is_fresh, AGAIN)
    refuse_if(who is whom, MAY_NOT)
    if (role, place, is_active) == (whom.role, whom.place, whom.is_active):
        return ()
    whom.role, whom.place, whom.is_active, whom.is_in = role, place, is_active, False
    return ("account.change",)


def move_station(who: Person, stations: dict[str, str], station: str, bureau: str) -> tuple:
    """Assessments stay with the bureau of the day their period was opened."""
    require(who, "sysadmin")
    if stations[station] == bureau:
        return ()
    stations[station] = bureau
    return ("station.change",)
