"""The base of tests that need ERPNext's masters: they are there before the first test of the class."""

from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import masters


class ERPNextCase(FrappeTestCase):
    """Every test makes its own documents; the class' end rolls back what the tests did not commit."""

    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()
