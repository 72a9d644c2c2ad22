"""Builders of the ERPNext records that tests stand on: company, years, items, customers, orders, payments.

`ensure()` makes the shared masters once per site and is cheap afterwards. Every `make_…` builder returns a new
document with a name of its own, so tests stay independent of each other and may leave their documents behind.
Wherever a builder takes a customer, an item or a template it accepts the document or its name.
"""

import datetime
import uuid
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

COMPANY = "SP Test Company"
ABBR = "SPT"
CURRENCY = "EUR"
COUNTRY = "France"
PRICE_LIST = "SP Test Selling"
CUSTOMER_GROUP = "SP Test Customers"
TERRITORY = "SP Test Territory"
ITEM_GROUP = "SP Test Services"
BANK_ACCOUNT = f"SP Bank - {ABBR}"
CASH_ACCOUNT = f"Cash - {ABBR}"
COST_CENTER = f"Main - {ABBR}"
MODES_OF_PAYMENT = {"Cash": "Cash", "Bank Draft": "Bank", "Wire Transfer": "Bank"}
UOMS = ("Unit", "Nos", "Hour", "Day", "Week", "Month", "Quarter", "Year")
FISCAL_YEARS = range(2019, 2041)


def ensure() -> None:
    """Make the shared masters where they are missing, and commit them: no test's rollback takes them away."""
    if frappe.db.get_value("Mode of Payment Account", {"parent": "Wire Transfer", "company": COMPANY}):
        return
    _ensure_trees()
    for uom in UOMS:
        _ensure("UOM", uom, uom_name=uom)
    _ensure("Warehouse Type", "Transit")
    _ensure_company()
    for year in FISCAL_YEARS:
        _ensure_fiscal_year(year)
    _ensure("Price List", PRICE_LIST, price_list_name=PRICE_LIST, currency=CURRENCY, selling=1, enabled=1)
    for mode, kind in MODES_OF_PAYMENT.items():
        _ensure_mode_of_payment(mode, kind)
    _ensure_outgoing_mail()
    frappe.db.commit()


def ensure_address_template() -> None:
    """The way addresses are written: a bench's set-up wizard makes it, and without it no address can be saved."""
    doctype = "Address Template"
    if frappe.db.exists("DocType", doctype) and not frappe.db.exists(doctype, {"is_default": 1}):
        values = {"country": COUNTRY, "is_default": 1, "template": "{{ address_line1 }}<br>{{ city }}"}
        frappe.get_doc({"doctype": doctype, **values}).insert()
        frappe.db.commit()


def day_without_fiscal_year() -> datetime.date:
    """The day after the last fiscal year this site knows: other apps' tests may have made some."""
    last = frappe.get_all("Fiscal Year", fields=["year_end_date"], order_by="year_end_date desc", limit=1)
    return getdate(last[0].year_end_date) + datetime.timedelta(days=1)


def unique(label: str) -> str:
    """A name nobody has yet, readable in a list: "Customer 3fa9c01b"."""
    return f"{label} {uuid.uuid4().hex[:8]}"


def make_customer(name: str | None = None, **values: Any) -> Document:
    """A company customer without contact, address or currency of its own."""
    return _insert(
        "Customer",
        {
            "customer_name": name or unique("SP Customer"),
            "customer_type": "Company",
            "customer_group": CUSTOMER_GROUP,
            "territory": TERRITORY,
        },
        values,
    )


def make_item(code: str | None = None, **values: Any) -> Document:
    """A service: sold, not stocked, counted in `Unit`s unless told."""
    code = code or unique("SP Item")
    return _insert(
        "Item",
        {
            "item_code": code,
            "item_name": code,
            "item_group": ITEM_GROUP,
            "stock_uom": "Unit",
            "is_stock_item": 0,
            "include_item_in_manufacturing": 0,
        },
        values,
    )


def make_item_price(item: Document | str, rate: float, **values: Any) -> Document:
    """The price of an item in the test price list, valid since ever unless `valid_from` says otherwise."""
    return _insert(
        "Item Price",
        {
            "item_code": _name(item),
            "price_list": PRICE_LIST,
            "price_list_rate": rate,
            "valid_from": "2000-01-01",
        },
        values,
    )


