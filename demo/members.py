"""Who Le Hangar's members are: what they take from which day, how it is agreed, and how they pay."""

import datetime as dt
import unicodedata
from dataclasses import dataclass

import frappe
from erpnext.controllers.accounts_controller import get_taxes_and_charges
from frappe.model.document import Document
from frappe.utils import getdate

from .company import COMPANY, CURRENCY, CUSTOMER_GROUP, PRICE_LIST, TAX_TEMPLATE, TERRITORY, TRANSFER
from .offers import RECURRING_ITEMS


@dataclass(frozen=True)
class Habit:
    """How a member pays: so many days after the document (None: never), in one go or in two parts."""

    days: int | None = 0
    parts: bool = False


ON_THE_DAY = Habit(0)
IN_TWO_PARTS = Habit(2, parts=True)
NEVER = Habit(None)
# Charged, or pays on Stripe's page: see payments.py.
BY_STRIPE = Habit(None)


def late(days: int) -> Habit:
    return Habit(days)


@dataclass(frozen=True)
class Member:
    """A member with one agreement. `item`: ordered by Sales Order; else the plan is chosen on the desk."""

    name: str
    plan: str
    start: str
    habit: Habit = ON_THE_DAY
    item: str | None = None
    company: bool = False

    @property
    def first_day(self) -> dt.date:
        return getdate(self.start)


def ordered(name: str, item: str, start: str, habit: Habit = ON_THE_DAY) -> Member:
    return Member(name, RECURRING_ITEMS[item], start, habit, item)


def firm(name: str, plan: str, start: str, habit: Habit = ON_THE_DAY) -> Member:
    return Member(name, plan, start, habit, company=True)


MEMBERS = (
    firm("Atelier Mistral", "Office", "2024-01-02", late(20)),
    ordered("Yann Le Goff", "Membership", "2024-01-03"),
    Member("Lucie Bernard", "Resident", "2024-01-08"),
    firm("Imprimerie Sauvage", "Printing", "2024-01-08", late(20)),
    Member("Karim Haddad", "Resident", "2024-01-15", late(3)),
    Member("Léa Vasseur", "Ticket Book", "2024-01-15"),
    firm("Cabinet Perrault", "Team", "2024-01-31", late(5)),
    Member("Nora Benali", "Nomad", "2024-01-31", late(1)),
    ordered("Inès Moreau", "Dedicated Desk", "2024-02-01"),
    ordered("Les Amis du Vélo", "Association Membership", "2024-02-05", late(8)),
    firm("Coopérative Lumen", "Meeting Room Pass", "2024-02-12", late(4)),
    firm("Studio Garance", "Office", "2024-02-15"),
    Member("Paul Lefèvre", "Resident", "2024-02-20", late(25)),
    Member("Thomas Rey", "Nomad", "2024-02-29"),
    Member("Clara Dupuis", "Discovery", "2024-03-04"),
    firm("Maison Okapi", "Business Address", "2024-03-11", late(14)),
    firm("Les Ateliers du Canal", "Team", "2024-03-15", late(12)),
    Member("Emma Colin", "Nomad", "2024-03-31", late(2)),
    Member("Jules Picard", "Nomad", "2024-04-05", NEVER),
    Member("Chloé Fontaine", "Resident", "2024-04-10", IN_TWO_PARTS),
    Member("Samir Kaci", "Ticket Book", "2024-04-22", late(1)),
    firm("Revue Palimpseste", "Printing", "2024-05-01", late(31)),
    firm("Agence Tramontane", "Team", "2024-05-02"),
    Member("Awa Diallo", "Nomad", "2024-05-15"),
    Member("Mathieu Roux", "Discovery", "2024-05-27", late(3)),
    ordered("Chorale du Port", "Association Membership", "2024-06-03"),
    firm("Bureau Septentrion", "Business Address", "2024-06-10"),
    Member("Hugo Marchand", "Resident", "2024-06-30"),
    firm("Institut Boréal", "Meeting Room Pass", "2024-07-01"),
    Member("Zoé Lambert", "Nomad", "2024-07-31", IN_TWO_PARTS),
    Member("Adrien Faure", "Discovery", "2024-08-19"),
    Member("Manon Gauthier", "Ticket Book", "2024-09-02"),
    Member("Salomé Girard", "Resident", "2024-09-17", late(6)),
    ordered("Rachid Amrani", "Membership", "2024-09-30"),
    firm("Théâtre de Poche", "Printing", "2024-10-01"),
    ordered("Repair Café Nord", "Association Membership", "2024-10-14", late(30)),
    Member("Éloïse Martin", "Discovery", "2024-11-04", late(2)),
    firm("Éditions du Phare", "Meeting Room Pass", "2024-11-18", late(9)),
    firm("Comptoir Austral", "Business Address", "2024-12-02", late(40)),
    Member("Victor Blanchard", "Ticket Book", "2025-01-13"),
    Member("Anouk Delorme", "Nomad", "2025-01-31"),
    firm("Fabrique Nova", "Team", "2025-02-17", late(7)),
    Member("Noé Perrin", "Discovery", "2025-04-22"),
    Member("Margaux Petit", "Discovery", "2024-02-06", BY_STRIPE),
    firm("Coopérative Marée", "Team", "2024-03-06", BY_STRIPE),
    Member("Théo Caron", "Nomad", "2024-04-03", BY_STRIPE),
    Member("Louise Garnier", "Nomad", "2024-05-06", BY_STRIPE),
    Member("Bastien Roy", "Nomad", "2024-06-05", BY_STRIPE),
    Member("Agathe Simon", "Nomad", "2024-07-08", BY_STRIPE),
)
BY_NAME = {member.name: member for member in MEMBERS}


def join(member: Member) -> None:
    """Enter a member as a customer and agree on the subscription, by an order or from the plan."""
    frappe.get_doc(
        {
            "doctype": "Customer",
            "customer_name": member.name,
            "customer_type": "Company" if member.company else "Individual",
            "customer_group": CUSTOMER_GROUP,
            "territory": TERRITORY,
            "default_currency": CURRENCY,
            "default_price_list": PRICE_LIST,
            "sp_mode_of_payment": TRANSFER,
        }
    ).insert()
    _contact(member)
    if member.item:
        _order(member)
    else:
        _subscribe(member)


def _contact(member: Member) -> None:
    words = unicodedata.normalize("NFKD", member.name).encode("ascii", "ignore").decode().lower().split()
    frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": member.name,
            "is_primary_contact": 1,
            "email_ids": [{"email_id": f"{'.'.join(words)}@example.com", "is_primary": 1}],
            "links": [{"link_doctype": "Customer", "link_name": member.name}],
        }
    ).insert()


def _order(member: Member) -> Document:
    order = frappe.get_doc(
        {
            "doctype": "Sales Order",
            "company": COMPANY,
            "customer": member.name,
            "transaction_date": member.first_day,
            "delivery_date": member.first_day,
            "selling_price_list": PRICE_LIST,
            "skip_delivery_note": 1,
            "items": [{"item_code": member.item, "qty": 1}],
            # ERPNext's form copies the template's rows; so does who writes an order by hand.
            "taxes_and_charges": TAX_TEMPLATE,
            "taxes": get_taxes_and_charges("Sales Taxes and Charges Template", TAX_TEMPLATE),
        }
    )
    order.insert()
    order.submit()
    return order


def _subscribe(member: Member) -> Document:
    return frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "company": COMPANY,
            "currency": CURRENCY,
            "customer": member.name,
            "plan": member.plan,
            "start_date": member.first_day,
        }
    ).insert()
