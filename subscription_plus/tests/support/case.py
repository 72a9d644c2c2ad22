"""The base of tests that need ERPNext's masters: they are there before the first test of the class."""

from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import masters


class ERPNextCase(FrappeTestCase):
    """Every test makes its own documents; the class' end rolls back what the tests did not commit."""

    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()


# What a DocType's test module hands to the bench's test runner as `test_ignore`: no sample records are made of
# these, the tests make their own (and ERPNext's own samples need its whole test set-up).
OTHER_RECORDS = [
    "Company",
    "Contact",
    "Contract",
    "Cost Center",
    "Currency",
    "Customer",
    "DocType",
    "Email Template",
    "Item",
    "Item Tax Template",
    "Letter Head",
    "Mode of Payment",
    "Payment Entry",
    "Payment Request",
    "Payment Terms Template",
    "Price List",
    "Project",
    "Role",
    "Sales Invoice",
    "Sales Order",
    "Sales Taxes and Charges Template",
    "Shipping Rule",
    "Tax Category",
    "Terms and Conditions",
    "UOM",
    "User",
    "Account",
]