def make_tax_template(rate: float = 20, included: bool = False, **values: Any) -> Document:
    """One VAT row on the net total; `included` means that prices contain it (`rate` is a percentage)."""
    row = {
        "charge_type": "On Net Total",
        "account_head": make_tax_account(rate),
        "description": f"VAT {rate:g}%",
        "rate": rate,
        "included_in_print_rate": int(included),
        "cost_center": COST_CENTER,
    }
    title = unique(f"SP VAT {rate:g}%")
    return _insert(
        "Sales Taxes and Charges Template", {"title": title, "company": COMPANY, "taxes": [row]}, values
    )


def make_tax_account(rate: float = 20) -> str:
    """The name of the company's VAT account for a rate, made if missing."""
    name = f"SP VAT {rate:g} - {ABBR}"
    return _ensure(
        "Account",
        name,
        account_name=f"SP VAT {rate:g}",
        parent_account=f"Duties and Taxes - {ABBR}",
        company=COMPANY,
        account_type="Tax",
        tax_rate=rate,
    )


def make_sales_order(
    customer: Document | str | None = None,
    items: list[dict[str, Any]] | None = None,
    date: Any = None,
    submit: bool = True,
    **values: Any,
) -> Document:
    """A sales order on `date` (default: today); without items, one unit of a new item at 100."""
    date = getdate(date or nowdate())
    header = {"transaction_date": date, "delivery_date": date, "order_type": "Sales"}
    return _make_selling_document("Sales Order", customer, items, submit, header, values)


def make_sales_invoice(
    customer: Document | str | None = None,
    items: list[dict[str, Any]] | None = None,
    date: Any = None,
    submit: bool = True,
    **values: Any,
) -> Document:
    """An invoice of its own (no order), posted on `date`; without items, one unit of a new item at 100."""
    header = {"posting_date": getdate(date or nowdate()), "set_posting_time": 1}
    return _make_selling_document("Sales Invoice", customer, items, submit, header, values)


def make_quotation(
    customer: Document | str | None = None,
    items: list[dict[str, Any]] | None = None,
    date: Any = None,
    submit: bool = True,
    **values: Any,
) -> Document:
    """A quotation to a customer; without items, one unit of a new item at 100."""
    header = {
        "transaction_date": getdate(date or nowdate()),
        "quotation_to": "Customer",
        "party_name": _name(customer or make_customer()),
        "order_type": "Sales",
    }
    return _make_selling_document("Quotation", None, items, submit, header, values)


def invoice_order(order: Document, date: Any = None, submit: bool = True, **values: Any) -> Document:
    """The invoice that ERPNext makes of an order, posted on `date` (default: the order's date)."""
    from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice as of_order

    invoice = of_order(order.name)
    invoice.set_posting_time = 1
    invoice.posting_date = getdate(date or order.transaction_date)
    invoice.due_date = None
    invoice.payment_schedule = []
    invoice.update(values)
    invoice.insert()
    if submit:
        invoice.submit()
    return invoice


def request_payment(document: Document, submit: bool = True, **arguments: Any) -> Document:
    """ERPNext's Payment Request for an order or an invoice, without an e-mail."""
    from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request

    request = make_payment_request(
        **{
            "dt": document.doctype,
            "dn": document.name,
            "recipient_id": "payer@example.com",
            "mute_email": 1,
            "return_doc": True,
            **arguments,
        }
    )
    request.flags.mute_email = True
    if request.is_new():  # "Create in Draft Status" of Accounts Settings has inserted it already
        request.insert()
    if submit:
        request.submit()
    return request


def pay(document: Document, amount: float | None = None, date: Any = None, **values: Any) -> Document:
    """A submitted Payment Entry for an order or an invoice, into the bank; `amount` None pays all that is open."""
    from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

    date = getdate(date or nowdate())
    payment = get_payment_entry(
        document.doctype, document.name, party_amount=amount, bank_account=BANK_ACCOUNT, reference_date=date
    )
    payment.update(
        {"posting_date": date, "reference_no": unique("Transfer"), "reference_date": date, **values}
    )
    payment.insert()
    payment.submit()
    return payment


