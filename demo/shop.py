"""What Le Hangar shows on its website: plans and rooms with words and prices, and a member who may log in."""

import base64

import frappe
from frappe.utils.password import update_password

from embedded.host.site import ADMIN_PASSWORD

from .bookings import DESK, ROOM
from .company import COMPANY, CUSTOMER_GROUP, PRICE_LIST, TRANSFER, ensure

PASSWORD = ADMIN_PASSWORD  # one for everybody, as the server says when it starts
MEMBER = "Théo Caron"
# Plan: its group, its weight, how many at once, and what it says for itself.
PLANS = {
    "Nomad": (
        "Memberships",
        30,
        3,
        "Come when you like: a seat in the open space, ten hours in the meeting room each month, coffee, printer and the terrace.",
    ),
    "Discovery": (
        "Memberships",
        20,
        1,
        "Two weeks to find out whether you work well here. Stay, or leave before they are over.",
    ),
    "Ticket Book": ("Memberships", 10, 4, "Five half-days each week, to be used by you or your guests."),
    "Resident": ("Desks and offices", 30, 4, "A desk of your own by the window, with a locker."),
    "Office": ("Desks and offices", 20, 1, "A closed office for up to six people. We set it up for you."),
    "Business Address": (
        "Desks and offices",
        10,
        1,
        "Your company at our address: we take your mail in and send it on.",
    ),
}
# Item: its weight, its text, and what its units cost without VAT.
PLACES = {
    ROOM: (
        20,
        "Eight seats, a screen, a whiteboard and a door that closes.",
        {"Hour": 10, "Half-day": 35, "Day": 60},
    ),
    DESK: (
        10,
        "A seat in the open space, for an hour or a day.",
        {"Hour": 5, "Half-day": 12, "Day": 20},
    ),
}
TERMS = """<p>Le Hangar is open on weekdays from 9 to 17. Members keep the space as they would like to find it.</p>
<p>Prices are without VAT. Invoices are due as they say. Who cancels keeps access until the last paid day.</p>"""
COLOURS = {"Memberships": ("#1f6f5c", "#e9f2ee"), "Desks and offices": ("#7a4a2b", "#f5ece4")}


def build() -> None:
    """Publish what is for sale."""
    for group in COLOURS:
        ensure("Item Group", group, item_group_name=group, parent_item_group="All Item Groups")
        frappe.db.set_value("Item Group", group, "image", _picture(*COLOURS[group]))
    terms = ensure("Terms and Conditions", "House Rules", title="House Rules", selling=1, terms=TERMS)
    for name, (group, weight, most, text) in PLANS.items():
        plan = frappe.get_doc("SP Subscription Plan", name)
        plan.update(
            {
                "published": 1,
                "item_group": group,
                "website_weight": weight,
                "max_quantity": most,
                "description": f"<p>{text}</p>",
                "tc_name": terms.name,
            }
        )
        plan.save()
    for name, (weight, text, units) in PLACES.items():
        _prices(name, units)
        item = frappe.get_doc("Item", name)
        item.update({"sp_published": 1, "sp_website_weight": weight, "sp_website_text": f"<p>{text}</p>"})
        item.save()
    settings = frappe.get_doc("SP Settings")
    settings.update(
        {
            "website_company": COMPANY,
            "website_price_list": PRICE_LIST,
            "website_customer_group": CUSTOMER_GROUP,
            "transfer_mode_of_payment": TRANSFER,
            "transfer_instructions": "Le Hangar, IBAN FR76 3000 4000 0312 3456 7890 143, BIC BNPAFRPP.",
        }
    )
    settings.save()


def _prices(item: str, units: dict[str, float]) -> None:
    for uom, rate in units.items():
        values = {"item_code": item, "price_list": PRICE_LIST, "uom": uom, "valid_from": "2023-01-01"}
        frappe.get_doc({"doctype": "Item Price", **values, "price_list_rate": rate}).insert()


def _picture(dark: str, light: str) -> str:
    """A plain sign: the demo brings no pictures of other people's."""
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44"><rect width="44" height="44" fill="{light}"/>
<path d="M8 30V20l14-9 14 9v10" fill="none" stroke="{dark}" stroke-width="3"/><path d="M17 34v-8h10v8" fill="none" stroke="{dark}" stroke-width="3"/></svg>"""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def let_in() -> str:
    """A member may log in to the website; the address."""
    email = frappe.db.get_value("Contact", {"first_name": MEMBER}, "email_id")
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": MEMBER.split()[0],
            "last_name": MEMBER.split()[1],
            "send_welcome_email": 0,
            "user_type": "Website User",
        }
    )
    user.append_roles("Customer")
    user.insert()
    update_password(user.name, PASSWORD)
    customer = frappe.get_doc("Customer", MEMBER)
    customer.append("portal_users", {"user": user.name})
    customer.save()
    return user.name
