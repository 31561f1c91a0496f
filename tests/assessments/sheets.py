"""What the tests of the station's pages share: requests as the page's script sends them."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

HTMX = {"HX-Request": "true"}


def save(client, assessment, metric, value, *, version, op_id=None, **more):
    """POST one answer as fill.js does; `None` leaves a field out."""
    said = {"metric": metric, "value": value, "version": version, "op_id": op_id or uuid4()} | more
    said = {name: text for name, text in said.items() if text is not None}
    return client.post(reverse("assessments:save", args=[assessment.pk]), said, headers=HTMX)


def page(assessment, dimension="staffing"):
    return reverse("assessments:fill", args=[assessment.pk, dimension])


def text_of(response) -> str:
    return response.content.decode()


class Counted(CaptureQueriesContext):
    """The statements a request made on the product's own tables, besides who is asking and the transaction itself."""

    def __init__(self):
        super().__init__(connection)

    @property
    def own(self) -> list[str]:
        asking = ("django_session", 'FROM "personnel_user"', "SAVEPOINT", "BEGIN", "COMMIT")
        return [query["sql"] for query in self.captured_queries if not any(word in query["sql"] for word in asking)]
