"""What a request may say when it extends a due time."""

from uuid import UUID

from .saving import read_op_id
from .verifying import DAYS_TO_CORRECT, DueForm, end_of_day


class ExtendForm(DueForm):
    """Until when one station may fill in, and why. That it is later than the present time is judged in the act."""

    def __init__(self, assessment, data=None):
        initial = {"due_at": end_of_day(DAYS_TO_CORRECT, after=assessment.due_at)}
        super().__init__(data, initial=initial, auto_id="extend-%s")

    @property
    def op_id(self) -> UUID | None:
        return read_op_id(self.data)
