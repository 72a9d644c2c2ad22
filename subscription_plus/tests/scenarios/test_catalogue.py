"""Stories about the catalogue: what stands on the website, for whom, at which price, and at what cost to the server."""

import frappe

from subscription_plus.api import actions
from subscription_plus.sp_billing import publishing
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import line, make_plan
from subscription_plus.tests.support.booking import HOUR, make_room, make_tickets
from subscription_plus.tests.support.pages import meta, structured, words
from subscription_plus.tests.support.queries import queries_of
from subscription_plus.tests.support.shop import ShopCase, priced_plan
from subscription_plus.website import catalogue


class TestPublishing(ShopCase):
    def test_a_published_plan_has_an_address_of_its_own(self) -> None:
        title = masters.unique("Été & Cie")
        first, second = make_plan(plan_name=title), make_plan(plan_name=title + "!")
        for plan in (first, second):
            publishing.publish(plan)
        self.assertTrue(first.route.startswith("ete-cie-"))
        self.assertEqual(second.route, first.route + "-2")
        second.route = first.route
        with self.assertRaises(frappe.ValidationError):
            second.save()

    def test_the_desk_offers_what_can_be_done(self) -> None:
        plan = make_plan()
        self.assertEqual(self.labels(plan), ["Publish on Website"])
        publishing.publish(plan)
        self.assertEqual(self.labels(plan), ["See on Website", "Unpublish"])
        room = frappe.get_doc("Item", make_room(sp_published=0))
        self.assertEqual(self.labels(room), ["Publish on Website"])
        self.assertEqual(self.labels(masters.make_item()), [])

    def labels(self, doc) -> list[str]:
        return [action["label"] for action in actions.of(doc.doctype, doc.name)]

    def test_the_cart_keeps_its_address(self) -> None:
        room = frappe.get_doc("Item", make_room())
        room.update({"sp_published": 1, "sp_route": "cart"})
        with self.assertRaises(frappe.ValidationError):
            room.save()


class TestWhoSeesIt(ShopCase):
    def test_what_is_not_published_is_not_found(self) -> None:
        plan = priced_plan(published=0, route="hidden-" + frappe.generate_hash(length=8))
        room = frappe.get_doc("Item", make_room(sp_published=0))
        room.sp_route = "hidden-" + frappe.generate_hash(length=8)
        room.save()
        self.commit()
        for path in (f"/plans/{plan.route}", f"/plans/{plan.route}/subscribe", f"/book/{room.sp_route}"):
            self.see(path, 404)
        self.assertNotIn(plan.plan_name, self.see("/plans"))

    def test_a_plan_for_those_who_are_logged_in(self) -> None:
        plan = priced_plan(visible_to="Logged In")
        self.commit()
        self.see(f"/plans/{plan.route}", 403)
        self.assertNotIn(plan.plan_name, self.see("/plans"))
        self.log_in(self.user)
        self.assertIn(plan.plan_name, self.see("/plans"))
        self.see(f"/plans/{plan.route}")

    def test_a_plan_for_a_role(self) -> None:
        role = frappe.get_doc({"doctype": "Role", "role_name": masters.unique("SP Role"), "desk_access": 0})
        role.insert()
        plan = priced_plan(visible_to="Roles", visible_roles=[{"role": role.name}])
        self.commit()
        self.log_in(self.user)
        self.see(f"/plans/{plan.route}", 404)
        self.assertNotIn(plan.plan_name, self.see("/plans"))
        user = frappe.get_doc("User", self.user)
        user.append_roles(role.name)
        user.save()
        self.commit()
        self.assertIn(plan.plan_name, self.see("/plans"))
        self.see(f"/plans/{plan.route}")


class TestPrices(ShopCase):
    def test_prices_are_the_visitors_own(self) -> None:
        plan = priced_plan(40)
        special = frappe.get_doc(
            {
                "doctype": "Price List",
                "price_list_name": masters.unique("SP Members"),
                "currency": masters.CURRENCY,
                "selling": 1,
                "enabled": 1,
            }
        ).insert()
        masters.make_item_price(plan.lines[0].item, 25, price_list=special.name)
        frappe.db.set_value("Customer", self.customer, "default_price_list", special.name)
        self.commit()
        self.assertIn("€40.00", self.see(f"/plans/{plan.route}"))
        self.assertIn("€40.00", self.see("/plans"))
        self.log_in(self.user)
        for path in (f"/plans/{plan.route}", "/plans"):
            text = self.see(path)
            self.assertIn("€25.00", text)
            self.assertNotIn("€40.00", text)

    def test_a_plan_without_a_price_is_asked_for(self) -> None:
        plan = make_plan(published=1, lines=[line(None)])
        self.commit()
        text = self.see(f"/plans/{plan.route}")
        self.assertIn("Ask us for the price", text)
        self.assertNotIn("offers", structured(text))

    def test_search_engines_read_the_offer(self) -> None:
        plan = priced_plan(40, description="<p>Two </script> desks</p>", minimum_term=3)
        self.commit()
        text = self.see(f"/plans/{plan.route}")
        about = structured(text)
        self.assertEqual((about["@type"], about["name"]), ("Product", plan.plan_name))
        self.assertEqual((about["offers"]["price"], about["offers"]["priceCurrency"]), ("40.00", "EUR"))
        self.assertIn("Minimum term 3 months", words(text))
        self.assertEqual(meta(text)["og:title"], plan.plan_name)
        self.assertIn(f"<title>{plan.plan_name}", text)

    def test_a_place_says_what_each_unit_costs(self) -> None:
        room = frappe.get_doc("Item", make_room())
        make_tickets(room.name)
        masters.make_item_price(room.name, 15, uom=HOUR)
        room.sp_published = 1
        room.save()
        self.commit()
        text = words(self.see("/book"))
        self.assertIn("Hour €15.00", text)
        self.assertIn("2 SP Credits", text)


class TestCost(ShopCase):
    def queries(self, work) -> int:
        work()  # what is cached after the first visitor
        return queries_of(work)

    def test_many_plans_cost_as_many_queries_as_one(self) -> None:
        priced_plan(item_group=masters.ITEM_GROUP)
        one = self.queries(catalogue.plans)
        for _number in range(8):
            priced_plan(item_group=masters.ITEM_GROUP)
        self.assertEqual(self.queries(catalogue.plans), one)
        self.assertLessEqual(one, 12)

    def test_many_places_cost_as_many_queries_as_one(self) -> None:
        def publish() -> None:
            room = frappe.get_doc("Item", make_room())
            make_tickets(room.name)
            room.sp_published = 1
            room.save()

        publish()
        one = self.queries(catalogue.items)
        for _number in range(6):
            publish()
        self.assertEqual(self.queries(catalogue.items), one)
        self.assertLessEqual(one, 12)
