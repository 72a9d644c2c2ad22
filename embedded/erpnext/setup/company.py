"""Company: on its first saving it gets a small chart of accounts, cost centers, warehouses and its defaults."""

import frappe
from erpnext.accounts.utils import get_account_currency
from frappe import _
from frappe.model.document import Document

# account name -> account type, or the accounts below it; names and nesting as in ERPNext's "Standard" chart
CHART = {
    "Application of Funds (Assets)": {
        "root_type": "Asset",
        "Current Assets": {
            "Accounts Receivable": {"Debtors": "Receivable"},
            "Bank Accounts": {"account_type": "Bank"},
            "Cash In Hand": {"account_type": "Cash", "Cash": "Cash"},
            "Tax Assets": {},
        },
        "Temporary Accounts": {"Temporary Opening": "Temporary"},
    },
    "Expenses": {
        "root_type": "Expense",
        "Indirect Expenses": {
            "Round Off": "Round Off",
            "Write Off": "",
            "Exchange Gain/Loss": "",
        },
    },
    "Income": {
        "root_type": "Income",
        "Direct Income": {"Sales": "", "Service": ""},
        "Indirect Income": {},
    },
    "Source of Funds (Liabilities)": {
        "root_type": "Liability",
        "Current Liabilities": {
            "Accounts Payable": {"Creditors": "Payable"},
            "Duties and Taxes": {"account_type": "Tax"},
        },
    },
    "Equity": {"root_type": "Equity", "Capital Stock": "Equity"},
}
DEFAULT_ACCOUNTS = {
    "default_receivable_account": "Debtors",
    "default_payable_account": "Creditors",
    "default_cash_account": "Cash",
    "default_income_account": "Sales",
    "write_off_account": "Write Off",
    "round_off_account": "Round Off",
    "exchange_gain_loss_account": "Exchange Gain/Loss",
}


class Company(Document):
    def validate(self) -> None:
        if not self.abbr:
            self.abbr = "".join(word[0] for word in self.company_name.split()).upper()
        if frappe.db.exists("Company", {"abbr": self.abbr, "name": ("!=", self.name)}):
            frappe.throw(_("Abbreviation already used for another company"))
        self.chart_of_accounts = self.chart_of_accounts or "Standard"
        for field in self.meta.fields:
            account = self.get(field.fieldname) if field.options == "Account" else None
            if not account:
                continue
            company, disabled, is_group = frappe.db.get_value(
                "Account", account, ["company", "disabled", "is_group"]
            )
            if company != self.name:
                frappe.throw(_("Account {0} does not belong to company: {1}").format(account, self.name))
            if disabled or is_group:
                frappe.throw(_("Account {0} is disabled or a group.").format(frappe.bold(account)))
            if get_account_currency(account) != self.default_currency:
                frappe.throw(
                    _("{0} currency must be same as company's default currency.").format(_(field.label))
                )

    def on_update(self) -> None:
        if not frappe.db.exists("Account", {"company": self.name}):
            self._make_accounts(CHART, None, None)
            self._make_warehouses()
        if not frappe.db.exists("Cost Center", {"company": self.name, "is_group": 0}):
            self._make_cost_centers()
        for field, account in DEFAULT_ACCOUNTS.items():
            if not self.get(field):
                self.db_set(field, self._own("Account", account))
        self._set_account_of_cash_payments()
        frappe.db.set_value("Currency", self.default_currency, "enabled", 1)
        frappe.clear_cache()

    def _own(self, doctype: str, label: str) -> str | None:
        name = f"{label} - {self.abbr}"
        return name if frappe.db.exists(doctype, name) else None

    def _make_accounts(self, accounts: dict, parent: str | None, root_type: str | None) -> None:
        for label, below in accounts.items():
            if label in ("root_type", "account_type"):
                continue
            is_group = isinstance(below, dict)
            account = frappe.get_doc(
                {
                    "doctype": "Account",
                    "account_name": label,
                    "company": self.name,
                    "parent_account": parent,
                    "is_group": int(is_group),
                    "root_type": below.get("root_type", root_type) if is_group else root_type,
                    "account_type": below.get("account_type", "") if is_group else below,
                    "account_currency": self.default_currency,
                }
            )
            account.flags.ignore_mandatory = True
            account.insert(ignore_permissions=True)
            if is_group:
                self._make_accounts(below, account.name, account.root_type)

    def _make_cost_centers(self) -> None:
        root = self._insert("Cost Center", cost_center_name=self.name, is_group=1)
        main = self._insert("Cost Center", cost_center_name="Main", is_group=0, parent_cost_center=root)
        self.db_set({"cost_center": main, "round_off_cost_center": main})

    def _make_warehouses(self) -> None:
        root = self._insert("Warehouse", warehouse_name="All Warehouses", is_group=1)
        self._insert("Warehouse", warehouse_name="Stores", is_group=0, parent_warehouse=root)

    def _insert(self, doctype: str, **values: object) -> str:
        document = frappe.get_doc({"doctype": doctype, "company": self.name, **values})
        document.flags.ignore_mandatory = True
        return document.insert(ignore_permissions=True).name

    def _set_account_of_cash_payments(self) -> None:
        cash = frappe.db.get_value("Mode of Payment", {"type": "Cash"})
        mine = {"parent": cash, "company": self.name}
        if cash and self.default_cash_account and not frappe.db.exists("Mode of Payment Account", mine):
            mode = frappe.get_doc("Mode of Payment", cash)
            mode.append("accounts", {"company": self.name, "default_account": self.default_cash_account})
            mode.save(ignore_permissions=True)
