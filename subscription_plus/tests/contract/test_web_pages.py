"""What the website's pages rely on: routes with arguments, what a page's context turns into, refusals, trees' order."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.pages import meta
from subscription_plus.tests.support.web import WebTestCase


class TestPages(WebTestCase):
    """Through pages of the app, which are the only ones both hosts have."""

    def test_a_route_with_an_argument_reaches_its_page_and_a_fixed_one_comes_first(self) -> None:
        for path in ("/plans/no-such-plan", "/plans/no-such-plan/subscribe", "/book/no-such-place"):
            with self.subTest(path):
                self.assertEqual(self.ask("GET", path).status_code, 404)
        self.assertEqual(self.ask("GET", "/plans/no-such-plan/and/more").status_code, 404)
        cart = self.ask("GET", "/book/cart")  # not the place of that name
        self.assertEqual(cart.status_code, 302)
        self.assertEqual(cart.headers["Location"], "/login?redirect-to=/book/cart")

    def test_a_folder_is_answered_by_its_index(self) -> None:
        self.assertEqual(self.ask("GET", "/plans").status_code, 200)

    def test_metatags_of_the_context_are_printed_and_repeated_for_open_graph(self) -> None:
        tags, said = meta(self.ask("GET", "/plans").text), "Choose a plan and subscribe online."
        self.assertEqual((tags["description"], tags["og:description"]), (said, said))
        self.assertEqual((tags["og:title"], tags["og:type"]), ("Our plans", "website"))
        self.assertEqual(tags["twitter:card"], "summary")

    def test_what_a_template_puts_into_the_head_is_there_before_the_body(self) -> None:
        head = self.ask("GET", "/plans").text.split("<body")[0]
        self.assertIn('<script type="application/ld+json">', head)

    def test_a_page_without_cache_is_made_for_each_visitor(self) -> None:
        guest = self.ask("GET", "/plans").text
        self.log_in(self.website_user)
        self.assertIn("Log", guest)
        self.assertIn("csrf_token", self.ask("GET", "/plans").text)
        self.assertNotIn(self.website_user, guest)

    def test_a_page_takes_no_other_verbs(self) -> None:
        self.assertIn(self.ask("PUT", "/plans").status_code, (403, 404, 405))


class TestTrees(WebTestCase):
    def test_groups_are_ordered_as_in_the_tree(self) -> None:
        masters.ensure()
        parent = self.group(masters.unique("SP Z"), "All Item Groups", is_group=1)
        last = self.group(masters.unique("SP B"), "All Item Groups")
        child = self.group(masters.unique("SP C"), parent)
        names = frappe.get_all(
            "Item Group", filters={"name": ("in", [parent, last, child])}, order_by="lft", pluck="name"
        )
        self.assertEqual(names, [parent, child, last])

    def group(self, name: str, parent: str, **values) -> str:
        doc = {"doctype": "Item Group", "item_group_name": name, "parent_item_group": parent}
        return frappe.get_doc({**doc, **values}).insert().name
