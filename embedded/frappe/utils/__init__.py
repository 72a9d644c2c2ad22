"""`from frappe.utils import …`: everything of the modules behind it."""

from frappe.database.sqlite import CallbackManager  # noqa: F401
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import clean_html  # noqa: F401
from frappe.utils.user import get_fullname  # noqa: F401
