"""How crispy renders the forms of this product: fields only, the page brings the form element."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout


def fields(*parts) -> FormHelper:
    """A helper with these parts of a layout; without any, all fields one below the other."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if parts:
        helper.layout = Layout(*parts)
    return helper
