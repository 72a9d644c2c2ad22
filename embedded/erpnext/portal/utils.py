"""What happens when a website user logs in: one with the portal's default role Customer gets a customer and a contact."""

import frappe


def create_customer_or_supplier() -> None:
    """A customer without a name for a website user whose contact names none; suppliers are not here."""
    user = frappe.session.user
    if frappe.db.get_value("User", user, "user_type") != "Website User" or party_exists("Customer", user):
        return
    if frappe.db.get_single_value("Portal Settings", "default_role") != "Customer":
        return
    if "Customer" not in frappe.get_roles():
        return
    party = frappe.new_doc("Customer")
    party.flags.ignore_mandatory = True
    party.insert(ignore_permissions=True)
    create_party_contact("Customer", frappe.utils.get_fullname(user), user, party.name)


def create_party_contact(doctype: str, fullname: str, user: str, party_name: str) -> None:
    contact = frappe.new_doc("Contact")
    contact.update({"first_name": fullname, "email_id": user})
    contact.append("links", {"link_doctype": doctype, "link_name": party_name})
    contact.append("email_ids", {"email_id": user, "is_primary": 1})
    contact.flags.ignore_mandatory = True
    contact.insert(ignore_permissions=True)


def party_exists(doctype: str, user: str) -> bool:
    """Whether the user's newest contact names one."""
    contact = frappe.db.get_value("Contact", {"email_id": user})
    named = {"parenttype": "Contact", "parent": contact, "link_doctype": doctype}
    return bool(contact and frappe.db.exists("Dynamic Link", named))
