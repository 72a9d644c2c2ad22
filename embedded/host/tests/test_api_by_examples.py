"""The API under made-up requests, right and wrong ones, by guests, customers and staff: no crash, no answer but the
described ones. Wrong ones leave arguments out, and send other types than described. Here alone: what the description
says is the same on a bench."""

from collections.abc import Iterable
from threading import Thread
from time import monotonic
from typing import Any
from unittest import mock

import frappe
import schemathesis
from frappe.app import application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from subscription_plus.api.subscriptions import update_now
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import make_plan, make_subscription, periods_of
from subscription_plus.tests.support.booking import HALF_DAY, give, make_room, make_tickets, make_user
from subscription_plus.tests.support.case import ERPNextCase
from subscription_plus.tests.support.web import make_keys
from subscription_plus.tests.support.web import make_user as make_desk_user

DESCRIPTION = "/api/method/subscription_plus.api.openapi.describe"
EXAMPLES = 5
# On a busy machine, operations that come later than this are tried once each.
PATIENCE_SECONDS = 40
# No request takes so long: one that does fails the test instead of stopping it.
LONGEST_REQUEST_SECONDS = 60
# No verb takes all of these for the same argument: texts, numbers, lists, objects and nothing.
WRONG = ([], [[]], {}, {"x": [1]}, ["x", 1], None, True, "", "x", "{", "-1", -1, 2.5, 1e300, 10**30, "\u0000")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


class TestByExamples(ERPNextCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        frappe.set_user("Administrator")
        cls.site = frappe.local.site
        cls.known = cls.make_data()
        staff = make_desk_user(f"{frappe.generate_hash(length=8)}@example.com", ["System Manager"])
        roles = {"customer": cls.customer_user, "staff": staff}
        cls.headers = {role: "token " + ":".join(make_keys(user)) for role, user in roles.items()}
        frappe.db.commit()
        cls.schema = schemathesis.openapi.from_wsgi(DESCRIPTION, cls.apart)

    @classmethod
    def make_data(cls) -> dict[str, list[Any]]:
        """What exists, by the names of arguments: made-up names alone would come to nothing but refusals."""
        customer = masters.make_customer().name
        cls.customer_user = make_user(customer)
        room = make_room()
        tickets = make_tickets(room)
        plan = make_plan(published=1)
        subscription = make_subscription(frappe.utils.nowdate(), customer=customer, plan=plan.name)
        update_now(subscription.name)
        period = periods_of(subscription)[0]
        day = frappe.utils.add_days(frappe.utils.nowdate(), 3)
        return {
            "customer": [customer],
            "subscription": [subscription.name],
            "subscriptions": [[subscription.name]],
            "line": [subscription.lines[0].name],
            "plan": [plan.name],
            "item": [room],
            "items": [room],
            "uom": [HALF_DAY],
            "credit_type": [tickets],
            "booking_credit": [give(customer, tickets, 20)],
            "billing_period": [period.name],
            "payment_request": [period.payment_request],
            "first": [str(day)],
            "starts_on": [f"{day} 09:00:00"],
            "ends_on": [f"{day} 13:00:00"],
            "user": [cls.customer_user],
            "to_user": [cls.customer_user],
            "doctype": ["SP Subscription", "SP Subscription Plan"],
            "name": [subscription.name, plan.name],
        }

    @classmethod
    def apart(cls, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The application in a thread of its own, as a server runs it: this thread keeps its connection."""
        kept: dict[str, Any] = {}

        def answer() -> None:
            def start(status: str, headers: list, exc_info: Any = None) -> Any:
                kept.update(status=status, headers=headers)
                return lambda data: None

            with mock.patch("frappe.app.get_site_name", return_value=cls.site):
                body = application(environ, start)
                kept["body"] = b"".join(body)
                body.close()

        thread = Thread(target=answer, daemon=True)
        thread.start()
        thread.join(LONGEST_REQUEST_SECONDS)
        if thread.is_alive():
            raise TimeoutError(f"{environ['PATH_INFO']} does not answer")
        start_response(kept["status"], kept["headers"])
        return [kept["body"]]

    def try_operation(self, operation: Any, role: str, wrong: bool, examples: int) -> None:
        headers = {"Authorization": self.headers[role]} if role in self.headers else {}

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), known=st.booleans(), draw=st.data())
        def one(case: Any, known: bool, draw: st.DataObject) -> None:
            if known or wrong:
                self.use_what_exists(case)
            if wrong:
                self.spoil(case, draw)
            case.headers = {**(case.headers or {}), **headers}
            case.validate_response(case.call(), checks=CHECKS)

        one()

    def use_what_exists(self, case: Any) -> None:
        for part in (case.body, case.query):
            if isinstance(part, dict):
                part.update({name: self.known[name][0] for name in part if name in self.known})

    def spoil(self, case: Any, draw: st.DataObject) -> None:
        """Leave one argument out, or send it as something else."""
        part = case.body if isinstance(case.body, dict) else case.query
        if part:
            name = draw.draw(st.sampled_from(sorted(part)))
            if draw.draw(st.booleans()):
                del part[name]
            else:
                part[name] = draw.draw(st.sampled_from(WRONG))

    def operations(self) -> list[Any]:
        return [result.ok() for result in self.schema.get_all_operations()]

    def try_all(self, role: str, wrong: bool = False) -> None:
        problems, until = [], monotonic() + PATIENCE_SECONDS
        with mock.patch("frappe.rate_limiter._count"):  # the limits are tested by themselves
            for operation in self.operations():
                try:
                    self.try_operation(operation, role, wrong, EXAMPLES if monotonic() < until else 1)
                except (FailureGroup, Failure) as failure:
                    problems.append(f"{operation.label}: {failure}")
        self.assertEqual(problems, [], "\n\n".join(problems))

    def test_guests_meet_no_crash_and_no_answer_but_the_described_ones(self) -> None:
        self.try_all("guest")

    def test_nor_do_customers(self) -> None:
        self.try_all("customer")

    def test_nor_do_staff(self) -> None:
        self.try_all("staff")

    def test_wrong_requests_of_customers_are_refused_without_a_crash(self) -> None:
        self.try_all("customer", wrong=True)

    def test_wrong_requests_of_staff_are_refused_without_a_crash(self) -> None:
        self.try_all("staff", wrong=True)

    def test_every_endpoint_is_tried(self) -> None:
        self.assertGreater(len(self.operations()), 60)
