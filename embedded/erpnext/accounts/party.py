"""What a customer brings to a document: contact, address, accounts, price list, currency, terms, taxes."""

from typing import Any

import frappe
from frappe import _
from frappe.dicts import _dict
from frappe.utils import add_days, add_months, cint, formatdate, get_last_day, getdate


class PartyDisabled(frappe.ValidationError):
    pass


class PartyFrozen(frappe.ValidationError):
    pass


class InvalidAccountCurrency(frappe.ValidationError):
    pass


CONTACT_FIELDS = {
    "contact_person": "name",
    "contact_display": "full_name",
    "contact_email": "email_id",
    "contact_mobile": "mobile_no",
}


@frappe.whitelist()
def get_party_details(
    party: str | None = None,
    account: str | None = None,
    party_type: str = "Customer",
    company: str | None = None,
    posting_date=None,
    bill_date=None,
    price_list: str | None = None,
    currency: str | None = None,
    doctype: str | None = None,
    ignore_permissions: bool = False,
    fetch_payment_terms_template: bool = True,
    party_address: str | None = None,
    company_address: str | None = None,
    shipping_address: str | None = None,
) -> _dict:
    """The fields of a document that follow from its customer."""
    if not party:
        return _dict()
    if party_type != "Customer":
        raise ValueError(f"{party_type}: only customers are known here")
    if not frappe.db.exists("Customer", party):
        frappe.throw(_("{0}: {1} does not exists").format(party_type, party))
    customer = frappe.get_cached_doc("Customer", party)
    if not ignore_permissions:
        frappe.has_permission("Customer", "read", customer, throw=True)
    details = _dict(customer=party)
    if doctype == "Sales Invoice":
        details.debit_to = get_party_account("Customer", party, company)
        details.due_date = get_due_date(posting_date, "Customer", party, company)
    for field in ("customer_name", "customer_group", "territory", "language"):
        details[field] = customer.get(field)
    details.update(_address_details(party, party_address, shipping_address))
    details.update(_contact_details(party))
    details.currency = (
        customer.default_currency
        or currency
        or frappe.get_cached_value("Company", company, "default_currency")
    )
    details.selling_price_list = _price_list(customer) or price_list
    if details.selling_price_list:
        details.price_list_currency = frappe.get_cached_value(
            "Price List", details.selling_price_list, "currency"
        )
    details.tax_category = customer.tax_category or ""
    template = set_taxes(
        party,
        "Customer",
        posting_date,
        company,
        customer_group=customer.customer_group,
        tax_category=details.tax_category,
    )
    if template:
        details.taxes_and_charges = template
    if cint(fetch_payment_terms_template):
        details.payment_terms_template = get_payment_terms_template(party, "Customer", company)
    return details


_get_party_details = get_party_details


def _price_list(customer: Any) -> str | None:
    return customer.default_price_list or frappe.get_cached_value(
        "Customer Group", customer.customer_group, "default_price_list"
    )


def _linked(doctype: str, party_type: str, party: str, primary: str) -> str | None:
    """The name of the party's contact or address, the primary one first."""
    links = {"parenttype": doctype, "link_doctype": party_type, "link_name": party}
    names = frappe.get_all("Dynamic Link", filters=links, pluck="parent", order_by="creation")
    if len(names) > 1:
        names = frappe.get_all(
            doctype,
            filters={"name": ("in", names)},
            pluck="name",
            order_by=f"{primary} desc, creation",
            limit=1,
        )
    return names[0] if names else None


def get_default_contact(party_type: str, party: str) -> str | None:
    return _linked("Contact", party_type, party, "is_primary_contact")


def get_default_address(party_type: str, party: str) -> str | None:
    return _linked("Address", party_type, party, "is_primary_address")


def _contact_details(party: str) -> dict[str, Any]:
    contact = get_default_contact("Customer", party)
    if not contact:
        return dict.fromkeys(CONTACT_FIELDS)
    row = frappe.db.get_value("Contact", contact, list(CONTACT_FIELDS.values()), as_dict=True)
    return {field: row[source] for field, source in CONTACT_FIELDS.items()}


def _address_details(party: str, address: str | None, shipping_address: str | None) -> dict[str, Any]:
    address = address or get_default_address("Customer", party)
    if not address:
        return {"customer_address": None, "shipping_address_name": shipping_address}
    return {
        "customer_address": address,
        "address_display": render_address(address),
        "shipping_address_name": shipping_address or address,
    }


def render_address(address: str) -> str:
    """An address as lines of HTML."""
    fields = ["address_line1", "address_line2", "pincode", "city", "state", "country"]
    row = frappe.db.get_value("Address", address, fields, as_dict=True)
    lines = [
        row.address_line1,
        row.address_line2,
        " ".join(filter(None, (row.pincode, row.city))),
        row.state,
        row.country,
    ]
    return "<br>\n".join(frappe.utils.escape_html(line) for line in lines if line)


