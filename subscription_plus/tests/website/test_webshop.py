"""The webshop app's item pages lead to plans and bookings. That app's own part stands in a loader of the test."""

import frappe
from jinja2 import ChoiceLoader, DictLoader

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import BillingCase, line, make_plan
from subscription_plus.tests.support.booking import make_room

PART = "templates/generators/item/item_add_to_cart.html"


class TestItemPages(BillingCase):
    def page(self, item: str) -> str:
        """What a visitor sees below the shop's own part."""
        environment = frappe.get_jenv()
        own = DictLoader({f"webshop/{PART}": "the shop's own"})
        before, environment.loader = environment.loader, ChoiceLoader([own, environment.loader])
        try:
            with self.set_user("Guest"):
                shown = environment.get_template(PART).render(doc=frappe._dict(item_code=item))
        finally:
            environment.loader = before
        self.assertIn("the shop's own", shown)
        return shown.replace("the shop's own", "").strip()

    def test_an_item_leads_to_the_published_plans_it_is_in(self) -> None:
        item = masters.make_item().name
        plan = make_plan(plan_name="Gold & Silver", lines=[line(30, item=item)], published=1)
        hidden = make_plan(lines=[line(30, item=item)])
        roles = make_plan(lines=[line(30, item=item)], published=1, visible_to="Logged In")
        other = make_plan(lines=[line(30)], published=1)
        shown = self.page(item)
        self.assertIn(f'/plans/{plan.route}"', shown)
        self.assertIn("Subscribe to Gold &amp; Silver", shown)
        for name in (hidden.plan_name, roles.plan_name, other.plan_name):
            self.assertNotIn(name, shown)

    def test_a_bookable_item_leads_to_its_booking_page(self) -> None:
        room = make_room(sp_published=1)
        self.assertIn(f"/book/{frappe.db.get_value('Item', room, 'sp_route')}", self.page(room))
        frappe.db.set_value("Item", room, "sp_published", 0)
        self.assertEqual(self.page(room), "")

    def test_other_items_stay_as_the_shop_shows_them(self) -> None:
        self.assertEqual(self.page(masters.make_item().name), "")
