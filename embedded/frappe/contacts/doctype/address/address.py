"""Where somebody lives or wants bills sent."""

import frappe
from frappe.contacts.linked import linked_to
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Address(Document):
    def autoname(self) -> None:
        title = self.address_title or (self.links[0].link_name if self.links else None)
        if not title:
            frappe.throw(frappe._("Address Title is mandatory."))
        self.address_title = title
        self.name = append_number_if_name_exists("Address", f"{title.strip()}-{self.address_type}")


def get_default_address(doctype: str, name: str | None, sort_key: str = "is_primary_address") -> str | None:
    return linked_to("Address", doctype, name, sort_key)


def get_address_display(address) -> str | None:
    """The address as lines of HTML."""
    if not address:
        return None
    values = frappe.get_cached_doc("Address", address) if isinstance(address, str) else address
    fields = ("address_line1", "address_line2", "city", "state", "pincode", "country")
    return "".join(
        f"{frappe.utils.escape_html(values.get(each))}<br>\n" for each in fields if values.get(each)
    )