@frappe.whitelist()
def get_party_account(
    party_type: str, party: str | None = None, company: str | None = None, include_advance: bool = False
):
    """The receivable account: the customer's own, their group's, the company's; with the one for advances as a list."""
    if not company:
        frappe.throw(_("Please select a Company"))
    account = _account_of_party(party, company, "account") or frappe.get_cached_value(
        "Company", company, "default_receivable_account"
    )
    if not include_advance:
        return account
    advance = _account_of_party(party, company, "advance_account") or frappe.get_cached_value(
        "Company", company, "default_advance_received_account"
    )
    return [account, advance] if advance else [account]


def _account_of_party(party: str | None, company: str, field: str) -> str | None:
    if not party:
        return None
    group = frappe.get_cached_value("Customer", party, "customer_group")
    for parenttype, parent in (("Customer", party), ("Customer Group", group)):
        found = frappe.db.get_value(
            "Party Account", {"parenttype": parenttype, "parent": parent, "company": company}, field
        )
        if found:
            return found
    return None


def get_party_account_currency(party_type: str, party: str, company: str) -> str | None:
    from erpnext.accounts.utils import get_account_currency

    return get_account_currency(get_party_account(party_type, party, company))


def get_party_bank_account(party_type: str, party: str) -> None:
    """Bank accounts of customers are not kept here."""
    return None


@frappe.whitelist()
def get_due_date(
    posting_date,
    party_type: str,
    party: str,
    company: str | None = None,
    bill_date=None,
    template_name: str | None = None,
):
    """The last day that the payment terms leave, the posting date itself where there are none."""
    if not posting_date or not party:
        return None
    template_name = template_name or get_payment_terms_template(party, party_type, company)
    if not template_name:
        return posting_date
    return get_due_date_from_template(template_name, posting_date, bill_date).strftime("%Y-%m-%d")


def get_due_date_from_template(template_name: str, posting_date, bill_date=None):
    due = getdate(bill_date or posting_date)
    for term in frappe.get_cached_doc("Payment Terms Template", template_name).terms:
        if term.due_date_based_on == "Day(s) after invoice date":
            due = max(due, getdate(add_days(due, cint(term.credit_days))))
        elif term.due_date_based_on == "Day(s) after the end of the invoice month":
            due = max(due, getdate(add_days(get_last_day(due), cint(term.credit_days))))
        else:
            due = max(due, getdate(get_last_day(add_months(due, cint(term.credit_months)))))
    return due


def validate_due_date(posting_date, due_date, template_name: str | None = None) -> None:
    if getdate(due_date) < getdate(posting_date):
        frappe.throw(_("Due Date cannot be before Posting / Supplier Invoice Date"))
    if not template_name:
        return
    latest = get_due_date_from_template(template_name, posting_date)
    if latest != getdate(posting_date) and getdate(due_date) > latest:
        controller = frappe.db.get_single_value("Accounts Settings", "credit_controller")
        if controller not in frappe.get_roles():
            frappe.throw(_("Due / Reference Date cannot be after {0}").format(formatdate(latest)))


@frappe.whitelist()
def get_payment_terms_template(party_name: str, party_type: str, company: str | None = None) -> str | None:
    """The customer's payment terms, their group's, the company's."""
    terms, group = frappe.get_cached_value("Customer", party_name, ["payment_terms", "customer_group"])
    return (
        terms
        or (group and frappe.get_cached_value("Customer Group", group, "payment_terms"))
        or (company and frappe.get_cached_value("Company", company, "payment_terms"))
    )


@frappe.whitelist()
def set_taxes(
    party: str,
    party_type: str,
    posting_date,
    company: str,
    customer_group: str | None = None,
    supplier_group: str | None = None,
    tax_category: str | None = None,
    billing_address: str | None = None,
    shipping_address: str | None = None,
    use_for_shopping_cart=None,
) -> str | None:
    """The name of the template that the tax rules choose for a customer."""
    from erpnext.accounts.doctype.tax_rule.tax_rule import get_tax_template

    keys = {"customer": party, "company": company, "tax_type": "Sales"}
    if customer_group:
        keys["customer_group"] = customer_group
    if tax_category:
        keys["tax_category"] = tax_category
    return get_tax_template(posting_date, keys)


def validate_party_frozen_disabled(party_type: str, party_name: str | None) -> None:
    if not party_name:
        return
    frozen, disabled = frappe.get_cached_value(party_type, party_name, ["is_frozen", "disabled"])
    if disabled:
        frappe.throw(_("{0} {1} is disabled").format(party_type, party_name), PartyDisabled)
    if frozen:
        role = frappe.db.get_single_value("Accounts Settings", "frozen_accounts_modifier")
        if role not in frappe.get_roles():
            frappe.throw(_("{0} {1} is frozen").format(party_type, party_name), PartyFrozen)
