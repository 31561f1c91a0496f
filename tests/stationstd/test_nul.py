"""A NUL in an address or a field is refused before any view sees it."""

import pytest

from personnel.roles import Role


@pytest.mark.parametrize(
    "address", ["/stations/%00/", "/stations/?q=%00", "/organisation/?bureau=a%00b", "/login/?next=%00"]
)
def test_an_address_with_a_nul_is_a_bad_request(client, person, address):
    client.force_login(person(Role.REVIEWER))
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_field_with_a_nul_is_a_bad_request(client, person):
    client.force_login(person(Role.SECADMIN))
    answer = client.post("/accounts/new/", {"username": "a\0b", "name": "某人", "role": "auditor"})
    assert answer.status_code == 400
