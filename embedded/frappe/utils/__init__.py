"""`from frappe.utils import …`: everything of the modules behind it."""

from frappe.database.sqlite import CallbackManager
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import clean_html
from frappe.utils.user import get_fullname
