"""Form controls that every part of the product uses."""

from django import forms


class DayInput(forms.DateInput):
    """A day in the browser's own control, which takes and shows ISO days."""

    def __init__(self, attrs: dict | None = None):
        # Without an end the year takes six digits from the keyboard.
        super().__init__({"type": "date", "max": "9999-12-31"} | (attrs or {}), format="%Y-%m-%d")