def _make_selling_document(
    doctype: str,
    customer: Document | str | None,
    items: list[dict[str, Any]] | None,
    submit: bool,
    header: dict[str, Any],
    values: dict[str, Any],
) -> Document:
    rows = [{"item_code": make_item().name, "qty": 1, "rate": 100}] if items is None else items
    common = {
        "company": COMPANY,
        "currency": CURRENCY,
        "conversion_rate": 1,
        "selling_price_list": PRICE_LIST,
        "price_list_currency": CURRENCY,
        "plc_conversion_rate": 1,
    }
    if doctype != "Quotation":
        common["customer"] = _name(customer or make_customer())
    document = frappe.get_doc({"doctype": doctype, **common, **header, **values})
    for row in rows:
        document.append("items", {**row, "item_code": _name(row["item_code"])})
    if document.taxes_and_charges and not document.taxes:
        document.extend("taxes", _rows_of_tax_template(document.taxes_and_charges))
    document.insert()
    if submit:
        document.submit()
    return document


def _rows_of_tax_template(template: str) -> list[dict[str, Any]]:
    """ERPNext leaves it to the form to copy a template's rows; a document made by code brings them along."""
    from erpnext.controllers.accounts_controller import get_taxes_and_charges

    return get_taxes_and_charges("Sales Taxes and Charges Template", template)


def _ensure_trees() -> None:
    """The four trees that customers and items hang in: a root where the site has none, and a leaf for tests."""
    for doctype, root, leaf in (
        ("Customer Group", "All Customer Groups", CUSTOMER_GROUP),
        ("Territory", "All Territories", TERRITORY),
        ("Item Group", "All Item Groups", ITEM_GROUP),
    ):
        field = frappe.scrub(doctype)
        # Territory's and the groups' name fields all follow the same pattern: <doctype>_name
        _ensure(doctype, root, **{f"{field}_name": root, "is_group": 1})
        _ensure(doctype, leaf, **{f"{field}_name": leaf, "is_group": 0, f"parent_{field}": root})


def _ensure_company() -> None:
    _ensure(
        "Company",
        COMPANY,
        company_name=COMPANY,
        abbr=ABBR,
        default_currency=CURRENCY,
        country=COUNTRY,
        chart_of_accounts="Standard",
        create_chart_of_accounts_based_on="Standard Template",
    )
    _ensure(
        "Account",
        BANK_ACCOUNT,
        account_name="SP Bank",
        parent_account=f"Bank Accounts - {ABBR}",
        company=COMPANY,
        account_type="Bank",
    )
    frappe.db.set_value("Company", COMPANY, "default_bank_account", BANK_ACCOUNT)


def _ensure_fiscal_year(year: int) -> None:
    start, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if not frappe.db.exists("Fiscal Year", {"year_start_date": start, "year_end_date": end}):
        _insert("Fiscal Year", {"year": f"SP {year}", "year_start_date": start, "year_end_date": end}, {})


def _ensure_mode_of_payment(mode: str, kind: str) -> None:
    _ensure("Mode of Payment", mode, mode_of_payment=mode, type=kind, enabled=1)
    document = frappe.get_doc("Mode of Payment", mode)
    if not any(row.company == COMPANY for row in document.accounts):
        account = CASH_ACCOUNT if kind == "Cash" else BANK_ACCOUNT
        document.append("accounts", {"company": COMPANY, "default_account": account})
        document.save(ignore_permissions=True)


def _ensure_outgoing_mail() -> None:
    """Frappe queues no mail where no account would send it. Nothing is sent: no server has such a name, which Frappe
    does not look up when the account is saved, as it would "localhost"."""
    if not frappe.db.exists("Email Account", {"default_outgoing": 1, "enable_outgoing": 1}):
        _ensure(
            "Email Account",
            "SP Test Outbox",
            email_account_name="SP Test Outbox",
            email_id="outbox@example.com",
            enable_outgoing=1,
            default_outgoing=1,
            no_smtp_authentication=1,
            smtp_server="outbox.invalid",
        )


def _ensure(doctype: str, name: str, **values: Any) -> str:
    if not frappe.db.exists(doctype, name):
        document = frappe.get_doc({"doctype": doctype, "name": name, **values})
        # roots of trees have no parent, though the field is mandatory for everything below them
        document.flags.ignore_mandatory = True
        document.insert(ignore_permissions=True)
    return name


def _insert(doctype: str, defaults: dict[str, Any], values: dict[str, Any]) -> Document:
    document = frappe.get_doc({"doctype": doctype, **defaults, **values})
    document.insert(ignore_permissions=True)
    return document


def _name(record: Document | str) -> str:
    return record if isinstance(record, str) else record.name
