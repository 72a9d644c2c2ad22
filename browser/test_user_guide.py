"""The paths of the user guide, walked one by one in a real Desk as a person walks them."""

from __future__ import annotations

import datetime as dt
import unittest
import uuid

from browser.desk import URL, Desk

ITEM, ROOM, PLAN = "Walk Membership", "Walk Meeting Room", "Walk Plan"


@unittest.skipUnless(URL, "SP_BENCH_URL names no bench")
class TestTheGuidesPaths(unittest.TestCase):
    """One browser walks them all; each walk makes what it needs and stands alone."""

    desk: Desk

    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = Desk()
        cls.addClassCleanup(cls.desk.close)
        desk = cls.desk
        desk.open("subscriptions")
        cls.company = desk.page.evaluate("() => frappe.defaults.get_default('company')")
        cls.today = dt.date.fromisoformat(desk.page.evaluate("() => frappe.datetime.get_today()"))
        desk.make(
            "Item Group", "Walk Offer", item_group_name="Walk Offer", parent_item_group="All Item Groups"
        )
        service = {"item_group": "Walk Offer", "stock_uom": "Nos", "is_stock_item": 0}
        desk.make("Item", ITEM, item_code=ITEM, sp_recurring=1, sp_recurrence_period="Monthly", **service)
        desk.make("Item", "Walk Fee", item_code="Walk Fee", **service)
        bookable = {"sp_bookable": 1, "sp_capacity": 4, "sp_booking_units": [{"uom": "Hour", "minutes": 60}]}
        desk.make("Item", ROOM, item_code=ROOM, **bookable, **service)
        desk.make(
            "SP Subscription Plan",
            PLAN,
            plan_name=PLAN,
            recurrence_period="Monthly",
            currency="EUR",
            lines=[{"item": ITEM, "qty": 1, "price_determination": "Fixed Rate", "fixed_rate": 25}],
        )

    def setUp(self) -> None:
        self.desk.errors.clear()

    def tearDown(self) -> None:
        self.assertEqual(self.desk.errors, [], "errors in the browser's console")

    def customer(self) -> str:
        name = f"Walk {uuid.uuid4().hex[:6]}"
        return self.desk.make(
            "Customer",
            customer_name=name,
            customer_type="Company",
            customer_group=self.desk.first("Customer Group", is_group=0),
            territory=self.desk.first("Territory", is_group=0),
        )

    def subscription(self, start: dt.date | None = None, **values) -> str:
        return self.desk.make(
            "SP Subscription",
            customer=values.pop("customer", None) or self.customer(),
            company=self.company,
            plan=PLAN,
            start_date=str(start or self.today),
            send_emails=0,
            **values,
        )

    def open(self, name: str) -> None:
        self.desk.open(f"sp-subscription/{name}")
        self.desk.page.wait_for_selector(".inner-group-button[data-label='Actions']:visible")

    # 1. Prerequisites

    def test_selling_leads_to_items_and_a_recurring_item_is_made(self) -> None:
        desk = self.desk
        desk.open("selling")
        desk.follow("Item", within=".layout-main-section:visible")
        self.assertIn("/app/item", desk.page.url)
        code = f"Walk {uuid.uuid4().hex[:6]}"
        desk.new("Item", item_code=code, item_group="Walk Offer", stock_uom="Nos", is_stock_item=0)
        desk.fill(sp_recurring=1, sp_plan=PLAN)
        desk.page.evaluate("() => cur_frm.scroll_to_field('sp_recurring')")
        desk.page.wait_for_timeout(1500)
        desk.picture("item-recurring")
        self.assertEqual(desk.save(), code)
        self.assertEqual((desk.value("sp_recurring"), desk.value("sp_plan")), (1, PLAN))

    def test_a_group_of_items_can_be_recurring(self) -> None:
        desk = self.desk
        desk.open("item-group/Walk Offer")
        desk.page.evaluate("() => cur_frm.scroll_to_field('sp_recurring')")
        self.assertTrue(desk.page.locator("[data-fieldname=sp_recurring]:visible").count())

    def test_the_forms_lead_through_themselves(self) -> None:
        desk = self.desk
        for route in ("item/new", "sp-subscription/new"):
            desk.open(route)
            desk.page.locator(".menu-btn-group:visible > button").first.click()
            desk.page.locator(".menu-btn-group .dropdown-menu.show").get_by_text("Show Tour").click()
            desk.page.wait_for_selector("#driver-popover-item, .driver-popover")
            desk.page.keyboard.press("Escape")
            desk.page.reload()
            desk.settle()

    # 2. Creating a subscription

    def test_an_order_with_a_recurring_item_makes_a_subscription(self) -> None:
        desk = self.desk
        name = desk.make(
            "Sales Order",
            customer=self.customer(),
            company=self.company,
            transaction_date=str(self.today),
            delivery_date=str(self.today),
            currency="EUR",
            items=[{"item_code": ITEM, "qty": 2, "rate": 25, "delivery_date": str(self.today)}],
        )
        desk.open(f"sales-order/{name}")
        desk.page.wait_for_selector(".form-message:has-text('makes a subscription'):visible")
        desk.picture("order-that-subscribes")
        desk.submit()
        subscription = desk.first("SP Subscription", sales_order=name)
        self.assertTrue(subscription)
        desk.open(f"sales-order/{name}")
        desk.page.evaluate(
            "() => cur_frm.dashboard.links_area && cur_frm.dashboard.links_area.wrapper[0].scrollIntoView()"
        )
        desk.page.wait_for_selector(".document-link[data-doctype='SP Subscription']", state="attached")
        self.open(subscription)
        self.assertEqual(desk.page.evaluate("() => cur_frm.doc.lines[0].qty"), 2)

    def test_selling_leads_to_subscriptions(self) -> None:
        desk = self.desk
        desk.open("subscriptions")
        below = desk.page.locator(".sidebar-item-container[item-parent='Selling'][item-name='Subscriptions']")
        self.assertEqual(below.count(), 1)
        desk.picture("workspace")

    def test_a_new_subscription_takes_the_customers_details_and_the_plans_lines(self) -> None:
        desk = self.desk
        customer = self.customer()
        desk.new("SP Subscription", customer=customer, plan=PLAN)
        self.assertEqual(desk.page.evaluate("() => cur_frm.doc.lines[0].item"), ITEM)
        desk.page.wait_for_selector(".sp-periods table")
        desk.picture("subscription-new")
        desk.save()
        self.assertEqual(desk.value("customer_name"), customer)
        self.assertIn("billed", desk.headline())

    def test_a_plan_is_not_needed(self) -> None:
        desk = self.desk
        desk.new("SP Subscription", customer=self.customer(), recurrence_period="Monthly")
        desk.page.evaluate(
            """async (item) => {
                const row = cur_frm.doc.lines[0] || cur_frm.add_child("lines");
                await frappe.model.set_value(row.doctype, row.name, {
                    item, qty: 1, price_determination: "Fixed Rate", fixed_rate: 12,
                });
            }""",
            ITEM,
        )
        desk.save()
        self.assertFalse(desk.value("plan"))
        self.assertEqual(desk.value("total"), 12)

    # 3. Cancelling

    def test_actions_cancel_subscription_with_a_date_and_prorata_and_undo(self) -> None:
        desk = self.desk
        self.open(self.subscription())
        last = str(self.today + dt.timedelta(days=10))
        desk.press("Cancel Subscription")
        desk.page.wait_for_selector(".modal.show [data-fieldname=prorate]")
        desk.picture("cancel-dialog")
        desk.answer(at="Date", date=last, prorate=1, reason="Moving away")
        self.assertEqual((desk.value("cancellation_date"), desk.value("prorate_last_invoice")), (last, 1))
        self.assertEqual(desk.value("cancellation_reason"), "Moving away")
        desk.page.wait_for_selector(".inner-group-button[data-label='Actions']:visible")
        desk.press("Undo Cancellation")
        desk.page.wait_for_function("() => !cur_frm.doc.cancellation_date")

    # 4.1 Settings: unit of measure, periodicity, frequency

    def test_a_recurrence_has_a_unit_of_measure_a_periodicity_and_a_frequency(self) -> None:
        desk = self.desk
        desk.new("SP Recurrence Period", title=f"Walk {uuid.uuid4().hex[:6]}")
        desk.fill(unit="Month", interval_count=2, billing_interval_uom="Nos")
        desk.picture("recurrence-period")
        desk.save()
        for field in ("unit", "interval_count", "billing_interval_uom"):
            self.assertTrue(desk.page.locator(f"[data-fieldname={field}]:visible").count(), field)

    # 4.2 Plans and the line's details

    def test_a_line_opens_with_price_determination_and_venue_management(self) -> None:
        desk = self.desk
        self.open(self.subscription())
        desk.page.evaluate("() => { cur_frm.fields_dict.lines.grid.grid_rows[0].toggle_view(true); }")
        desk.page.wait_for_selector(
            ".grid-row-open .form-in-grid .frappe-control[data-fieldname=price_determination]"
        )
        text = desk.page.locator(".grid-row-open").inner_text()
        for label in ("Price Determination", "Venue Management", "Booked Item"):
            self.assertIn(label.lower(), text.lower())
        desk.picture("line-dialog")
        desk.page.evaluate("() => { cur_frm.fields_dict.lines.grid.grid_rows[0].toggle_view(false); }")

    def test_a_line_holds_a_place_for_its_whole_life(self) -> None:
        desk = self.desk
        line = {
            "item": ITEM,
            "qty": 1,
            "price_determination": "Fixed Rate",
            "fixed_rate": 9,
            "booked_item": ROOM,
        }
        self.open(self.subscription(start=self.today + dt.timedelta(days=400), lines=[line]))
        self.assertEqual(desk.page.evaluate("() => cur_frm.doc.lines[0].booked_item"), ROOM)

    # 4.3 Payment

    def test_the_payment_tab_has_mode_method_and_templates(self) -> None:
        desk = self.desk
        self.open(self.subscription())
        desk.fill(send_emails=1)
        desk.page.locator(".nav-link[data-fieldname=payment_tab]:visible").click()
        desk.page.wait_for_selector(".frappe-control[data-fieldname=mode_of_payment]:visible")
        for field in (
            "mode_of_payment",
            "charge_automatically",
            "payment_request_template",
            "invoice_template",
        ):
            self.assertTrue(
                desk.page.locator(f".frappe-control[data-fieldname={field}]:visible").count(), field
            )
        desk.picture("payment-tab")
        desk.save()
        desk.press("Payment Method")
        desk.answer(mode_of_payment="Cash", charge_automatically=0)
        self.assertEqual((desk.value("mode_of_payment"), desk.value("charge_automatically")), ("Cash", 0))

    def test_a_customer_has_a_default_mode_of_payment(self) -> None:
        desk = self.desk
        customer = self.customer()
        desk.call(
            "frappe.client.set_value",
            doctype="Customer",
            name=customer,
            fieldname="sp_mode_of_payment",
            value="Cash",
        )
        self.open(self.subscription(customer=customer))
        self.assertEqual(desk.value("mode_of_payment"), "Cash")

    def test_an_e_mail_template_can_be_made(self) -> None:
        desk = self.desk
        desk.open("email-template/view/list")
        self.assertIn("Subscription Payment Request", desk.page.locator(".frappe-list").inner_text())

    # 4.4 Booking credits

    def test_credits_are_given_and_their_balance_is_followed(self) -> None:
        desk = self.desk
        kind = self.credit_type()
        customer = self.customer()
        until = str(self.today + dt.timedelta(days=90))
        desk.new("SP Booking Credit", customer=customer, credit_type=kind, quantity=4, valid_until=until)
        desk.save()
        self.assertEqual(desk.value("balance"), 4)
        desk.picture("booking-credit")
        desk.open("query-report/Booking Credit Balance")
        desk.page.wait_for_selector(".dt-scrollable, .report-wrapper")
        self.assertIn(customer, desk.page.locator(".page-container:visible").inner_text())

    # 5. and 6. Up to date, and the flow

    def test_update_now_ends_the_hour_and_the_flow_goes_on(self) -> None:
        desk = self.desk
        name = self.subscription(mode_of_payment="Cash")
        self.open(name)
        self.assertIn("it can be edited until", desk.headline())
        desk.picture("update-now")
        desk.press("Update Now", group=None)
        desk.page.wait_for_function("() => cur_frm.doc.billing_status === 'Awaiting Payment'")
        self.assertIn("to be paid", desk.headline())
        period = desk.first("SP Billing Period", subscription=name)
        desk.open(f"sp-billing-period/{period}")
        order, request = desk.value("sales_order"), desk.value("payment_request")
        self.assertTrue(order and request)
        payment = desk.call(
            "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry",
            dt="Sales Order",
            dn=order,
        )
        payment.update(reference_no="walk", reference_date=str(self.today))
        made = desk.call("frappe.client.insert", doc=payment)
        desk.open(f"payment-entry/{made['name']}")
        desk.submit()
        self.open(name)
        desk.press("Update Now", group=None)
        desk.page.wait_for_function("() => cur_frm.doc.billing_status === 'Up to Date'")
        self.assertIn("All that was billed is paid", desk.headline())
        desk.page.evaluate("() => cur_frm.scroll_to_field('periods_html')")
        desk.page.wait_for_timeout(1500)
        desk.picture("subscription-periods")
        invoice = desk.first("Sales Invoice", sp_subscription=name, docstatus=1)
        self.assertEqual(desk.first("Sales Invoice", "outstanding_amount", name=invoice), 0)
        self.assertIn(
            "period",
            desk.call(
                "frappe.www.printview.get_html_and_style",
                doc="Sales Invoice",
                name=invoice,
                print_format="Subscription Invoice",
            )["html"],
        )

    def test_pause_resume_and_skip(self) -> None:
        desk = self.desk
        self.open(self.subscription())
        desk.press("Pause")
        desk.answer(from_date=str(self.today))
        self.assertEqual(desk.value("status"), "Paused")
        desk.page.wait_for_selector(".inner-group-button[data-label='Actions']:visible")
        desk.press("Resume")
        desk.answer(on=str(self.today))
        self.assertEqual(desk.value("status"), "Active")
        desk.press("Skip Next Period")
        desk.page.locator(".modal.show .btn-primary").first.click()
        desk.page.wait_for_function("() => cur_frm.doc.breaks.some((row) => row.kind === 'Skip')")

    # 7. On the website

    def test_a_bookable_item_and_a_plan_are_published(self) -> None:
        desk = self.desk
        for route, page, title in (
            (f"item/{ROOM}", "book", ROOM),
            (f"sp-subscription-plan/{PLAN}", "plans", PLAN),
        ):
            desk.open(route)
            if "Unpublish" in desk.buttons():  # by an earlier walk
                self.take_off()
                desk.open(route)
            desk.press("Publish on Website")
            desk.answer(visible_to="Everyone")
            self.assertIn("See on Website", desk.buttons())
            desk.picture("publish")
            self.assertIn(title, desk.as_guest(page))
            self.take_off()
            self.assertNotIn(title, desk.as_guest(page))

    def take_off(self) -> None:
        self.desk.press("Unpublish")
        self.desk.page.locator(".modal.show .btn-primary:visible").first.click()
        self.desk.page.wait_for_selector(".modal.show", state="hidden")
        self.desk.settle()

    def test_an_item_has_several_units_it_is_booked_in(self) -> None:
        self.desk.open(f"item/{ROOM}")
        self.assertEqual(self.desk.page.evaluate("() => cur_frm.doc.sp_booking_units[0].uom"), "Hour")

    # 8. and 9. Repetition and contract

    def test_auto_repeat_is_there_beside_it(self) -> None:
        self.desk.open("auto-repeat/view/list")
        self.assertIn("Auto Repeat", self.desk.page.title())

    def test_a_contract_becomes_a_subscription(self) -> None:
        desk = self.desk
        end = str(self.today + dt.timedelta(days=364))
        contract = desk.make(
            "Contract",
            party_type="Customer",
            party_name=self.customer(),
            start_date=str(self.today),
            end_date=end,
            contract_terms="As agreed.",
        )
        desk.open(f"contract/{contract}")
        desk.press("Create Subscription")
        desk.answer(plan=PLAN)
        desk.page.wait_for_timeout(1000)
        name = desk.first("SP Subscription", contract=contract)
        self.open(name)
        self.assertEqual(desk.value("commitment_until"), end)

    # What people asked for beside

    def test_an_invoice_becomes_a_subscription(self) -> None:
        desk = self.desk
        invoice = desk.make(
            "Sales Invoice",
            customer=self.customer(),
            company=self.company,
            due_date=str(self.today),
            currency="EUR",
            items=[{"item_code": ITEM, "qty": 1, "rate": 25}],
        )
        desk.open(f"sales-invoice/{invoice}")
        desk.submit()
        desk.open(f"sales-invoice/{invoice}")
        desk.press("Create Subscription")
        desk.page.wait_for_selector(".modal.show [data-fieldname=plan]")
        desk.picture("invoice-to-subscription")
        desk.answer()
        desk.page.wait_for_function("() => cur_frm.doc.sp_subscription")

    def test_a_list_acts_on_many(self) -> None:
        desk = self.desk
        names = [self.subscription() for _ in range(2)]
        self.choose(names, "Pause")
        desk.answer(from_date=str(self.today))
        for name in names:
            desk.wait_for("SP Subscription", name, status="Paused")

    def test_a_bar_shows_how_far_an_action_over_many_is(self) -> None:
        desk = self.desk
        # The page asks every few seconds: the job must take longer.
        names = [self.subscription() for _ in range(18)]
        self.choose(names, "Update Now")
        desk.page.locator(".modal.show .btn-primary:visible").first.click()
        desk.page.wait_for_selector(".modal.show .progress-bar")
        desk.page.wait_for_selector(".modal.show .progress-bar", state="hidden")
        periods = desk.call(
            "frappe.client.get_list",
            doctype="SP Billing Period",
            filters={"subscription": ["in", names]},
            limit_page_length=50,
        )
        self.assertEqual(len(periods), len(names))

    def choose(self, names: list[str], verb: str) -> None:
        """Tick subscriptions in the list, and press a verb for all of them."""
        page = self.desk.page
        self.desk.open("sp-subscription/view/list")
        for name in names:
            page.locator(f".list-row-checkbox[data-name='{name}']").check()
        self.desk.picture("list")
        page.locator(".actions-btn-group:visible > button").click()
        page.locator(".actions-btn-group .dropdown-menu.show").get_by_text(verb, exact=True).click()

    def test_a_native_subscription_is_taken_over_after_a_dry_run(self) -> None:
        desk = self.desk
        plan = desk.first("Subscription Plan", item=ITEM) or desk.make(
            "Subscription Plan",
            plan_name=f"Walk Native {uuid.uuid4().hex[:6]}",
            item=ITEM,
            currency="EUR",
            price_determination="Fixed Rate",
            cost=25,
            billing_interval="Month",
            billing_interval_count=1,
        )
        native = desk.make(
            "Subscription",
            party_type="Customer",
            party=self.customer(),
            company=self.company,
            start_date=str(self.today),
            plans=[{"plan": plan, "qty": 2}],
        )
        desk.open("sp-subscription/view/list")
        desk.page.get_by_role("button", name="Take Over Earlier Subscriptions").click()
        box = desk.page.locator(f".modal.show input[data-name='{native}']")
        box.wait_for()
        for other in desk.page.locator(".modal.show input[data-name]:checked").all():
            if other.get_attribute("data-name") != native:
                other.uncheck()
        self.assertIsNone(desk.first("SP Subscription", imported_from=native), "a dry run makes nothing")
        desk.page.locator(".modal.show .btn-modal-primary").click()
        desk.page.wait_for_selector(".msgprint:visible")
        self.assertIn("1 subscriptions were taken over", desk.page.locator(".msgprint:visible").inner_text())
        self.assertTrue(desk.first("SP Subscription", imported_from=native))

    def test_reports_are_exported_and_printed(self) -> None:
        desk = self.desk
        desk.open("query-report/MRR Movements")
        desk.page.wait_for_selector(".dt-scrollable")
        desk.page.locator(".menu-btn-group:visible > button").first.click()
        desk.page.locator(".menu-btn-group .dropdown-menu.show").get_by_text("Export", exact=True).click()
        desk.page.wait_for_selector(".modal.show .btn-modal-primary:visible")
        desk.page.wait_for_function("() => window.cur_dialog && cur_dialog.fields_dict.file_format")
        desk.page.evaluate("() => cur_dialog.set_value('file_format', 'CSV')")
        with desk.page.expect_download() as download:
            desk.page.locator(".modal.show .btn-modal-primary:visible").click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        self.assertIn("At the Start", text)
        desk.open(f"sp-subscription/{self.subscription()}")
        desk.page.goto(
            f"{URL}/printview?doctype=SP%20Subscription&name={desk.page.evaluate('() => cur_frm.docname')}"
            "&format=Subscription%20Confirmation&no_letterhead=1"
        )
        self.assertIn(PLAN, desk.page.locator(".print-format").inner_text())

    def test_credits_are_imported_from_a_file(self) -> None:
        desk = self.desk
        customer, kind = self.customer(), self.credit_type()
        rows = (
            "Customer,Credit Type,Granted,Valid From,Origin",
            f"{customer},{kind},7,{self.today},Gift",
            f"{customer},{kind},-1,{self.today},Gift",
        )
        desk.new("Data Import", reference_doctype="SP Booking Credit", import_type="Insert New Records")
        desk.save()
        desk.page.locator("[data-fieldname=import_file]:visible .btn-attach").click()
        desk.page.locator(".modal.show .file-upload-area input[type=file]").first.set_input_files(
            {"name": "credits.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
        )
        desk.page.locator(".modal.show .btn-modal-primary:visible").click()
        desk.page.wait_for_function("() => cur_frm.doc.import_file && !cur_frm.is_dirty()")
        desk.settle()
        desk.page.locator(".page-actions:visible").get_by_text("Start Import", exact=True).click()
        desk.wait_for("Data Import", desk.page.evaluate("() => cur_frm.docname"), status="Partial Success")
        grants = desk.call(
            "frappe.client.get_list",
            doctype="SP Booking Credit",
            filters={"customer": customer},
            fields=["quantity", "balance"],
        )
        self.assertEqual(grants, [{"quantity": 7, "balance": 7}])

    def credit_type(self) -> str:
        return self.desk.make(
            "SP Booking Credit Type",
            "Walk Ticket",
            title="Walk Ticket",
            credits_per_unit=1,
            conversions=[{"item": ROOM, "uom": "Hour", "credits": 1}],
        )
